import { countText, dayText, ratioText } from "@wanlian/words/index.js";
import { Table, Tag } from "antd";
import { useWords } from "../../app/language.ts";
import { CaseLink, Department, shortId } from "../../parts/names.tsx";
import { type Entry, type Lineage, lowest, openObjections } from "./entries.ts";

/** Rows on one page of the table: a lineage has a thousand at most. */
const ROWS = 50;

const MARK_COLOURS: Readonly<Record<string, string>> = { wrong: "red", affected: "orange", questioned: "blue" };

/** What the picture shows, row by row; a row opens to what was made of which source, field by field. */
export function ReleaseTable({ lineage }: { readonly lineage: Lineage }) {
  const { t, words, language } = useWords();
  return (
    <Table<Entry>
      rowKey={({ release }) => release}
      dataSource={[...lineage.releases]}
      size="small"
      pagination={{ defaultPageSize: ROWS, hideOnSinglePage: true }}
      scroll={{ x: "max-content" }}
      expandable={{
        rowExpandable: ({ derivation }) => derivation.length > 0,
        expandedRowRender: (entry) => <Made entry={entry} />,
      }}
      columns={[
        { title: t("lineage.step"), key: "step", align: "right", render: (_text, { step }) => step },
        {
          title: t("lineage.what"),
          key: "what",
          render: (_text, { noun, release, name }) => (
            <CaseLink noun={noun} id={release}>
              {words.noun(noun)} {name} {shortId(release)}
            </CaseLink>
          ),
        },
        {
          title: words.member("department"),
          key: "department",
          render: (_text, { provider }) => <Department id={provider} />,
        },
        {
          title: t("lineage.mark"),
          key: "mark",
          render: (_text, entry) => (
            <span className="row">
              <Tag color={MARK_COLOURS[entry.mark] ?? "default"}>{words.value("mark", entry.mark)}</Tag>
              {entry.madeAnewBy === undefined ? null : (
                <CaseLink noun={entry.noun} id={entry.madeAnewBy}>
                  {t("lineage.anew")} {shortId(entry.madeAnewBy)}
                </CaseLink>
              )}
              {entry.explained.length === 0 ? null : <Tag>{words.member("explained")}</Tag>}
            </span>
          ),
        },
        {
          title: t("lineage.objections"),
          key: "objections",
          align: "right",
          render: (_text, entry) => openObjections(lineage, entry),
        },
        {
          title: t("lineage.quality"),
          key: "quality",
          align: "right",
          render: (_text, entry) => {
            const ratio = lowest(entry);
            return ratio === undefined ? "—" : ratioText(ratio);
          },
        },
        {
          title: t("use.rows"),
          key: "rows",
          align: "right",
          render: (_text, { noun, rows }) => (noun === "product" ? "—" : countText(rows)),
        },
        {
          title: t("catalogue.registered"),
          key: "registered",
          render: (_text, { registered }) => dayText(registered.time, language),
        },
        {
          title: words.member("derivedFrom"),
          key: "from",
          render: (_text, { derivedFrom }) => derivedFrom.map(shortId).join(" "),
        },
      ]}
    />
  );
}

function Made({ entry }: { readonly entry: Entry }) {
  const { words } = useWords();
  return (
    <ul>
      {entry.derivation.map(({ source, how, fields, program }) => (
        <li key={`${source} ${how}`} className="plain">
          {words.value("how", how)} {shortId(source)}: {fields.map(({ field, as }) => `${field} → ${as}`).join("; ")}
          {program === undefined ? "" : ` (${words.member("program")} ${shortId(program)})`}
        </li>
      ))}
    </ul>
  );
}
