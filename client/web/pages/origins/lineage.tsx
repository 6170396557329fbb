import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { Alert, Button, Select } from "antd";
import { lazy, Suspense, useState } from "react";
import { useWords } from "../../app/language.ts";
import { Asked } from "../../parts/asked.tsx";
import { Card } from "../../parts/card.tsx";
import { Heading } from "../../parts/heading.tsx";
import { ReportButton } from "../../parts/proof/report-button.tsx";
import { TakeHome } from "../../parts/proof/take-home.tsx";
import { API_ROOT, answered, api } from "../../session/api.ts";
import type { Lineage as Answer } from "./entries.ts";
import { FieldTable } from "./field-table.tsx";
import { ReleaseTable } from "./release-table.tsx";

const Picture = lazy(() => import("./picture.tsx"));

/** Steps that can be chosen; the last is as far as a node follows. */
const DEPTHS = [1, 3, 5, 10, 50] as const;
/** Forms that other systems read: the last part of an address, and what it is called everywhere. */
const FORMS = [
  ["prov-json", "PROV-JSON"],
  ["prov-n", "PROV-N"],
  ["openlineage", "OpenLineage"],
] as const;

/** Where a release or a product came from and went to: a picture, and the same as tables. */
export function Lineage() {
  const { t } = useWords();
  const { release = "" } = useParams({ strict: false });
  const [depth, setDepth] = useState<number>(5);
  const [field, setField] = useState<string>();
  const lineage = useQuery({
    queryKey: ["lineage", release, depth, field],
    placeholderData: (before) => before,
    queryFn: () =>
      answered(
        api.GET("/releases/{case}/lineage", {
          params: { path: { case: release }, query: { depth, ...(field === undefined ? {} : { field }) } },
        }),
      ),
  });
  const root = lineage.data?.releases.find((one) => one.release === release);
  const title = root === undefined ? t("lineage.title") : `${t("lineage.title")} ${root.name}`;
  return (
    <>
      <Heading title={title} />
      <div className="stack">
        <div className="row no-print">
          <span className="row">
            {t("lineage.depth")}
            <Select
              aria-label={t("lineage.depth")}
              value={depth}
              onChange={setDepth}
              options={DEPTHS.map((value) => ({ value, label: String(value) }))}
            />
          </span>
          <span className="row">
            {t("lineage.field")}
            <Select<string>
              aria-label={t("lineage.field")}
              className="pick"
              allowClear
              showSearch
              value={field ?? null}
              onChange={(chosen: string | undefined) => setField(chosen ?? undefined)}
              options={(root?.fields ?? []).map((value) => ({ value, label: value }))}
            />
          </span>
          <Button onClick={() => print()}>{t("case.print")}</Button>
          <ReportButton release={release} depth={depth} />
          <TakeHome question={{ kind: "lineage", release, depth }} />
          {FORMS.map(([form, name]) => (
            <Button key={form} href={`${API_ROOT}/releases/${release}/lineage/${form}?depth=${depth}`} download>
              {name}
            </Button>
          ))}
        </div>
        <Asked query={lineage}>{(found) => <Shown lineage={found} />}</Asked>
      </div>
    </>
  );
}

function Shown({ lineage }: { readonly lineage: Answer }) {
  const { t } = useWords();
  const { up, down } = lineage.further;
  const counted = ({ releases, departments }: typeof up) => ({ releases, departments });
  return (
    <>
      {up.releases === 0 ? null : <Alert type="info" showIcon title={t("lineage.further.up", counted(up))} />}
      {down.releases === 0 ? null : <Alert type="info" showIcon title={t("lineage.further.down", counted(down))} />}
      {lineage.complete ? null : <Alert type="warning" showIcon title={t("lineage.incomplete")} />}
      <Card title={<h2 className="card-title">{t("lineage.picture")}</h2>}>
        <Suspense>
          <Picture lineage={lineage} />
        </Suspense>
      </Card>
      {lineage.fieldLinks === undefined ? null : (
        <Card title={<h2 className="card-title">{t("lineage.fields")}</h2>}>
          <FieldTable lineage={lineage} />
        </Card>
      )}
      <Card title={<h2 className="card-title">{t("lineage.table")}</h2>}>
        <ReleaseTable lineage={lineage} />
      </Card>
    </>
  );
}
