import { useQuery } from "@tanstack/react-query";
import { Form } from "antd";
import { useWords } from "../app/language.ts";
import { shortId } from "../parts/names.tsx";
import { type CaseDetail, type CaseSummary, callRoute } from "../session/api.ts";
import { everyItem, useDatasetNames, useDepartments, useLegalBases } from "../session/ledger.ts";

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

/** What may be chosen at a member, from what the ledger has; undefined where it is typed. */
export function useChoices(member: string, name: readonly (string | number)[]): readonly Choice[] | undefined {
  const { t } = useWords();
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
  if (DEPARTMENTS.has(member)) return [...departments].map(([value, label]) => ({ value, label }));
  if (member === "dataset" || member === "datasets") {
    return [...datasets].map(([value, label]) => ({ value, label: `${label}（${value}）` }));
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
