import { countText, dayText, ratioText, timeText } from "@wanlian/words/index.js";
import { Descriptions, Table, Typography } from "antd";
import { useWords } from "../app/language.ts";
import { useDatasetNames, useDepartments, useLegalBases } from "../session/ledger.ts";
import { KnownCase } from "./case/known-case.tsx";
import { CaseLink, shortId } from "./names.tsx";

const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$/;
const DAY = /^\d{4}-\d{2}-\d{2}$/;
const HEX = /^[0-9a-f]{64}$/;

/** Members whose value names a case of this noun. */
const CASES: Readonly<Record<string, string>> = {
  dataset: "dataset",
  release: "release",
  revises: "release",
  correction: "release",
  derivedFrom: "release",
  mandate: "mandate",
  objection: "objection",
  grant: "application",
  incident: "incident",
};

/** Members that hold a department's MSP id. */
const DEPARTMENTS: ReadonlySet<string> = new Set([
  "provider",
  "consumer",
  "objector",
  "principal",
  "department",
  "departments",
  "agent",
  "addressee",
  "bureau",
  "subject",
  "mover",
  "author",
  "founders",
  "suspendedBy",
  "roster",
  "inFavour",
  "against",
  "concerned",
  "responsible",
  "counterpart",
  "confirmedBy",
  "contestedBy",
]);

/** Members whose instants are the first and the last of a day. */
const DAYS: ReadonlySet<string> = new Set(["from", "to"]);

/** Members in ten-thousandths. */
const RATIOS: ReadonlySet<string> = new Set(["atLeast", "ratio", "total"]);

/** What an act or a state holds, in words: nobody has to read JSON. */
export function Value({ member, value }: { readonly member: string; readonly value: unknown }) {
  const { words, language } = useWords();
  const departments = useDepartments();
  const datasets = useDatasetNames();
  const bases = useLegalBases();
  if (value === null || value === undefined) return <>—</>;
  if (typeof value === "boolean") return <>{words.value(member, String(value))}</>;
  if (typeof value === "number") return <>{numberText(member, value, words)}</>;
  if (typeof value === "string") {
    const noun = CASES[member];
    if (noun === "dataset" && datasets.has(value))
      return (
        <CaseLink noun={noun} id={value}>
          {datasets.get(value)}
        </CaseLink>
      );
    // Datasets are known by name already, all that there are.
    if (noun === "dataset" && value.includes("/")) return <CaseLink noun={noun} id={value} />;
    if (noun !== undefined && HEX.test(value)) return <KnownCase noun={noun} id={value} />;
    if (DEPARTMENTS.has(member)) return <span title={value}>{departments.get(value) ?? value}</span>;
    if (member === "basis") return <>{bases.find(({ id }) => id === value)?.title ?? value}</>;
    // A period's ends are days, though the rules have them as instants.
    if (INSTANT.test(value) && DAYS.has(member)) return <>{dayText(value, language)}</>;
    if (INSTANT.test(value)) return <>{timeText(value, language)}</>;
    if (DAY.test(value)) return <>{dayText(value, language)}</>;
    if (HEX.test(value)) return <Typography.Text copyable={{ text: value }}>{shortId(value)}</Typography.Text>;
    return (
      <span className="plain">{member === "kind" ? deadlineOrValue(value, words) : words.value(member, value)}</span>
    );
  }
  // People count a release's rows from 1.
  if (member === "rows" && Array.isArray(value))
    return <Several member="row" values={value.map((row) => Number(row) + 1)} />;
  if (Array.isArray(value)) return <Several member={member} values={value} />;
  return <Members value={value} member={member} />;
}

type Words = ReturnType<typeof useWords>["words"];

/** A ratio, a level that has a name, or a number. */
function numberText(member: string, value: number, words: Words): string {
  if (RATIOS.has(member)) return ratioText(value);
  const name = words.value(member, String(value));
  return name === String(value) ? countText(value) : name;
}

/** `kind` names a deadline in lists of deadlines, elsewhere a kind of case. */
function deadlineOrValue(value: string, words: Words): string {
  const word = words.value("kind", value);
  return word === value ? words.deadline(value) : word;
}

function Several({ member, values }: { readonly member: string; readonly values: readonly unknown[] }) {
  const { words } = useWords();
  if (values.length === 0) return <>—</>;
  if (values.every((value) => typeof value === "object" && value !== null)) {
    const names = [...new Set(values.flatMap((value) => Object.keys(value as object)))];
    return (
      <Table
        size="small"
        pagination={values.length > 20 ? { pageSize: 20 } : false}
        tableLayout="fixed"
        rowKey={(_row, at) => String(at)}
        dataSource={values as object[]}
        columns={names.map((name) => ({
          title: words.member(name),
          key: name,
          render: (_text: unknown, row: object) => (
            <Value member={memberOf(name, row, name)} value={Reflect.get(row, name)} />
          ),
        }))}
      />
    );
  }
  return (
    <>
      {values.map((value, at) => (
        <span key={String(value)}>
          {at === 0 ? "" : words.language === "zh" ? "、" : ", "}
          <Value member={member} value={value} />
        </span>
      ))}
    </>
  );
}

/** `class` says nothing by itself: it is the share's or the opening's. Of how many some are met is no ratio. */
const memberOf = (name: string, holder: object, above: string): string => {
  if (name === "total" && "met" in holder) return "figure";
  return name === "class" ? above : name;
};

/** By what rules find an act, which has a place of its own among what happened. */
const OF_RULES: ReadonlySet<string> = new Set(["status", "act"]);

function Members({ value, member }: { readonly value: object; readonly member: string }) {
  const { words, t } = useWords();
  const { calls, per } = value as { readonly calls?: unknown; readonly per?: string };
  if (typeof calls === "number" && per !== undefined)
    return <>{t("value.frequency", { calls: countText(calls), per: words.value("per", per) })}</>;
  const entries = Object.entries(value).filter(([name]) => !OF_RULES.has(name));
  const [only] = entries;
  if (only?.[0] === "class" && entries.length === 1) return <Value member={member} value={only[1]} />;
  return (
    <Descriptions
      size="small"
      column={1}
      bordered
      items={entries.map(([name, held]) => ({
        key: name,
        label: words.member(name),
        children: <Value member={memberOf(name, value, member)} value={held} />,
      }))}
    />
  );
}
