import { useQuery } from "@tanstack/react-query";
import { Form } from "antd";
import { useWords } from "../app/language.ts";
import { useSubject } from "../parts/case/subject.tsx";
import { shortId, typedId } from "../parts/names.tsx";
import { type CaseDetail, type CaseSummary, callRoute } from "../session/api.ts";
import { everyItem, useDatasetNames, useDepartments, useLegalBases, useModel } from "../session/ledger.ts";
import { useOfficer } from "../session/session.tsx";

export interface Choice {
  readonly value: string;
  readonly label: string;
}

/** Members that name a department. */
const DEPARTMENTS: ReadonlySet<string> = new Set([
  ...["department", "departments", "agent", "subject", "addressee"],
  ...["concerned", "responsible", "counterpart"],
]);
/** Members whose value is an entry of the register of legal bases. */
const BASES: ReadonlySet<string> = new Set(["basis", "bases"]);
const RELEASES: ReadonlySet<string> = new Set(["release", "revises", "derivedFrom"]);

/** Members that name a case of another noun, and those of it that the own department has a part in. */
const CASES: Readonly<Record<string, string>> = {
  mandate: "mandate",
  objection: "objection",
  assessment: "assessment",
  incident: "incident",
};

/** What may be chosen at a member, from what the ledger has; undefined where it is typed. */
export function useChoices(member: string, name: readonly (string | number)[]): readonly Choice[] | undefined {
  const { t, words } = useWords();
  const { department } = useOfficer();
  const subject = useSubject();
  const collection = useModel().data?.get(CASES[member] ?? "")?.collection;
  const departments = useDepartments();
  const datasets = useDatasetNames();
  const bases = useLegalBases();
  const dataset: unknown = Form.useWatch("dataset");
  const chosen = typeof dataset === "string" ? dataset : undefined;
  const entry = useQuery({
    queryKey: ["case", "dataset", chosen],
    enabled: member === "fields" && chosen !== undefined,
    queryFn: () =>
      callRoute<CaseDetail>("GET", `/datasets/${(chosen ?? "").split("/").map(encodeURIComponent).join("/")}`),
  });
  const releases = useQuery({
    queryKey: ["releases-of", chosen],
    enabled: RELEASES.has(member),
    queryFn: () => everyItem<CaseSummary>("/releases", chosen === undefined ? {} : { about: `dataset/${chosen}` }),
  });
  const cases = useQuery({
    queryKey: ["cases-of", collection, department],
    enabled: collection !== undefined,
    queryFn: () => everyItem<CaseSummary>(collection ?? "", { party: department }),
  });
  if (collection !== undefined)
    return (cases.data ?? []).map(({ noun, case: id, state, status }) => {
      const about = subject(noun, id, state);
      const name = about === shortId(id) ? words.noun(noun) : about;
      return { value: id, label: `${name} ${typedId(id)} ${words.state(noun, status)}` };
    });
  if (DEPARTMENTS.has(member)) return [...departments].map(([value, label]) => ({ value, label }));
  if (member === "dataset" || member === "datasets") {
    return [...datasets].map(([value, label]) => {
      const [provider = "", code = ""] = value.split("/");
      return { value, label: `${label}（${departments.get(provider) ?? provider} ${code}）` };
    });
  }
  if (BASES.has(member) && name.length > 0)
    return bases.map(({ id, title }) => ({ value: id, label: `${title}（${id}）` }));
  if (member === "fields" && chosen !== undefined) {
    const fields = Reflect.get(Object(entry.data?.case.state), "fields");
    return fieldNames(fields).map((value) => ({ value, label: value }));
  }
  if (RELEASES.has(member)) {
    return (releases.data ?? []).map(({ case: id, state }) => {
      const of = String(Reflect.get(Object(state), "dataset"));
      return { value: id, label: `${datasets.get(of) ?? of} ${t("catalogue.releases")} ${shortId(id)}` };
    });
  }
  return undefined;
}

/** A dataset's state names its fields, each a name or an object with one. */
function fieldNames(fields: unknown): string[] {
  if (!Array.isArray(fields)) return [];
  return fields.map((field: unknown) =>
    typeof field === "string" ? field : String(Reflect.get(Object(field), "name")),
  );
}
