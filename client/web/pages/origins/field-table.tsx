import { Table } from "antd";
import { useWords } from "../../app/language.ts";
import { CaseLink, shortId } from "../../parts/names.tsx";
import type { Lineage } from "./entries.ts";

type FieldLink = NonNullable<Lineage["fieldLinks"]>[number];

/** One field, from its sources to what was made of it. */
export function FieldTable({ lineage }: { readonly lineage: Lineage }) {
  const { t, words } = useWords();
  const byId = new Map(lineage.releases.map((one) => [one.release, one]));
  const end = ({ release, field }: FieldLink["from"]) => {
    const found = byId.get(release);
    return (
      <CaseLink noun={found?.noun ?? "release"} id={release}>
        {found?.name ?? ""} {shortId(release)} · {field}
      </CaseLink>
    );
  };
  return (
    <Table<FieldLink>
      rowKey={({ from, to, how }) => JSON.stringify([from, to, how])}
      dataSource={[...(lineage.fieldLinks ?? [])]}
      size="small"
      pagination={{ defaultPageSize: 50, hideOnSinglePage: true }}
      scroll={{ x: "max-content" }}
      locale={{ emptyText: t("lineage.fields.none") }}
      columns={[
        { title: words.member("source"), key: "from", render: (_text, { from }) => end(from) },
        { title: words.member("how"), key: "how", render: (_text, { how }) => words.value("how", how) },
        { title: words.member("as"), key: "to", render: (_text, { to }) => end(to) },
        {
          title: words.member("program"),
          key: "program",
          render: (_text, { program }) => (program === undefined ? "—" : shortId(program)),
        },
      ]}
    />
  );
}
