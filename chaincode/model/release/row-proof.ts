import { hash } from "node:crypto";
import { type Static, Type } from "typebox";
import type { Digest } from "../identifiers.js";
import { closed, count } from "../kernel/schema.js";
import { HASH_BYTES, type Hash, leafHash, MAX_PROOF_HASHES, verifyInclusion } from "../merkle.js";
import { cellLine } from "./cell.js";

/** Nobody tries out 2^128 salts to find the value behind a commitment. */
export const SALT_BYTES = 16;

/** Of a row; no release has more fields. */
const MAX_CELLS = 320;

/** Apart from RFC 6962's 0x00 and 0x01, so that no cell can pass for a leaf or a node. */
const CELL_PREFIX = Uint8Array.of(0x02);

const base64 = (bytes: number) => Type.String({ maxLength: Math.ceil(bytes / 3) * 4 });

/** That some cells of a row are a release's, without the other cells (docs/formats/row-tree.md). Base64 throughout. */
export const RowProof = closed({
  /** The row's leaf in the tree: leaves are in the order of their hashes, so it says nothing of the row's place. */
  index: count(),
  /** Salts of the cells shown, one after the other in the release's field order. */
  salts: base64(MAX_CELLS * SALT_BYTES),
  /** Commitments to the cells not shown, likewise. */
  hidden: base64(MAX_CELLS * HASH_BYTES),
  /** The inclusion proof, leaf's sibling first. */
  path: base64(MAX_PROOF_HASHES * HASH_BYTES),
});
export type RowProof = Static<typeof RowProof>;

/** What a release registered of its rows. */
export interface RegisteredRows {
  /** In the catalogue's order. */
  readonly fields: readonly string[];
  readonly rows: number;
  readonly rowRoot: Digest;
}

/** The commitment to one cell. */
export function cellCommitment(salt: Uint8Array, value: string | null): Hash {
  return hash("sha256", Buffer.concat([CELL_PREFIX, salt, Buffer.from(cellLine(value), "utf8")]), "buffer");
}

/** The leaf of a row: over the commitments to all its cells, in field order. */
export function rowLeaf(commitments: readonly Hash[]): Hash {
  return leafHash(Buffer.concat(commitments));
}

/**
 * Whether the values shown are those of one row of the release. Total: whatever the proof holds.
 * @param shown by field; a field of another name proves nothing
 */
export function verifyRow(
  proof: RowProof,
  shown: ReadonlyMap<string, string | null>,
  registered: RegisteredRows,
): boolean {
  return commitmentsOf(proof, shown, registered) !== undefined;
}

/**
 * The digests of all cells of the row that a proof is of, shown or not, in field order: the commitments to them. None
 * where the proof does not hold.
 */
export function cellDigests(
  proof: RowProof,
  shown: ReadonlyMap<string, string | null>,
  registered: RegisteredRows,
): readonly Digest[] {
  const cells = commitmentsOf(proof, shown, registered) ?? [];
  return cells.map((cell) => Buffer.from(cell).toString("hex") as Digest);
}

/** The commitments to all cells of a row that is the release's, in field order. */
function commitmentsOf(
  { index, salts, hidden, path }: RowProof,
  shown: ReadonlyMap<string, string | null>,
  { fields, rows, rowRoot }: RegisteredRows,
): readonly Hash[] | undefined {
  const saltOf = pieces(salts, SALT_BYTES);
  const covered = pieces(hidden, HASH_BYTES);
  const proof = pieces(path, HASH_BYTES);
  if (saltOf?.length !== shown.size || covered?.length !== fields.length - shown.size || proof === undefined) {
    return undefined;
  }
  const commitments: Hash[] = [];
  for (const field of fields) {
    const value = shown.get(field);
    // Text that UTF-8 does not have would pass for the character that stands in for it.
    if (value?.isWellFormed() === false) return undefined;
    const commitment = value === undefined ? covered.shift() : commit(saltOf.shift(), value);
    // One runs out where a field is shown that the release does not have.
    if (commitment === undefined) return undefined;
    commitments.push(commitment);
  }
  const leaf = rowLeaf(commitments);
  const stands = verifyInclusion({ index, size: rows, leaf, proof, root: Buffer.from(rowRoot, "hex") });
  return stands ? commitments : undefined;
}

function commit(salt: Uint8Array | undefined, value: string | null): Hash | undefined {
  return salt && cellCommitment(salt, value);
}

/** Undefined unless the text is the one base64 spelling of whole pieces. */
function pieces(text: string, size: number): Uint8Array[] | undefined {
  const bytes = Buffer.from(text, "base64");
  if (bytes.length % size !== 0 || bytes.toString("base64") !== text) return undefined;
  return Array.from({ length: bytes.length / size }, (_, at) => bytes.subarray(at * size, (at + 1) * size));
}
