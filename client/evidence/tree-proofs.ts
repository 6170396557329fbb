import type { Digest } from "@wanlian/model/identifiers.js";
import { type BlocksBetween, type LeafEvidence, MAX_BLOCKS_BETWEEN } from "@wanlian/verify";
import type { LedgerTree } from "../ledger-tree/index.js";
import type { Anchor } from "../read/index.js";

/** Each block's leaf, with its inclusion in the tree of each witness. */
export async function leavesOf(
  blocks: readonly number[],
  witnesses: readonly Anchor[],
  tree: LedgerTree,
): Promise<LeafEvidence[]> {
  return await Promise.all(
    blocks.map(async (block) => {
      const { hash, ...leaf } = await tree.leaf(block);
      return {
        leaf: { ...leaf, hash: hash as Digest },
        inclusions: witnesses.map((witness) => tree.inclusion(block, witness.blocks).map(hexOf)),
      };
    }),
  );
}

/** Which blocks have to be shown between, and to whom. */
export interface Span {
  /** The blocks from which on cases have to be shown unchanged. */
  readonly starts: readonly number[];
  readonly height: number;
  readonly witnesses: readonly Anchor[];
}

/** The leaves from the earliest start that a file can hold; what began before stays unproven. */
export async function blocksBetween(
  { starts, height, witnesses }: Span,
  tree: LedgerTree,
): Promise<BlocksBetween | undefined> {
  const held = starts.filter((start) => start < height && height - start <= MAX_BLOCKS_BETWEEN);
  if (held.length === 0) return undefined;
  const range = { start: Math.min(...held), end: height };
  const leaves = await tree.leaves(range);
  return {
    leaves: leaves.map((leaf) => ({ ...leaf, hash: leaf.hash as Digest })),
    proofs: witnesses.map(({ blocks }) => tree.range(range, blocks).map(hexOf)),
  };
}

function hexOf(hash: Uint8Array): Digest {
  return Buffer.from(hash).toString("hex") as Digest;
}
