import { canonicalJson } from "@wanlian/model/canonical.js";
import type { TransactionId } from "@wanlian/model/identifiers.js";
import type { Act, Actor, ActRef, CaseRef, CaseState } from "@wanlian/model/kernel/act.js";
import { isDefensible } from "@wanlian/model/kernel/endorsing.js";
import type { Head } from "@wanlian/model/kernel/heads.js";
import { judge, type NamespaceWrites, type Verdict, type VoidCode } from "@wanlian/model/kernel/judge.js";
import { caseName } from "@wanlian/model/kernel/key.js";
import type { Models } from "@wanlian/model/kernel/model.js";
import { isMachine } from "@wanlian/model/roles.js";
import { TxValidationCode } from "@wanlian/protocol/messages/transaction.js";
import {
  actorOf,
  type EndorsedAction,
  type LedgerBlock,
  readAction,
  readHeaders,
  type TransactionHeaders,
} from "../ledger/index.js";
import { endorserView } from "./endorser-view.js";
import type { Endorsers } from "./endorsers.js";
import type { HeadCache } from "./heads.js";
import type { LeftKey } from "./left-keys.js";

/** What one transaction did in the contracts' namespace, judged. */
export type JudgedTransaction = CountedTransaction | VoidTransaction;

interface Judged {
  readonly index: number;
  readonly transactionId: string;
  /** The client's own claim. */
  readonly claimedTime: string;
  readonly department: string;
  readonly officer: string;
  /** By its certificate. */
  readonly isMachine: boolean;
  /** MSP ids of those who did sign, sorted. */
  readonly endorsers: readonly string[];
}

export interface CountedTransaction extends Judged {
  readonly counted: true;
  readonly act: Act;
  /** The case's state that it found; undefined if it begins the case. */
  readonly before: CaseState | undefined;
  /** Ledger time. */
  readonly time: string;
}

export interface VoidTransaction extends Judged {
  readonly counted: false;
  readonly code: VoidCode;
  readonly message: string;
  /** Numbers that it used up. */
  readonly used: readonly ActRef[];
  readonly writes: NamespaceWrites;
  /** Those of the endorsers who put their names to what no honest contract would have written: none of them, or all. */
  readonly accused: readonly string[];
  /** The keys of acts that it wrote, as they are after it. */
  readonly left: readonly (LeftKey & { readonly isDeleted: boolean })[];
}

export interface FoldedTransaction {
  readonly index: number;
  /** TxValidationCode, as the own peer states it. */
  readonly code: number;
  /** Undefined where the envelope has none. */
  readonly headers: TransactionHeaders | undefined;
  /** Only of valid endorser transactions. */
  readonly action: EndorsedAction | undefined;
  /** Only where it wrote to the contracts' namespace. */
  readonly judged: JudgedTransaction | undefined;
}

export interface FoldedBlock {
  readonly block: LedgerBlock;
  readonly transactions: readonly FoldedTransaction[];
  /** Heads after the block, of the cases that it touched. */
  readonly heads: readonly { readonly ref: CaseRef; readonly head: Head }[];
  /** Canonical JSON of the verdicts: part of the ledger tree's leaf, so only what every node finds alike. */
  readonly verdicts: string;
}

/**
 * Judges a block's transactions in order, each on the heads that the one before left. Whatever Fabric's validation
 * found invalid has happened to nobody.
 * @param heads is told the heads as they change; the caller commits or abandons them
 * @param models the versions at hand; each transaction is judged by the one in force at its place
 * @throws LedgerError UNKNOWN_MODEL: this software is too old to judge
 */
export async function foldBlock(
  block: LedgerBlock,
  chaincode: string,
  heads: HeadCache,
  endorsers: Pick<Endorsers, "departments">,
  models: Models,
): Promise<FoldedBlock> {
  const transactions: FoldedTransaction[] = [];
  const changed = new Map<string, { ref: CaseRef; head: Head }>();
  for (const [index, envelope] of block.envelopes.entries()) {
    const code = block.codes[index] ?? TxValidationCode.NOT_VALIDATED;
    const headers = readHeaders(envelope);
    const action = code === TxValidationCode.VALID && headers !== undefined ? readAction(headers) : undefined;
    const writes = action?.namespaces.get(chaincode);
    if (headers === undefined || action === undefined || writes === undefined || isEmpty(writes)) {
      transactions.push({ index, code, headers, action, judged: undefined });
      continue;
    }
    const creator = actorOf(headers.creator);
    const written = { id: headers.id as TransactionId, creator, writes };
    const verdict = await heads.ask((known) => judge(written, known, models));
    const before = verdict.valid ? (await heads.head(verdict.act)).state : undefined;
    const signed = await endorsers.departments(action);
    const isExcused = !verdict.valid && (await isDefensible(written, endorserView(heads), models));
    const used = byCase(usedBy(verdict));
    await heads.prepare(used.map(({ ref }) => ref));
    for (const { ref, numbers } of used) {
      const counted = verdict.valid ? { act: verdict.act, transaction: written.id } : undefined;
      const head = await heads.use(ref, numbers, counted);
      changed.set(caseName(ref), { ref, head });
    }
    transactions.push({
      index,
      code,
      headers,
      action,
      judged: verdict.valid
        ? { ...of(index, headers, signed, creator), counted: true, act: verdict.act, before, time: verdict.time }
        : {
            ...of(index, headers, signed, creator),
            ...{ counted: false, code: verdict.code, message: verdict.message, used: verdict.used, writes },
            accused: isExcused ? [] : signed,
            left: heads.left.wrote(writes),
          },
    });
  }
  return {
    block,
    transactions,
    heads: [...changed.values()],
    verdicts: canonicalJson(transactions.flatMap(leafEntry)),
  };
}

const isEmpty = ({ writes, metadataWrites, privateWrites }: NamespaceWrites): boolean =>
  writes.length === 0 && metadataWrites.length === 0 && privateWrites === 0;

const usedBy = (verdict: Verdict): readonly ActRef[] => (verdict.valid ? [verdict.act] : verdict.used);

function byCase(acts: readonly ActRef[]): { ref: CaseRef; numbers: number[] }[] {
  const cases = new Map<string, { ref: CaseRef; numbers: number[] }>();
  for (const { noun, case: id, number } of acts) {
    const ref = { noun, case: id };
    const entry = cases.get(caseName(ref)) ?? { ref, numbers: [] };
    entry.numbers.push(number);
    cases.set(caseName(ref), entry);
  }
  return [...cases.values()];
}

const of = (
  index: number,
  headers: TransactionHeaders,
  endorsers: readonly string[],
  creator: Actor | undefined,
): Judged => ({
  index,
  transactionId: headers.id,
  claimedTime: headers.claimedTime,
  department: headers.department,
  officer: creator?.officer ?? "",
  isMachine: creator !== undefined && isMachine(creator.roles),
  endorsers,
});

function leafEntry({ index, judged: found }: FoldedTransaction): unknown[] {
  if (found === undefined) return [];
  const acts = found.counted ? [found.act] : found.used;
  const outcome = found.counted ? "counted" : found.code;
  return [[index, outcome, acts.map(({ noun, case: id, number }) => [noun, id, number])]];
}
