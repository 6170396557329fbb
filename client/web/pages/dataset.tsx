import { dayText } from "@wanlian/words/index.js";
import { Alert, Card, Empty, Table, Tag } from "antd";
import { useWords } from "../app/language.ts";
import { Asked } from "../parts/asked.tsx";
import { LinkButton } from "../parts/link-button.tsx";
import { itemsOf, useList } from "../parts/more.tsx";
import { CaseLink, Department, State } from "../parts/names.tsx";
import { Value } from "../parts/value.tsx";
import type { CaseSummary } from "../session/api.ts";
import { useOfficer } from "../session/session.tsx";

interface Granted extends CaseSummary {
  readonly inForce: boolean;
}

/** What a dataset has beside other cases: its entry, releases, open objections, and who may use it. */
export function DatasetParts({ id, entry }: { readonly id: string; readonly entry: unknown }) {
  const { t } = useWords();
  const { department, roles } = useOfficer();
  const [provider = "", code = ""] = id.split("/");
  const about = { about: `dataset/${id}` };
  const releases = useList<CaseSummary>("/releases", about);
  const objections = useList<CaseSummary>("/objections", about);
  const grants = useList<Granted>(`/datasets/${encodeURIComponent(provider)}/${encodeURIComponent(code)}/grants`);
  const open = (objections.data === undefined ? [] : itemsOf(objections.data)).filter(
    ({ status }) => status !== "closed" && status !== "withdrawn",
  );
  const mayApply = provider !== department && roles.includes("user");
  return (
    <>
      {open.length === 0 ? null : (
        <Alert
          type="error"
          showIcon
          title={t("catalogue.objections", { count: open.length })}
          description={
            <div className="row">
              {open.map(({ case: objection }) => (
                <CaseLink key={objection} noun="objection" id={objection} />
              ))}
            </div>
          }
        />
      )}
      {mayApply ? (
        <div className="no-print">
          <LinkButton
            color="primary"
            variant="solid"
            to="/file/$noun/$type"
            params={{ noun: "application", type: "apply" }}
            search={{ dataset: id }}
          >
            {t("catalogue.apply")}
          </LinkButton>
        </div>
      ) : null}
      <Card title={<h2 className="card-title">{t("nav.catalogue")}</h2>}>
        <Value member="" value={entry} />
      </Card>
      <Card title={<h2 className="card-title">{t("catalogue.releases")}</h2>}>
        <Asked query={releases}>
          {(data) =>
            itemsOf(data).length === 0 ? (
              <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={t("catalogue.noRelease")} />
            ) : (
              itemsOf(data).map((release) => (
                <div className="item" key={release.case}>
                  <CaseLink noun="release" id={release.case} />
                  <State noun="release" status={release.status} />
                </div>
              ))
            )
          }
        </Asked>
      </Card>
      <Card title={<h2 className="card-title">{t("catalogue.grants")}</h2>}>
        <Asked query={grants}>{(data) => <Grants grants={itemsOf(data)} />}</Asked>
      </Card>
    </>
  );
}

function Grants({ grants }: { readonly grants: readonly Granted[] }) {
  const { t, words, language } = useWords();
  const granted = ({ state }: Granted) => (state as { grant?: { from: string; to: string } }).grant;
  return (
    <Table<Granted>
      rowKey={(row) => row.case}
      dataSource={[...grants]}
      pagination={false}
      size="small"
      scroll={{ x: "max-content" }}
      locale={{
        emptyText: <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={t("catalogue.grants.none")} />,
      }}
      columns={[
        {
          title: words.member("consumer"),
          key: "consumer",
          render: (_text, row) => (
            <CaseLink noun="application" id={row.case}>
              <Department id={String(Reflect.get(row.state as object, "consumer"))} />
            </CaseLink>
          ),
        },
        {
          title: words.member("purpose"),
          key: "purpose",
          render: (_text, row) => <Value member="purpose" value={Reflect.get(row.state as object, "purpose")} />,
        },
        {
          title: words.member("period"),
          key: "period",
          render: (_text, row) => {
            const grant = granted(row);
            return grant === undefined ? "—" : `${dayText(grant.from, language)} – ${dayText(grant.to, language)}`;
          },
        },
        {
          title: t("list.state"),
          key: "state",
          render: (_text, row) => (
            <>
              <State noun="application" status={row.status} />
              <Tag color={row.inForce ? "green" : "default"}>
                {t(row.inForce ? "catalogue.inForce" : "catalogue.notInForce")}
              </Tag>
            </>
          ),
        },
      ]}
    />
  );
}
