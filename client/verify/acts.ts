import { parseCanonical } from "@wanlian/model/canonical.js";
import type { TransactionId } from "@wanlian/model/identifiers.js";
import type { Act } from "@wanlian/model/kernel/act.js";
import { isActKey } from "@wanlian/model/kernel/key.js";
import type { NounName, StateOf } from "@wanlian/model/model-1/states.js";
import { ProtocolError } from "@wanlian/protocol/errors.js";
import { Block } from "@wanlian/protocol/messages/common.js";
import { type VerifiedBlock, verifyBlock } from "@wanlian/protocol/verify/block.js";
import type { VerifiedConfiguration } from "@wanlian/protocol/verify/configuration.js";
import { verifyTransaction } from "@wanlian/protocol/verify/transaction.js";
import type { ActPlace, EvidenceBundle } from "./bundle.js";

/** The policy by which k departments endorse every act. */
const RECORDS_POLICY = "/Channel/Application/Records";

/** An act whose block the orderers signed and whose transaction k departments endorsed. */
export interface VerifiedAct {
  readonly act: Act;
  readonly index: number;
  readonly verified: VerifiedBlock;
  /** MSP id of the transaction's creator. */
  readonly creator: string;
  /** MSP ids, each once, sorted. */
  readonly endorsers: readonly string[];
}

/** @throws ProtocolError with what does not hold */
export async function verifyAct(
  { transaction, block }: ActPlace,
  bundle: EvidenceBundle,
  configuration: VerifiedConfiguration,
): Promise<VerifiedAct> {
  const verified = await verifyBlock(blockOf(bundle, block), configuration);
  const found = await verifyTransaction(transaction, verified, RECORDS_POLICY);
  const writes = found.namespaces.find(({ namespace }) => namespace === bundle.chaincode)?.kv.writes ?? [];
  const [write, ...more] = writes;
  const act = write === undefined ? undefined : (parseCanonical(write.value) as Act | undefined);
  if (act === undefined || more.length > 0 || !isActKey(write?.key ?? "", act, transaction as TransactionId)) {
    throw invalid(`transaction ${transaction} writes no single act`);
  }
  if (act.author.department !== found.creator.mspId) {
    throw invalid(`the act is in the name of ${act.author.department}, its transaction of ${found.creator.mspId}`);
  }
  const endorsers = [...new Set(found.endorsers.map(({ mspId }) => mspId))].sort();
  return { act, index: found.index, verified, creator: found.creator.mspId, endorsers };
}

/** The state that an act gives its case. @throws ProtocolError for an act of another noun */
export function stateOf<N extends NounName>(act: Act, noun: N): StateOf<N> {
  if (act.noun !== noun) throw invalid(`act ${act.number} of ${act.noun} ${act.case} is no act of a case of ${noun}`);
  // Its form is the rules' own: k departments endorsed it, and that it counted is a step of its own.
  return act.state as StateOf<N>;
}

/** @throws ProtocolError if the bundle lacks it or it is another block */
export function blockOf({ blocks }: EvidenceBundle, number: number): Block {
  const bytes = blocks[String(number)];
  if (bytes === undefined) throw invalid(`the file lacks block ${number}`);
  const block = Block.decode(Buffer.from(bytes, "base64"));
  if (block.header?.number !== BigInt(number)) throw invalid(`the file has another block as block ${number}`);
  return block;
}

export function invalid(message: string): ProtocolError {
  return new ProtocolError("INVALID_TRANSACTION", message);
}
