import {
  equalHashes,
  HASH_BYTES,
  type Hash,
  isTreeSize,
  type LeafRange,
  nodeHash,
  type ReadNode,
  rangeHash,
  splitOf,
} from "./merkle.js";

/**
 * That leaves stand one after another in a tree: their own hashes and those of the subtrees left and right of them give
 * its root. Much shorter than a proof for each leaf, and it shows too that none is left out between them.
 */
export interface RangeClaim {
  /** Where the first of the leaves stands. */
  readonly start: number;
  /** Leaf hashes, in the tree's order, at least one. */
  readonly leaves: readonly Hash[];
  readonly size: number;
  /** As {@link rangeProof} gives it. */
  readonly proof: readonly Hash[];
  readonly root: Hash;
}

/** The hashes of the subtrees outside a range of leaves, from left to right. @throws RangeError */
export function rangeProof(range: LeafRange, size: number, read: ReadNode): Hash[] {
  return rangesBeside(range, size).map((part) => rangeHash(part, read));
}

/** The ranges whose hashes are that proof. @throws RangeError */
export function rangesBeside(range: LeafRange, size: number): LeafRange[] {
  const { start, end } = range;
  if (!isTreeSize(size) || !isTreeSize(start) || start >= end || end > size) {
    throw new RangeError(`no leaves ${start} to ${end} in a tree of ${size}`);
  }
  return outside(range, { start: 0, end: size });
}

export function verifyRange({ start, leaves, size, proof, root }: RangeClaim): boolean {
  const range = { start, end: start + leaves.length };
  if (!isTreeSize(size) || !isTreeSize(start) || leaves.length === 0 || range.end > size) return false;
  const parts = outside(range, { start: 0, end: size });
  if (parts.length !== proof.length) return false;
  if (![...leaves, ...proof].every(({ length }) => length === HASH_BYTES)) return false;
  let used = 0;
  const hashOf = (part: LeafRange): Hash => {
    if (isOutside(part, range)) return proof[used++] as Hash;
    if (part.end - part.start === 1) return leaves[part.start - start] as Hash;
    const [left, right] = halvesOf(part);
    return nodeHash(hashOf(left), hashOf(right));
  };
  return equalHashes(hashOf({ start: 0, end: size }), root);
}

/** The largest parts of the tree, by RFC 6962's recursion, that have none of the range's leaves. */
function outside(range: LeafRange, part: LeafRange): LeafRange[] {
  if (isOutside(part, range)) return [part];
  if (part.end - part.start === 1) return [];
  return halvesOf(part).flatMap((half) => outside(range, half));
}

function isOutside(part: LeafRange, range: LeafRange): boolean {
  return part.end <= range.start || part.start >= range.end;
}

function halvesOf({ start, end }: LeafRange): [LeafRange, LeafRange] {
  const middle = start + splitOf(end - start);
  return [
    { start, end: middle },
    { start: middle, end },
  ];
}
