import type { DatasetId } from "@wanlian/model/identifiers.js";
import type { CaseState } from "@wanlian/model/kernel/act.js";
import type { ApplicationRead, Reading } from "@wanlian/model/reading.js";
import { type Db, everyCase } from "../../read/index.js";

/** A dataset that a grant covers, and which of its fields. */
export interface CoveredDataset {
  readonly dataset: DatasetId;
  readonly name: string;
  readonly fields: readonly string[];
}

/** What a grant covers as the catalogue stands: the dataset that it names, and those of its class. That one first. */
export async function coveredBy(db: Db, application: CaseState, reading: Reading): Promise<CoveredDataset[]> {
  const granted = reading.application(application);
  const ofProvider = { party: granted.provider, relation: "provider", status: "registered" };
  const covered = (await everyCase(db, "dataset", ofProvider)).flatMap(({ case: id, state }): CoveredDataset[] => {
    const dataset = id as DatasetId;
    if (dataset !== granted.dataset && reading.coversClass?.(application, state as CaseState) !== true) return [];
    const { name, fields } = state as unknown as { readonly name: string; readonly fields: readonly string[] };
    return [{ dataset, name, fields: fieldsGranted(granted, dataset, fields) }];
  });
  const rank = ({ dataset }: CoveredDataset) => `${dataset === granted.dataset ? 0 : 1} ${dataset}`;
  return covered.sort((one, other) => (rank(one) < rank(other) ? -1 : 1));
}

/** The fields that a grant covers of a dataset. @param fields all that the dataset has */
export function fieldsGranted(
  { dataset: named, grant, wish }: ApplicationRead,
  dataset: DatasetId,
  fields: readonly string[],
): string[] {
  const granted = grant?.fields ?? wish.fields;
  if (dataset === named) return granted;
  const isAll = grant?.ofClass?.extent === "allFields";
  return fields.filter((field) => isAll || granted.includes(field));
}
