import { type Static, Type } from "typebox";
import { ensure } from "../errors.js";
import { Digest, TransactionId } from "../identifiers.js";
import { closed } from "../kernel/schema.js";
import { FieldName, MAX_FIELDS, Text } from "../model-1/limits.js";
import type { ObjectionState } from "../model-1/objection/objection-schema.js";
import { type Dependency, standing } from "../model-1/table.js";

/** 抄录, 关联, 汇总, 清洗, 更正: what was done with a source. */
export const HOWS = ["copied", "joined", "aggregated", "cleaned", "corrected"] as const;

/** A field of the source, and the field that was made from it. */
const FieldPair = closed({ field: FieldName, as: FieldName });

/** 加工说明: what was made of one source, field by field, and by which program or query where there is one. */
export const Derivation = closed({
  source: TransactionId,
  how: Type.Enum([...HOWS]),
  fields: Type.Array(FieldPair, { minItems: 1, maxItems: MAX_FIELDS }),
  program: Type.Optional(Digest),
});
export type Derivation = Static<typeof Derivation>;

/** What a release says of its sources: each of them at most once in each way. */
export const MAX_DERIVATIONS = 32;

/** Each source once in each way, each pair of fields once. @throws LedgerError INVALID_INPUT */
export function checkDerivations(derivations: readonly Pick<Derivation, "source" | "how" | "fields">[]): void {
  const named = derivations.map(({ source, how }) => `${source} ${how}`);
  ensure(new Set(named).size === named.length, "INVALID_INPUT", "a source is named twice in the same way");
  for (const { source, fields } of derivations) {
    const pairs = fields.map(({ field, as }) => JSON.stringify([field, as]));
    ensure(new Set(pairs).size === pairs.length, "INVALID_INPUT", `a pair of fields of ${source} is named twice`);
  }
}

/** @throws LedgerError MISMATCH */
export function checkFields(what: string, names: readonly string[], known: readonly string[]): void {
  const there = new Set(known);
  const missing = names.find((name) => !there.has(name));
  ensure(missing === undefined, "MISMATCH", `${what} has no field "${missing}"`);
}

/** 情况说明: why what rests on something found wrong stands all the same; of one cause, and no other. */
export const Explain = closed({
  /** The objection by which a source was found wrong. */
  objection: Type.Optional(TransactionId),
  /** The release that was withdrawn. */
  withdrawn: Type.Optional(TransactionId),
  reasons: Text,
});
export type Explain = Static<typeof Explain>;

/** Causes that one release or product can be explained for. */
export const MAX_EXPLAINED = 16;
/** The objections, and the withdrawn releases, that it was explained for. */
export const Explained = Type.Array(TransactionId, { maxItems: MAX_EXPLAINED });

/** The cases that an explanation rests on, as they stand. */
export const explanationRefers = ({ objection, withdrawn }: Explain): readonly Dependency[] => [
  ...(objection === undefined ? [] : [standing("objection", objection)]),
  ...(withdrawn === undefined ? [] : [standing("release", withdrawn)]),
];

interface Finding {
  objection(id: TransactionId): ObjectionState;
  release(id: TransactionId): { readonly status: string };
}

/** The causes explained so far and this one. What is explained has happened: nobody explains in advance. @throws LedgerError */
export function explanation(
  { objection, withdrawn }: Explain,
  before: readonly TransactionId[] = [],
  find: Finding,
): TransactionId[] {
  const cause = objection ?? withdrawn;
  ensure(cause !== undefined, "INVALID_INPUT", "say what is explained: an objection, or a withdrawn release");
  ensure(objection === undefined || withdrawn === undefined, "INVALID_INPUT", "explain one thing at a time");
  if (objection !== undefined) {
    ensure(wasUpheld(find.objection(objection)), "WRONG_STATE", `objection ${objection} has found nothing wrong`);
  }
  if (withdrawn !== undefined) {
    const { status } = find.release(withdrawn);
    ensure(
      status === "withdrawn",
      "WRONG_STATE",
      `release ${withdrawn} is "${status}"; one that was withdrawn is explained`,
    );
  }
  ensure(!before.includes(cause), "UNCHANGED", `${cause} was explained before`);
  ensure(before.length < MAX_EXPLAINED, "LIMIT_REACHED", `${MAX_EXPLAINED} causes were explained: make it anew`);
  return [...before, cause];
}

const wasUpheld = ({ outcome, settled, corrections }: ObjectionState): boolean =>
  outcome === "substantiated" || outcome === "partly" || settled === "upheld" || corrections.length > 0;
