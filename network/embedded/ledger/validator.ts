/** From a block to its validation codes and what it does to the state. */
import type { Bundle } from "@wanlian/protocol/configuration/bundle.js";
import { applyConfig } from "@wanlian/protocol/configuration/update.js";
import type { Identity } from "@wanlian/protocol/identities/identity.js";
import { ConfigEnvelope } from "@wanlian/protocol/messages/configuration.js";
import { TxValidationCode } from "@wanlian/protocol/messages/transaction.js";
import { validIdentities } from "@wanlian/protocol/policies/signature-set.js";
import { endorsementSet } from "@wanlian/protocol/transaction/endorser-transaction.js";
import { checkEnvelope, indexedTransactionId } from "@wanlian/protocol/transaction/envelope.js";
import type { NamespaceReadWriteSet } from "@wanlian/protocol/transaction/read-write-set.js";
import { BlockEndorsements, readSimulation, type Simulation } from "./endorsement.js";
import { checkReads } from "./mvcc.js";
import type { EndorsementPolicies } from "./policies.js";
import type { CommittedState } from "./state.js";
import { BlockUpdates } from "./updates.js";

/** What validation needs to know of the ledger before the block. */
export interface LedgerView {
  readonly bundle: Bundle;
  readonly policies: EndorsementPolicies;
  readonly state: CommittedState;
  hasTransaction(txId: string): boolean;
}

export interface ValidatedTransaction {
  /** The id that the index knows it by; empty where it has none. */
  readonly txId: string;
  readonly code: number;
  /** Whether an earlier block holds that id, valid or not: the index keeps the first. */
  readonly known: boolean;
  /** What a transaction that endorsement let pass read and wrote. */
  readonly namespaces: readonly NamespaceReadWriteSet[];
}

export interface ValidatedBlock {
  readonly transactions: readonly ValidatedTransaction[];
  readonly updates: BlockUpdates;
  /** The next configuration, where the block holds one. */
  readonly bundle: Bundle | undefined;
}

/**
 * Validates the transactions of a block that is well formed and properly ordered.
 * @throws ProtocolError where Fabric's peers would stop rather than fork, such as on a configuration that does not follow.
 */
export async function validateBlock(
  number: bigint,
  data: readonly Uint8Array[],
  view: LedgerView,
): Promise<ValidatedBlock> {
  const checks = await Promise.all(data.map((bytes) => prepare(bytes, view)));
  const endorsements = new BlockEndorsements(view.policies, view.state);
  const codes: number[] = [];
  let bundle: Bundle | undefined;
  for (const check of checks) {
    if (check.kind === "config") bundle = await applyConfig(view.bundle, check.config);
    codes.push(await codeOf(check, endorsements, view));
  }
  markDuplicates(checks, codes);
  const updates = new BlockUpdates(view.state);
  const transactions: ValidatedTransaction[] = [];
  for (const [index, check] of checks.entries()) {
    const namespaces = check.kind === "endorsed" ? check.simulation.namespaces : [];
    let code = codes[index] ?? TxValidationCode.NOT_VALIDATED;
    if (code === TxValidationCode.VALID) {
      code = await checkReads(namespaces, view.state, updates);
      if (code === TxValidationCode.VALID) updates.apply(namespaces, { block: number, transaction: BigInt(index) });
    }
    transactions.push({ txId: check.txId, code, known: view.hasTransaction(check.txId), namespaces });
  }
  return { transactions, updates, bundle };
}

/** A transaction after the checks that need neither state nor the transactions before it; these run in parallel. */
type Prepared =
  | { readonly kind: "refused"; readonly txId: string; readonly code: number }
  | { readonly kind: "config"; readonly txId: string; readonly config: ConfigEnvelope }
  | { readonly kind: "unreadable"; readonly txId: string; readonly code: number }
  | {
      readonly kind: "endorsed";
      readonly txId: string;
      readonly simulation: Simulation;
      readonly endorsers: readonly Identity[];
    };

async function prepare(bytes: Uint8Array, { bundle }: LedgerView): Promise<Prepared> {
  const txId = indexedTransactionId(bytes);
  const envelope = await checkEnvelope(bytes, bundle);
  if (envelope.kind === "refused") return { kind: "refused", txId, code: envelope.code };
  if (envelope.kind === "config") return { kind: "config", txId, config: ConfigEnvelope.decode(envelope.data) };
  const simulation = readSimulation(envelope.channelHeader, envelope.transaction);
  if (typeof simulation === "number") return { kind: "unreadable", txId, code: simulation };
  const endorsers = await validIdentities(endorsementSet(envelope.transaction), bundle.msps);
  return { kind: "endorsed", txId, simulation, endorsers };
}

async function codeOf(check: Prepared, endorsements: BlockEndorsements, view: LedgerView): Promise<number> {
  if (check.kind === "refused") return check.code;
  if (check.kind === "config") return TxValidationCode.VALID;
  if (view.hasTransaction(check.txId)) return TxValidationCode.DUPLICATE_TXID;
  if (check.kind === "unreadable") return check.code;
  return endorsements.check(check.simulation, check.endorsers);
}

/** Of transactions that are still valid and share an id, the first stands. */
function markDuplicates(checks: readonly Prepared[], codes: number[]): void {
  const seen = new Set<string>();
  checks.forEach(({ kind, txId }, index) => {
    if (codes[index] !== TxValidationCode.VALID || kind === "config") return;
    if (seen.has(txId)) codes[index] = TxValidationCode.DUPLICATE_TXID;
    seen.add(txId);
  });
}
