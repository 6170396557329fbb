import { Digest } from "@wanlian/model/identifiers.js";
import { closed, count, text } from "@wanlian/model/kernel/schema.js";
import { FieldDigest } from "@wanlian/model/model-1/release/release-schema.js";
import { type Static, Type } from "typebox";
import { Check } from "typebox/schema";

const MadeRelease = closed({
  schema: Type.Literal(1),
  rows: count(),
  fields: Type.Array(FieldDigest, { minItems: 1 }),
  /** Over the field digests. */
  root: Digest,
  rowRoot: Digest,
  /** The state of the source that it was made from: another one may hold other data. */
  stamp: text(1000),
});

/** What a release registers, as it was made from its data: `release.json` in the folder of the tree over its rows. */
export type MadeRelease = Static<typeof MadeRelease>;

/** Undefined where the text is something else. */
export function readMadeRelease(text: string): MadeRelease | undefined {
  try {
    const made: unknown = JSON.parse(text);
    return Check(MadeRelease, made) ? (made as MadeRelease) : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
