import { useQuery } from "@tanstack/react-query";
import { denseTimeText } from "@wanlian/words/index.js";
import { Alert, Empty, Statistic, Table, Tag, Typography } from "antd";
import { useWords } from "../../app/language.ts";
import { Asked } from "../../parts/asked.tsx";
import { Card } from "../../parts/card.tsx";
import { Heading } from "../../parts/heading.tsx";
import { itemsOf, useList } from "../../parts/more.tsx";
import { CaseLink, Department, useNamed } from "../../parts/names.tsx";
import { answered, api, type Schemas } from "../../session/api.ts";
import { useStatus } from "../../session/ledger.ts";
import { LedgerPlaces } from "./places.tsx";

type Agreement = Schemas["Agreement"];
type Alarm = Schemas["ListedAlarm"];

/** The ledger as this node has it, and whether the other departments have the same. */
export function Ledger() {
  const { t } = useWords();
  const status = useStatus();
  return (
    <>
      <Heading title={t("ledger.title")} />
      <div className="stack">
        <LedgerPlaces />
        <Asked query={status}>
          {({ height, blockHash, conditions, pending, alarms }) => (
            <>
              {conditions.map(({ code, title, message }) => (
                <Alert
                  key={code}
                  type="warning"
                  showIcon
                  title={t("ledger.conditions", { title, code })}
                  description={message}
                />
              ))}
              {pending.map((sentence) => (
                <Alert key={sentence} type="info" showIcon title={t("ledger.pending")} description={sentence} />
              ))}
              <Card>
                <div className="row figures">
                  <Statistic title={t("ledger.height")} value={height} />
                  <Statistic title={t("ledger.alarms")} value={alarms} />
                  <div>
                    <div className="quiet">{t("ledger.hash")}</div>
                    <Typography.Text code copyable className="plain">
                      {blockHash ?? "—"}
                    </Typography.Text>
                  </div>
                </div>
              </Card>
            </>
          )}
        </Asked>
        <AgreementCard />
        <AlarmsCard />
      </div>
    </>
  );
}

function AgreementCard() {
  const { t, words } = useWords();
  const agreement = useQuery({
    queryKey: ["agreement"],
    queryFn: () => answered(api.GET("/agreement")),
  });
  return (
    <Card title={<h2 className="card-title">{t("ledger.agreement")}</h2>}>
      <Asked query={agreement}>
        {({ items }) => (
          <Table<Agreement>
            rowKey={(row) => row.department}
            dataSource={[...items]}
            pagination={false}
            size="small"
            scroll={{ x: "max-content" }}
            columns={[
              {
                title: words.member("department"),
                key: "department",
                render: (_text, row) => (
                  <CaseLink noun="member" id={row.department}>
                    <Department id={row.department} />
                  </CaseLink>
                ),
              },
              {
                title: t("ledger.agreement"),
                key: "agrees",
                render: (_text, { agrees, late }) => (
                  <>
                    <Tag color={agrees === null ? "default" : agrees ? "green" : "red"}>
                      {t(agrees === null ? "ledger.notYet" : agrees ? "ledger.agrees" : "ledger.differs")}
                    </Tag>
                    {late && agrees !== null ? <Tag color="orange">{t("ledger.late")}</Tag> : null}
                  </>
                ),
              },
              { title: words.member("blocks"), key: "blocks", render: (_text, { blocks }) => blocks ?? "—" },
              {
                title: words.member("anchored"),
                key: "anchored",
                render: (_text, { anchored }) => (anchored === undefined ? "—" : denseTimeText(anchored)),
              },
            ]}
          />
        )}
      </Asked>
    </Card>
  );
}

function AlarmsCard() {
  const { t, words } = useWords();
  const alarms = useList<Alarm>("/alarms");
  const named = useNamed();
  return (
    <Card title={<h2 className="card-title">{t("ledger.alarms")}</h2>}>
      <Asked query={alarms}>
        {(data) =>
          itemsOf(data).length === 0 ? (
            <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={t("ledger.alarms.none")} />
          ) : (
            itemsOf(data).map(({ block, kind, departments, message }, at) => (
              <Alert
                // biome-ignore lint/suspicious/noArrayIndexKey: a block can raise the same alarm twice
                key={`${block}/${at}`}
                type="error"
                showIcon
                title={
                  block === null ? words.alarm(kind) : `${words.alarm(kind)} · ${t("ledger.block", { number: block })}`
                }
                description={
                  <div className="plain">
                    {named(message)}{" "}
                    {departments.map((id) => (
                      <Tag key={id}>
                        <Department id={id} />
                      </Tag>
                    ))}
                  </div>
                }
              />
            ))
          )
        }
      </Asked>
    </Card>
  );
}
