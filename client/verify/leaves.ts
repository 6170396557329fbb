import { leafHash, verifyInclusion } from "@wanlian/model/merkle.js";
import { verifyRange } from "@wanlian/model/merkle-range.js";
import type { AnchorLog } from "@wanlian/model/model-1/log/log.js";
import { toHex } from "@wanlian/protocol/bytes.js";
import { invalid, type VerifiedAct } from "./acts.js";
import type { BlocksBetween, EvidenceBundle, LeafEvidence } from "./bundle.js";
import { ledgerLeaf } from "./ledger-leaf.js";

/** @throws ProtocolError unless the witnesses' trees say that the act counted */
export function checkCounted(
  bundle: EvidenceBundle,
  { act, index, verified }: VerifiedAct,
  witnesses: readonly VerifiedAct[],
): void {
  const { leaf } = leafOf(bundle, Number(verified.number), witnesses);
  if (leaf.hash !== toHex(verified.headerHash)) throw invalid(`the ledger has another block ${verified.number}`);
  if (leaf.codes.slice(2 * index, 2 * index + 2) !== "00") throw invalid("its transaction was found invalid");
  const own = verdictsOf(leaf.verdicts).find(([at]) => at === index);
  const [noun, id, number] = own?.[2][0] ?? [];
  if (own?.[1] !== "counted" || noun !== act.noun || id !== act.case || number !== act.number) {
    throw invalid("the departments did not find the act valid");
  }
}

/** A block's leaf, once it is certain that every witness's tree holds it. @throws ProtocolError */
export function leafOf(bundle: EvidenceBundle, block: number, witnesses: readonly VerifiedAct[]): LeafEvidence {
  const found = bundle.leaves.find(({ leaf }) => leaf.block === block);
  if (found === undefined) throw invalid(`the file lacks the leaf of block ${block}`);
  const leaf = leafHash(ledgerLeaf(found.leaf));
  for (const [at, { act, creator }] of witnesses.entries()) {
    const { blocks, root } = (act.body as AnchorLog).ledger;
    const proof = (found.inclusions[at] ?? []).map((hash) => Buffer.from(hash, "hex"));
    const claim = { index: block, size: blocks, leaf, proof, root: Buffer.from(root, "hex") };
    if (!verifyInclusion(claim)) throw invalid(`the ledger tree of ${creator} does not hold block ${block} as stated`);
  }
  return found;
}

/** Makes certain that every witness's tree holds these leaves one after another, from block `start` on. @throws ProtocolError */
export function checkRow(row: BlocksBetween, start: number, witnesses: readonly VerifiedAct[]): void {
  const leaves = row.leaves.map((leaf) => leafHash(ledgerLeaf(leaf)));
  for (const [at, { act, creator }] of witnesses.entries()) {
    const { blocks, root } = (act.body as AnchorLog).ledger;
    const proof = (row.proofs[at] ?? []).map((hash) => Buffer.from(hash, "hex"));
    if (!verifyRange({ start, leaves, size: blocks, proof, root: Buffer.from(root, "hex") })) {
      const last = start + leaves.length - 1;
      throw invalid(`the ledger tree of ${creator} does not hold blocks ${start} to ${last} as stated`);
    }
  }
}

/** A transaction's index, what the fold found of it, and the acts that it writes. */
type Verdict = readonly [index: number, found: string, acts: readonly WrittenAct[]];
type WrittenAct = readonly [noun: string, id: string, number: number];

/** The acts that counted in a block, by its leaf. */
export function countedActs(text: string): readonly WrittenAct[] {
  return verdictsOf(text).flatMap(([, found, acts]) => (found === "counted" ? acts : []));
}

function verdictsOf(text: string): readonly Verdict[] {
  return JSON.parse(text) as Verdict[];
}
