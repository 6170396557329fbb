import { useMutation, useQuery } from "@tanstack/react-query";
import type { KeyedComparison } from "@wanlian/client/sheets/index.js";
import { countText } from "@wanlian/words/index.js";
import { Alert, Button, Form, Select } from "antd";
import { useRef, useState } from "react";
import { useWords } from "../../app/language.ts";
import { Asked } from "../../parts/asked.tsx";
import { Card } from "../../parts/card.tsx";
import { CsvDrop } from "../../parts/csv-drop.tsx";
import { Failure } from "../../parts/failure.tsx";
import { Heading } from "../../parts/heading.tsx";
import { NoGrants } from "../../parts/no-grants.tsx";
import { RecordSaid } from "../../parts/record-said.tsx";
import { SigningWaits } from "../../parts/signing-waits.tsx";
import type { SignedAccess } from "../../session/access.ts";
import { compareOwn, type OwnFile, openOwnFile } from "../../session/checking/comparison.ts";
import { type OwnGrant, useNewestRelease, useOwnGrants } from "../../session/grants.ts";
import { useDatasetNames } from "../../session/ledger.ts";
import { useOfficer } from "../../session/session.tsx";
import { Compared } from "./compared.tsx";

/** 多源比对 between departments: a file of one's own against another's release, by keyed digests, without either's data. */
export function Comparison() {
  const { t } = useWords();
  const grants = useOwnGrants();
  return (
    <>
      <Heading title={t("compare.title")} />
      <div className="stack">
        <p>{t("compare.what")}</p>
        <Asked query={grants}>
          {({ items }) => {
            const fit = items.filter(({ state }) => state.purpose === "verification");
            return fit.length === 0 ? <NoGrants why={t("compare.none")} /> : <Choosing grants={fit} />;
          }}
        </Asked>
      </div>
    </>
  );
}

function Choosing({ grants }: { readonly grants: readonly OwnGrant[] }) {
  const { t } = useWords();
  const names = useDatasetNames();
  const [chosen, setChosen] = useState<string>();
  const [file, setFile] = useState<File>();
  const grant = grants.find((found) => found.case === chosen);
  const release = useNewestRelease(grant?.state.dataset);
  return (
    <>
      <Card>
        <Form layout="vertical">
          <Form.Item label={t("data.grant")} htmlFor="grant">
            <Select
              id="grant"
              value={chosen}
              onChange={setChosen}
              options={grants.map(({ case: id, state: { dataset, scenario } }) => ({
                value: id,
                label: `${names.get(dataset) ?? dataset} · ${scenario}`,
              }))}
            />
          </Form.Item>
        </Form>
        {release.data === null ? <Alert type="info" showIcon title={t("catalogue.noRelease")} /> : null}
        {release.error === null ? null : <Failure error={release.error} />}
        {grant === undefined || !release.data ? null : <CsvDrop words={t("compare.drop")} onFile={setFile} />}
      </Card>
      {grant === undefined || !release.data || file === undefined ? null : (
        <Opened
          key={`${grant.case} ${file.name} ${file.lastModified}`}
          grant={grant}
          release={release.data}
          file={file}
        />
      )}
    </>
  );
}

interface Wanted {
  readonly grant: OwnGrant;
  readonly release: string;
}

function Opened({ file, ...wanted }: Wanted & { readonly file: File }) {
  const opened = useQuery({
    queryKey: ["own-file", file.name, file.size, file.lastModified],
    retry: false,
    staleTime: Infinity,
    gcTime: 0,
    queryFn: () => openOwnFile(file),
  });
  return <Asked query={opened}>{(own) => <WithFile {...wanted} file={own} />}</Asked>;
}

/** What rows are known by, what is compared, what the record will say; then the comparison itself. */
function WithFile({ grant, release, file }: Wanted & { readonly file: OwnFile }) {
  const { t } = useWords();
  const officer = useOfficer();
  const common = file.fields.filter((field) => grant.state.grant?.fields.includes(field));
  const [by, setBy] = useState<readonly string[]>([]);
  const [left, setLeft] = useState<readonly string[]>();
  const fields = (left ?? common).filter((field) => !by.includes(field));
  const [came, setCame] = useState(0);
  const running = useRef<AbortController>(undefined);
  const comparing = useMutation<KeyedComparison, Error>({
    mutationFn: () => {
      const control = new AbortController();
      running.current = control;
      setCame(0);
      const access: SignedAccess = {
        ...{ grant: grant.case, state: grant.state, release, way: "comparison", by },
        fields: [...by, ...fields],
      };
      return compareOwn({ file, by, fields, access }, officer, setCame, control.signal);
    },
  });
  const isGivenUp = comparing.error?.name === "AbortError";
  if (common.length < A_KEY_AND_A_FIELD)
    return <Alert type="warning" showIcon role="alert" title={t("compare.nothingCommon", { file: file.name })} />;
  const options = common.map((value) => ({ value, label: value }));
  return (
    <>
      <Card title={<h2 className="card-title">{t("compare.fields", { file: file.name })}</h2>}>
        <Form layout="vertical" disabled={comparing.isPending}>
          <Form.Item label={t("compare.by")} htmlFor="by">
            <Select
              id="by"
              mode="multiple"
              value={[...by]}
              onChange={(chosen) => {
                setBy(chosen);
                comparing.reset();
              }}
              options={options}
            />
          </Form.Item>
          <Form.Item label={t("compare.with")} htmlFor="fields">
            <Select
              id="fields"
              mode="multiple"
              value={[...fields]}
              onChange={(chosen) => {
                setLeft(chosen);
                comparing.reset();
              }}
              options={options.filter(({ value }) => !by.includes(value))}
            />
          </Form.Item>
        </Form>
        <RecordSaid state={grant.state} fields={[...by, ...fields]} way="comparison" title={t("data.record")} />
        <div className="stack">
          {comparing.isPending ? <SigningWaits /> : null}
          <div className="row" role="status">
            <Button
              type="primary"
              disabled={by.length === 0 || fields.length === 0}
              loading={comparing.isPending}
              onClick={() => comparing.mutate()}
            >
              {t("compare.begin")}
            </Button>
            {comparing.isPending ? (
              <>
                <Button onClick={() => running.current?.abort()}>{t("compare.stop")}</Button>
                <span className="quiet">{t("compare.came", { count: countText(came) })}</span>
              </>
            ) : null}
          </div>
          {isGivenUp ? <Alert type="info" showIcon title={t("compare.stopped")} /> : null}
          {comparing.error === null || isGivenUp ? null : <WhyNot error={comparing.error} />}
        </div>
      </Card>
      {comparing.data === undefined ? null : <Compared by={by} found={comparing.data} />}
    </>
  );
}

/** Less, and there is nothing to compare. */
const A_KEY_AND_A_FIELD = 2;

/** Rows of one's own that the key does not tell apart are named; of the rest the node says why. */
function WhyNot({ error }: { readonly error: Error }) {
  const { t } = useWords();
  const rows: unknown = Reflect.get(Object(Reflect.get(error, "details")), "sameKey");
  if (!Array.isArray(rows)) return <Failure error={error} />;
  const [first, second] = rows.map((row) => Number(row) + 1);
  return (
    <Alert
      type="error"
      showIcon
      role="alert"
      title={t("compare.sameKey", { first: first ?? 0, second: second ?? 0 })}
    />
  );
}
