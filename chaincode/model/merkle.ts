import { hash } from "node:crypto";

/**
 * The Merkle tree of RFC 6962 over SHA-256: roots, inclusion and consistency proofs, made and verified.
 * The access log, the ledger tree, the contract that takes anchors and the offline verifier all use this one.
 */

/** 32 bytes of SHA-256. */
export type Hash = Uint8Array;

/** The leaves `start` (inclusive) to `end` (exclusive) of a tree. */
export interface LeafRange {
  readonly start: number;
  readonly end: number;
}

/** A complete subtree: node `index` (from the left) at `level` (0: leaf hashes) covers 2^level leaves. */
export interface NodeId {
  readonly level: number;
  readonly index: number;
}

/** Looks up the hash of a complete subtree. */
export type ReadNode = (node: NodeId) => Hash;

export const HASH_BYTES = 32;

/** The longest proof that a tree of 2^53 leaves can need; whatever is longer is not worth hashing. */
export const MAX_PROOF_HASHES = 54;

/** 0x00, then an entry: most fit, and hashing one allocates nothing. */
const leaf = new Uint8Array(1 + 0xffff);
const LEAF_PREFIX = Uint8Array.of(0x00);
const NODE_PREFIX = 0x01;

/** The root of the empty tree: SHA-256 of nothing (RFC 6962 §2.1). */
export const EMPTY_ROOT: Hash = hash("sha256", new Uint8Array(0), "buffer");

/** SHA-256(0x00 ‖ data), so that no entry can pass for an inner node. */
export function leafHash(data: Uint8Array): Hash {
  if (data.length >= leaf.length) return hash("sha256", Buffer.concat([LEAF_PREFIX, data]), "buffer");
  leaf.set(data, 1);
  return hash("sha256", leaf.subarray(0, 1 + data.length), "buffer");
}

const pair = new Uint8Array(1 + 2 * HASH_BYTES);
pair[0] = NODE_PREFIX;

/** SHA-256(0x01 ‖ left ‖ right). */
export function nodeHash(left: Hash, right: Hash): Hash {
  pair.set(left, 1);
  pair.set(right, 1 + HASH_BYTES);
  return hash("sha256", pair, "buffer");
}

/** Whether `size` can be the number of leaves of a tree here. */
export function isTreeSize(size: number): boolean {
  return Number.isSafeInteger(size) && size >= 0;
}

/** Bytes equal; neither side is a secret. */
export function equalHashes(a: Hash, b: Hash): boolean {
  return a.length === b.length && Buffer.compare(a, b) === 0;
}

/** The largest power of two smaller than `width` (RFC 6962's k), for width > 1. */
export function splitOf(width: number): number {
  let k = 1;
  while (k * 2 < width) k *= 2;
  return k;
}

/**
 * The complete subtrees, left to right, that a range falls into. The range must be one that RFC 6962's recursion
 * reaches: its start a multiple of the smallest power of two that holds its width.
 */
export function subtreesOf({ start, end }: LeafRange): NodeId[] {
  const nodes: NodeId[] = [];
  let from = start;
  while (from < end) {
    let level = 0;
    let width = 1;
    while (width * 2 <= end - from) {
      width *= 2;
      level += 1;
    }
    nodes.push({ level, index: from / width });
    from += width;
  }
  return nodes;
}

/** The Merkle tree hash of a range (see {@link subtreesOf} for which ranges). */
export function rangeHash(range: LeafRange, read: ReadNode): Hash {
  const [last, ...others] = subtreesOf(range).map(read).reverse();
  if (last === undefined) return EMPTY_ROOT;
  return others.reduce((right, left) => nodeHash(left, right), last);
}

/** The root of the tree over the first `size` leaves. */
export function treeRoot(size: number, read: ReadNode): Hash {
  return rangeHash({ start: 0, end: size }, read);
}

/** The ranges whose hashes are the inclusion proof of leaf `index` in a tree of `size` (RFC 6962 §2.1.1). */
export function inclusionRanges(index: number, size: number): LeafRange[] {
  if (!isTreeSize(size) || !isTreeSize(index) || index >= size) {
    throw new RangeError(`no leaf ${index} in a tree of ${size}`);
  }
  const ranges: LeafRange[] = [];
  let start = 0;
  let end = size;
  while (end - start > 1) {
    const middle = start + splitOf(end - start);
    if (index < middle) {
      ranges.push({ start: middle, end });
      end = middle;
    } else {
      ranges.push({ start, end: middle });
      start = middle;
    }
  }
  return ranges.reverse();
}

/** The ranges whose hashes prove that a tree of `size` extends the one of `oldSize` (RFC 6962 §2.1.2). */
export function consistencyRanges(oldSize: number, size: number): LeafRange[] {
  if (!isTreeSize(size) || !isTreeSize(oldSize) || oldSize > size) {
    throw new RangeError(`a tree of ${size} does not extend one of ${oldSize}`);
  }
  if (oldSize === 0 || oldSize === size) return [];
  const ranges: LeafRange[] = [];
  let start = 0;
  let end = size;
  while (end !== oldSize) {
    const middle = start + splitOf(end - start);
    if (oldSize <= middle) {
      ranges.push({ start: middle, end });
      end = middle;
    } else {
      ranges.push({ start, end: middle });
      start = middle;
    }
  }
  // The old tree's own last part is left out only where it is the whole old tree, whose root the verifier has.
  if (start > 0) ranges.push({ start, end });
  return ranges.reverse();
}

export function inclusionProof(index: number, size: number, read: ReadNode): Hash[] {
  return inclusionRanges(index, size).map((range) => rangeHash(range, read));
}

export function consistencyProof(oldSize: number, size: number, read: ReadNode): Hash[] {
  return consistencyRanges(oldSize, size).map((range) => rangeHash(range, read));
}

/** What a proof of inclusion claims. */
export interface InclusionClaim {
  readonly index: number;
  readonly size: number;
  /** The leaf's hash, see {@link leafHash}. */
  readonly leaf: Hash;
  readonly proof: readonly Hash[];
  readonly root: Hash;
}

/** Whether the leaf is at `index` in the tree of `size` and `root` (RFC 9162 §2.1.3.2). */
export function verifyInclusion({ index, size, leaf, proof, root }: InclusionClaim): boolean {
  if (!isTreeSize(size) || !isTreeSize(index) || index >= size) return false;
  if (leaf.length !== HASH_BYTES || !areHashes(proof)) return false;
  let computed = leaf;
  const atRoot = climb(index, size - 1, proof, (sibling, side) => {
    computed = side === "left" ? nodeHash(sibling, computed) : nodeHash(computed, sibling);
  });
  return atRoot && equalHashes(computed, root);
}

/** What a proof of consistency claims. */
export interface ConsistencyClaim {
  readonly oldSize: number;
  readonly oldRoot: Hash;
  readonly size: number;
  readonly root: Hash;
  readonly proof: readonly Hash[];
}

/**
 * Whether the tree of `size` and `root` extends the one of `oldSize` and `oldRoot` (RFC 9162 §2.1.4.2).
 * A larger tree proves nothing about the empty one: that every tree extends it is for the caller to know.
 */
export function verifyConsistency({ oldSize, oldRoot, size, root, proof }: ConsistencyClaim): boolean {
  if (!isTreeSize(size) || !isTreeSize(oldSize) || oldSize > size || !areHashes(proof)) return false;
  if (oldSize === size) {
    return proof.length === 0 && equalHashes(oldRoot, root) && (size > 0 || equalHashes(root, EMPTY_ROOT));
  }
  if (oldSize === 0 || proof.length === 0 || oldRoot.length !== HASH_BYTES) return false;
  const [first, ...rest] = isPowerOfTwo(oldSize) ? [oldRoot, ...proof] : proof;
  if (first === undefined) return false;
  let node = oldSize - 1;
  let last = size - 1;
  while (isOdd(node)) {
    node = half(node);
    last = half(last);
  }
  let oldComputed = first;
  let computed = first;
  const atRoot = climb(node, last, rest, (sibling, side) => {
    if (side === "left") oldComputed = nodeHash(sibling, oldComputed);
    computed = side === "left" ? nodeHash(sibling, computed) : nodeHash(computed, sibling);
  });
  return atRoot && equalHashes(oldComputed, oldRoot) && equalHashes(computed, root);
}

/**
 * The way from a node up to the root, where `last` is the last node at the same level: tells for each hash of a proof on which side of
 * the path it stands. Gives whether the proof ends at the root.
 */
function climb(
  node: number,
  last: number,
  proof: readonly Hash[],
  step: (sibling: Hash, side: "left" | "right") => void,
): boolean {
  for (const sibling of proof) {
    if (last === 0) return false;
    const isRight = isOdd(node) || node === last;
    step(sibling, isRight ? "left" : "right");
    while (isRight && !isOdd(node) && node !== 0) {
      node = half(node);
      last = half(last);
    }
    node = half(node);
    last = half(last);
  }
  return last === 0;
}

/** A tree that only grows and keeps just the roots of its complete subtrees: one hash for each set bit of its size. */
export class GrowingTree {
  #size: number;
  readonly #subtrees: Hash[];

  /** @param subtrees of a tree grown before, as {@link subtrees} gave them */
  constructor(size = 0, subtrees: readonly Hash[] = []) {
    if (!isTreeSize(size) || subtreesOf({ start: 0, end: size }).length !== subtrees.length) {
      throw new RangeError(`${subtrees.length} subtrees do not make a tree of ${size}`);
    }
    this.#size = size;
    this.#subtrees = [...subtrees];
  }

  get size(): number {
    return this.#size;
  }

  /** The roots of the complete subtrees, left to right, in the order of {@link subtreesOf}. */
  get subtrees(): readonly Hash[] {
    return [...this.#subtrees];
  }

  /** @param completed is told each complete subtree that this leaf closes, the leaf itself first */
  append(leaf: Hash, completed?: (node: NodeId, hash: Hash) => void): void {
    let hash = leaf;
    let index = this.#size;
    let level = 0;
    completed?.({ level, index }, hash);
    while (isOdd(index)) {
      hash = nodeHash(this.#subtrees.pop() as Hash, hash);
      index = half(index);
      level += 1;
      completed?.({ level, index }, hash);
    }
    this.#subtrees.push(hash);
    this.#size += 1;
  }

  root(): Hash {
    return this.#subtrees.length === 0
      ? EMPTY_ROOT
      : this.#subtrees.reduceRight((right, left) => nodeHash(left, right));
  }
}

function areHashes(hashes: readonly Hash[]): boolean {
  return hashes.length <= MAX_PROOF_HASHES && hashes.every((each) => each.length === HASH_BYTES);
}

function isOdd(value: number): boolean {
  return value % 2 === 1;
}

function half(value: number): number {
  return Math.floor(value / 2);
}

// The logarithm alone does not tell: that of 2^52 - 1 is 52 after rounding.
function isPowerOfTwo(value: number): boolean {
  return 2 ** Math.round(Math.log2(value)) === value;
}
