import { useMutation } from "@tanstack/react-query";
import { Alert, Button, Form, Input, Radio, Select } from "antd";
import { useState } from "react";
import { useWords } from "../app/language.ts";
import { Asked } from "../parts/asked.tsx";
import { Card } from "../parts/card.tsx";
import { Failure } from "../parts/failure.tsx";
import { GivenRows } from "../parts/given-rows.tsx";
import { Heading } from "../parts/heading.tsx";
import { NoGrants } from "../parts/no-grants.tsx";
import { RecordSaid } from "../parts/record-said.tsx";
import { SigningWaits } from "../parts/signing-waits.tsx";
import {
  type Access,
  type AccessAnswer,
  type AccessWay,
  askForData,
  DOWNLOAD_FORMS,
  type DownloadForm,
  download,
  keepAnswer,
} from "../session/access.ts";
import { grantOn, type OwnGrant, useCovered, useNewestRelease, useOwnGrants } from "../session/grants.ts";
import { useDatasetNames } from "../session/ledger.ts";
import { useOfficer } from "../session/session.tsx";

const WAYS: readonly AccessWay[] = ["lookup", "verification", "download"];

/** Data within a grant of the own department: what the record will say is shown before it is asked for. */
export function Data() {
  const { t } = useWords();
  const grants = useOwnGrants();
  return (
    <>
      <Heading title={t("data.title")} />
      <Asked query={grants}>
        {({ items }) => (items.length === 0 ? <NoGrants why={t("data.grant.none")} /> : <WithGrants grants={items} />)}
      </Asked>
    </>
  );
}

function WithGrants({ grants }: { readonly grants: readonly OwnGrant[] }) {
  const { t, words } = useWords();
  const names = useDatasetNames();
  const officer = useOfficer();
  const [chosen, setChosen] = useState<string>();
  const [way, setWay] = useState<AccessWay>("lookup");
  const [subject, setSubject] = useState<Readonly<Record<string, string>>>({});
  const grant = grants.find((found) => found.case === chosen);
  const [dataset, setDataset] = useState<string>();
  const covered = useCovered(grant).data ?? [];
  const on = covered.find((one) => one.dataset === dataset);
  const state = grant && grantOn(grant.state, on);
  const release = useNewestRelease(state?.dataset);
  const access: Access | undefined =
    grant === undefined || state === undefined || !release.data
      ? undefined
      : { grant: grant.case, state, release: release.data, way, subject };
  const [form, setForm] = useState<DownloadForm>("csv");
  const asking = useMutation<AccessAnswer, Error, Access>({
    mutationFn: (asked) => (asked.way === "download" ? download(asked, form, officer) : askForData(asked, officer)),
  });
  return (
    <div className="stack">
      <Card>
        <Form layout="vertical">
          <Form.Item label={t("data.grant")} htmlFor="grant">
            <Select
              id="grant"
              value={chosen}
              onChange={(id) => {
                setChosen(id);
                setDataset(undefined);
                setSubject({});
                asking.reset();
              }}
              options={grants.map(({ case: id, state: { dataset, scenario } }) => ({
                value: id,
                label: `${names.get(dataset) ?? dataset} · ${scenario}`,
              }))}
            />
          </Form.Item>
          {covered.length < 2 ? null : (
            <Form.Item label={t("data.ofClass")} htmlFor="dataset">
              <Select
                id="dataset"
                value={dataset ?? grant?.state.dataset}
                onChange={(id) => {
                  setDataset(id);
                  setSubject({});
                  asking.reset();
                }}
                options={covered.map(({ dataset: id, name }) => ({ value: id, label: name }))}
              />
            </Form.Item>
          )}
          <Form.Item label={t("data.way")}>
            <Radio.Group
              value={way}
              onChange={({ target }) => {
                setWay(target.value);
                asking.reset();
              }}
              options={WAYS.map((value) => ({ value, label: words.way(value) }))}
            />
          </Form.Item>
          {way === "download" ? (
            <Form.Item label={t("data.form")} extra={t("data.form.why")}>
              <Radio.Group
                value={form}
                onChange={({ target }) => setForm(target.value)}
                options={DOWNLOAD_FORMS.map((value) => ({ value, label: t(`data.form.${value}`) }))}
              />
            </Form.Item>
          ) : null}
          {state === undefined || way === "download" ? null : (
            <fieldset className="fields">
              <legend>{t("data.subject")}</legend>
              {(state.grant?.fields ?? []).map((field) => (
                <Form.Item key={field} label={<span className="plain">{field}</span>} htmlFor={`subject-${field}`}>
                  <Input
                    id={`subject-${field}`}
                    value={subject[field] ?? ""}
                    onChange={({ target }) => {
                      setSubject({ ...subject, [field]: target.value });
                      asking.reset();
                    }}
                  />
                </Form.Item>
              ))}
            </fieldset>
          )}
        </Form>
      </Card>
      {access === undefined ? null : (
        <Card title={<h2 className="card-title">{t("data.record")}</h2>}>
          <div className="stack">
            <RecordSaid state={access.state} fields={access.state.grant?.fields} way={way} />
            {asking.isPending ? <SigningWaits /> : null}
            {asking.error === null ? null : <Failure error={asking.error} />}
            <div>
              <Button type="primary" loading={asking.isPending} onClick={() => asking.mutate(access)}>
                {t("data.ask")}
              </Button>
            </div>
            {asking.data === undefined ? null : <Answer answer={asking.data} />}
          </div>
        </Card>
      )}
    </div>
  );
}

function Answer({ answer }: { readonly answer: AccessAnswer }) {
  const { t } = useWords();
  if (answer.kind === "saved")
    return <Alert type="success" showIcon title={t("data.saved", { count: answer.bytes })} />;
  return (
    <section aria-label={t("data.answer")}>
      <GivenRows given={answer.given} />
      <p className="quiet">
        {t("data.recorded")} <code>{answer.kept.record}</code>
      </p>
      <Button onClick={() => keepAnswer(answer.kept)}>{t("data.keep")}</Button>
    </section>
  );
}
