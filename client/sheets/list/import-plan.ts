import { canonicalJson } from "@wanlian/model/canonical.js";
import type { RegisterDataset, ReviseDataset } from "@wanlian/model/model-1/dataset/dataset-schema.js";
import type { CellFault, ListedDataset, ResponsibilityList } from "./responsibility-list.js";

/** What the catalogue has under a code of the department's. */
export interface RegisteredEntry {
  readonly code: string;
  readonly status: string;
  /** The body of the act that made its current version. */
  readonly entry: unknown;
}

/** What becomes of a dataset of the list. */
export type ImportStep = { readonly listed: ListedDataset } & (
  | { readonly $case: "register"; readonly body: RegisterDataset }
  | { readonly $case: "revise"; readonly body: ReviseDataset }
  | { readonly $case: "unchanged" }
);

export interface ImportPlan {
  readonly steps: readonly ImportStep[];
  readonly faults: readonly CellFault[];
}

/**
 * What it takes to have the catalogue say what the list says. What is registered and not in the list stays as it is: a
 * list may be a part. A plan made again after an import that broke off has the rest of it.
 * @param changes what a revision says of itself
 */
export function planImport(
  { datasets, faults }: ResponsibilityList,
  registered: readonly RegisteredEntry[],
  changes: string,
): ImportPlan {
  const found = new Map(registered.map((one) => [one.code, one]));
  const withdrawn: CellFault[] = [];
  const steps = datasets.flatMap((listed): ImportStep[] => {
    const before = found.get(listed.code);
    if (before === undefined) return [{ $case: "register", listed, body: listed.entry }];
    if (before.status === "withdrawn") {
      withdrawn.push({ cell: listed.cell, value: listed.code, reason: WITHDRAWN });
      return [];
    }
    const { code: _code, ...content } = listed.entry;
    const body = { ...content, ...unlisted(before.entry) };
    return canonicalJson(body) === canonicalJson(contentOf(before.entry))
      ? [{ $case: "unchanged", listed }]
      : [{ $case: "revise", listed, body: { ...body, changes } }];
  });
  return { steps, faults: [...faults, ...withdrawn] };
}

const WITHDRAWN = {
  zh: "此代码的数据资源已撤下，代码不能再用；请换代码",
  en: "the dataset of this code was withdrawn; a code is used once, take another",
};

function contentOf(entry: unknown): object {
  const { code: _code, changes: _changes, ...content } = Object(entry);
  return content;
}

/** Members of an entry, of any version of the rules, that a list says nothing of: what is registered stands. */
const UNLISTED = ["quality", "lifeCycle"] as const;

function unlisted(entry: unknown): Partial<Pick<ReviseDataset, "quality">> {
  return Object.fromEntries(
    UNLISTED.map((member) => [member, Reflect.get(Object(entry), member)]).filter(([, value]) => value !== undefined),
  );
}
