import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { dayText } from "@wanlian/words/index.js";
import { Descriptions, Table, Tag } from "antd";
import { useWords } from "../../app/language.ts";
import { Asked } from "../../parts/asked.tsx";
import { Card } from "../../parts/card.tsx";
import { Heading } from "../../parts/heading.tsx";
import { Department } from "../../parts/names.tsx";
import { answered, api, type Schemas } from "../../session/api.ts";
import { useStatus } from "../../session/ledger.ts";
import { LedgerPlaces } from "./places.tsx";

type ContractVersion = Schemas["ContractVersion"];
type Authority = Schemas["Authority"];

/** Half a year: what it takes to have a certificate replaced in every department. */
const SOON_DAYS = 180;
const DAY_MS = 86_400_000;

/** Which contracts are in force, what the node runs, and until when certificates hold. */
export function Software() {
  const { t } = useWords();
  const status = useStatus();
  const contracts = useQuery({
    queryKey: ["contracts"],
    queryFn: () => answered(api.GET("/contracts")),
  });
  const authorities = useQuery({
    queryKey: ["authorities"],
    queryFn: () => answered(api.GET("/authorities")),
  });
  return (
    <>
      <Heading title={t("ledger.software")} />
      <div className="stack">
        <LedgerPlaces />
        <Asked query={status}>
          {({ channel, version }) => (
            <Card>
              <Descriptions
                column={1}
                size="small"
                items={[
                  { key: "channel", label: t("ledger.channel"), children: channel },
                  { key: "version", label: t("ledger.nodeVersion"), children: version },
                ]}
              />
            </Card>
          )}
        </Asked>
        <Card title={<h2 className="card-title">{t("ledger.contract")}</h2>}>
          <Asked query={contracts}>{({ items }) => <Contracts items={items} />}</Asked>
        </Card>
        <Card title={<h2 className="card-title">{t("ledger.certificates")}</h2>}>
          <Asked query={authorities}>{({ items }) => <Authorities items={items} />}</Asked>
        </Card>
      </div>
    </>
  );
}

function Contracts({ items }: { readonly items: readonly ContractVersion[] }) {
  const { t } = useWords();
  return (
    <Table<ContractVersion>
      rowKey={({ sequence }) => String(sequence)}
      dataSource={[...items]}
      pagination={false}
      size="small"
      scroll={{ x: "max-content" }}
      locale={{ emptyText: t("ledger.none") }}
      columns={[
        {
          title: t("ledger.contract"),
          key: "version",
          render: (_text, { version }, at) => (
            <>
              {version} {at === 0 ? <Tag color="green">{t("catalogue.inForce")}</Tag> : null}
            </>
          ),
        },
        { title: t("ledger.sequence"), dataIndex: "sequence", align: "right" },
        {
          title: t("ledger.since"),
          key: "block",
          render: (_text, { block }) => (
            <Link to="/ledger/blocks/$number" params={{ number: String(block) }}>
              {t("ledger.block", { number: block })}
            </Link>
          ),
        },
        {
          title: t("ledger.endorsement"),
          key: "policy",
          render: (_text, { policyReference }) => {
            const [, name] = /^\/Channel\/(?:.*\/)?([^/]+)$/.exec(policyReference) ?? [];
            return name === undefined ? policyReference || "—" : t("ledger.endorsement.channel", { name });
          },
        },
      ]}
    />
  );
}

function Authorities({ items }: { readonly items: readonly Authority[] }) {
  const { t, words, language } = useWords();
  return (
    <Table<Authority>
      rowKey={({ department, use, subject, ends }) => `${department} ${use} ${subject} ${ends}`}
      dataSource={[...items]}
      pagination={false}
      size="small"
      scroll={{ x: "max-content" }}
      locale={{ emptyText: t("ledger.none") }}
      columns={[
        {
          title: words.member("department"),
          key: "department",
          render: (_text, { department }) => <Department id={department} />,
        },
        {
          title: t("ledger.authority"),
          key: "subject",
          render: (_text, { subject }) => <code className="plain">{subject}</code>,
        },
        { title: t("ledger.transactionKind"), key: "use", render: (_text, { use }) => t(`ledger.${use}.use`) },
        {
          title: t("ledger.ends"),
          key: "ends",
          render: (_text, { ends }) => (
            <span className="row">
              {dayText(ends, language)} <Ending ends={ends} />
            </span>
          ),
        },
      ]}
    />
  );
}

function Ending({ ends }: { readonly ends: string }) {
  const { t } = useWords();
  const left = (Date.parse(ends) - Date.now()) / DAY_MS;
  if (left < 0) return <Tag color="red">{t("ledger.ended")}</Tag>;
  return left < SOON_DAYS ? <Tag color="orange">{t("ledger.endsSoon")}</Tag> : null;
}
