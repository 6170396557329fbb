import { type Static, Type } from "typebox";
import { canonicalJson } from "../../canonical.js";
import { Instant } from "../../identifiers.js";
import type { CaseState } from "../../kernel/act.js";
import { closed } from "../../kernel/schema.js";
import { type DatasetState as DatasetState1, RegisterDataset } from "../../model-1/dataset/dataset-schema.js";

/** 类, 项, 目, 细目: as version 1's entries have it. */
export const Category = RegisterDataset.properties.category;

/**
 * Where the catalogue has a dataset, and since when with this grade and share class. An entry of version 1 does not say so:
 * it is in no class until it is revised.
 */
export const Classified = closed({ category: Category, since: Instant });
export type Classified = Static<typeof Classified>;

export const classified = { classified: Type.Optional(Classified) };

export interface DatasetState extends DatasetState1 {
  readonly classified?: Classified;
}

/** A dataset's state with its class: what is classified anew comes into its class with that. */
export function withClass(
  after: CaseState,
  before: CaseState | undefined,
  { category, time }: { readonly category: Classified["category"]; readonly time: Instant },
): CaseState {
  const known = before as DatasetState | undefined;
  const of = ({ grade, share }: DatasetState, path: readonly string[] | undefined) =>
    canonicalJson([path ?? null, grade, share.class]);
  const isAsBefore =
    known?.classified !== undefined && of(known, known.classified.category) === of(after as DatasetState, category);
  const since = isAsBefore ? known.classified.since : time;
  return Object.assign(after, { classified: { category, since } });
}
