import { type Static, Type } from "typebox";
import { DatasetId, Digest, MspId, PastDay, TransactionId } from "../../identifiers.js";
import { closed, count, FieldName, MAX_FIELDS, MAX_SENTENCE, Text, text } from "../limits.js";
import { QualityDimension, Ratio } from "../quality.js";

/** Releases that one can be derived from or revise; each is a case in the basis. */
const MAX_SOURCES = 16;

/** A field and the digest of its canonical column in release row order. */
export const FieldDigest = closed({ name: FieldName, digest: Digest });
export type FieldDigest = Static<typeof FieldDigest>;

export const RegisterRelease = closed({
  dataset: DatasetId,
  /** The root over the field digests: {@link releaseRoot}. */
  root: Digest,
  fields: Type.Array(FieldDigest, { minItems: 1, maxItems: MAX_FIELDS }),
  rows: count(),
  /** The root of the tree over its rows, whose leaves commit to each cell by itself (docs/formats/row-tree.md). */
  rowRoot: Digest,
  /** What the data speaks of. */
  period: closed({ from: PastDay, to: PastDay }),
  derivedFrom: Type.Array(TransactionId, { maxItems: MAX_SOURCES, uniqueItems: true }),
  revises: Type.Optional(TransactionId),
  /** The objection that the release corrects. */
  objection: Type.Optional(TransactionId),
  /** 自查: the provider's own check, a ratio for each dimension it covers. */
  selfCheck: Type.Array(closed({ dimension: QualityDimension, ratio: Ratio }), { maxItems: 6 }),
  note: Type.Optional(text(MAX_SENTENCE)),
});
export type RegisterRelease = Static<typeof RegisterRelease>;

export const WithdrawRelease = closed({ reasons: Type.Optional(Text) });

export const ReleaseState = closed({
  status: Type.Enum(["registered", "withdrawn"]),
  dataset: DatasetId,
  provider: MspId,
  /** The version of the catalogue entry it follows. */
  version: Type.Integer({ minimum: 1 }),
  root: Digest,
  fields: Type.Array(FieldName, { minItems: 1, maxItems: MAX_FIELDS }),
  rows: count(),
  rowRoot: Digest,
  derivedFrom: Type.Array(TransactionId, { maxItems: MAX_SOURCES }),
  revises: Type.Optional(TransactionId),
  objection: Type.Optional(TransactionId),
});
export type ReleaseState = Static<typeof ReleaseState>;

/** What the registration of a release fixes for good. */
export const RELEASE_ORIGIN = [
  "dataset",
  "provider",
  "version",
  "root",
  "fields",
  "rows",
  "rowRoot",
  "derivedFrom",
  "revises",
  "objection",
] as const;
export type ReleaseOrigin = Pick<ReleaseState, (typeof RELEASE_ORIGIN)[number]>;
