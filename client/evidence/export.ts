import { LedgerError } from "@wanlian/model/errors.js";
import type { Digest, MspId, TransactionId } from "@wanlian/model/identifiers.js";
import { type Bundle, bundleFromBlock } from "@wanlian/protocol/configuration/bundle.js";
import { Block } from "@wanlian/protocol/messages/common.js";
import {
  type AccessRecord,
  type ActPlace,
  type CaseEvidence,
  demandsGrant,
  type EvidenceFile,
  endorsersIn,
  membersIn,
  readEntry,
  readRecord,
  witnessesNeeded,
} from "@wanlian/verify";
import type { Kysely } from "kysely";
import type { Receipt } from "../access/index.js";
import { LogError } from "../core/index.js";
import type { LedgerTree } from "../ledger-tree/index.js";
import { type FetchTile, TreeReader } from "../log/index.js";
import type { NodeDatabase } from "../projection/index.js";
import type { Anchor, LedgerPast } from "../read/index.js";
import { ActFinder, type PlacedAct } from "./act-finder.js";
import { blocksBetween, leavesOf } from "./tree-proofs.js";

/** A record to be proven, as a log or an audit gave it. */
export interface ProvableRecord {
  readonly department: MspId;
  readonly position: number;
  readonly entry: Uint8Array;
  /** Of a closing: its opening. */
  readonly opening: { readonly position: number; readonly entry: Uint8Array } | undefined;
  readonly receipt: Receipt | undefined;
  /** Only for those who may open what was looked up. */
  readonly key: Digest | undefined;
  readonly certificates: ReadonlyMap<Digest, string>;
}

export interface ExportParts {
  readonly channel: string;
  readonly chaincode: string;
  readonly db: Kysely<NodeDatabase>;
  readonly history: LedgerPast;
  readonly tree: LedgerTree;
  /** Block bytes as the own peer delivers them. */
  readonly fetchBlock: (number: number) => Promise<Uint8Array>;
  /** Hash tiles of a department's log. */
  readonly tiles: (department: MspId) => FetchTile;
}

/** No evidence is made of a call over another road (decision 380): a file could prove no more than that it was told. */
export const callNotSigned = (entry: string): LogError =>
  new LogError("CALL_NOT_SIGNED", `${entry} is what a platform told the department, a call that neither party signed`);

/** Departments whose anchors go along as witnesses; more than k ever is. */
export const MAX_WITNESSES = 20;

/**
 * Puts together what proves one record offline.
 * @throws LedgerError NOT_YET with what is waited for; INVALID_INPUT: it is no record of an access; LogError CALL_NOT_SIGNED
 */
export async function exportEvidence(record: ProvableRecord, parts: ExportParts): Promise<EvidenceFile> {
  const { department, position, entry, receipt, key } = record;
  const signed = readRecord(entry);
  if (signed === undefined) {
    if (readEntry(entry)?.kind === "call") throw callNotSigned(`entry ${position}`);
    throw new LedgerError("INVALID_INPUT", `entry ${position} is no record of an access`);
  }
  const opening = record.opening && readRecord(record.opening.entry);
  const decided = opening?.record ?? signed.record;
  const acts = new ActFinder(parts.db);
  const anchor = (await parts.history.anchors(department)).find(({ size }) => size > position);
  if (anchor === undefined) throw notYet({ waitingFor: "anchor", department, position });
  const before = await acts.before(anchor.transactionId);
  const cases = await casesOf(decided, acts, parts.history);
  const { height } = decided.checked;
  const shown = [
    ...[anchor.block, before.block, height - 1, decided.request.ledger.height - 1],
    ...cases.flatMap(({ act, since }) => [act.block, ...(since === undefined ? [] : [since.block])]),
  ];
  const blocks = [...new Set(shown)].sort((a, b) => a - b);
  const witnesses = await witnessesOf(Math.max(...blocks), anchor, decided, parts);
  await parts.tree.catchUp();
  const head = { size: anchor.size, root: Buffer.from(anchor.root, "hex") };
  const reader = new TreeReader(parts.tiles(department), head);
  const logPlace = async (at: number, bytes: Uint8Array) => ({
    position: at,
    entry: Buffer.from(bytes).toString("base64"),
    inclusion: (await reader.inclusion(at)).map(hexOf),
  });
  const places = [placeOf(anchor), before, ...cases.flatMap(({ act, since }) => [act, ...(since ? [since] : [])])];
  const needed = [...places, ...witnesses].map(({ block }) => block);
  const configuration = await configurationBlocks(parts.db, Math.max(...needed));
  const between = await blocksBetween(
    { starts: cases.map(({ act, since }) => (since ?? act).block), height, witnesses },
    parts.tree,
  );
  const signers = [decided.request.certificate, signed.record.certificate, decided.certificate, receipt?.certificate];
  return {
    format: "wanlian-evidence",
    version: 2,
    channel: parts.channel,
    chaincode: parts.chaincode,
    department,
    record: await logPlace(position, entry),
    ...(record.opening === undefined ? {} : { opening: await logPlace(record.opening.position, record.opening.entry) }),
    ...(receipt === undefined ? {} : { receipt }),
    ...(key === undefined ? {} : { key }),
    anchor: placeOf(anchor),
    before: { transaction: before.transaction, block: before.block },
    cases,
    ...(between === undefined ? {} : { between }),
    witnesses: witnesses.map(placeOf),
    leaves: await leavesOf(blocks, witnesses, parts.tree),
    configuration,
    blocks: Object.fromEntries(
      await Promise.all(
        [...new Set([...configuration, ...needed])].map(async (n) => [
          String(n),
          Buffer.from(await parts.fetchBlock(n)).toString("base64"),
        ]),
      ),
    ),
    certificates: certificatesOf(record, signers),
  };
}

/** The cases on which an access rests, as they stood below the height at which it was checked. */
async function casesOf(record: AccessRecord, acts: ActFinder, history: LedgerPast): Promise<CaseEvidence[]> {
  const { request, checked } = record;
  const rule = await history.ruleAt(request, checked.height);
  const deciding = [
    { noun: "application", case: request.grant },
    { noun: "release", case: request.release },
    { noun: "member", case: request.consumer },
    ...(request.mandate === undefined ? [] : [{ noun: "mandate", case: request.mandate } as const]),
    ...(rule?.cases.dataset === undefined ? [] : [{ noun: "dataset", case: request.dataset } as const]),
  ] as const;
  const named = [
    { noun: "clock", case: "clock" },
    { noun: "policy", case: "policy" },
    ...(demandsGrant(record) ? deciding : []),
  ] as const;
  const found: CaseEvidence[] = [];
  for (const { noun, case: id } of named) {
    const act = await acts.last(noun, id, checked.height);
    if (act === undefined) continue;
    const since =
      noun === "member" || noun === "policy" ? await acts.restingOn(noun, id, act, checked.height) : undefined;
    found.push({ noun, case: id, act: plain(act), ...(since === undefined ? {} : { since: plain(since) }) });
  }
  return found;
}

/**
 * The first anchor since of each department that is no party, once there are as many as it takes: of those that were
 * members when the log was anchored, which is what a verifier goes by. One that has joined since is no witness of it.
 * @throws LedgerError NOT_YET
 */
async function witnessesOf(
  block: number,
  anchor: Anchor,
  { request, checked }: AccessRecord,
  parts: ExportParts,
): Promise<Anchor[]> {
  const channel = await configurationBefore(anchor.block, parts);
  const members = membersIn(channel) as readonly MspId[];
  const others = members.filter((member) => member !== request.provider && member !== request.consumer);
  const found = await Promise.all(
    others.map(async (member) => (await parts.history.anchors(member)).find(({ blocks }) => blocks > block)),
  );
  const there = found.filter((anchor) => anchor !== undefined);
  const rules = await parts.history.rulesAt(checked.height);
  if (rules === undefined) throw new LedgerError("NOT_FOUND", `there was no policy below height ${checked.height}`);
  const k = Math.max(endorsersIn(channel) ?? 0, rules.reading.requiredEndorsers(rules.policy, members.length));
  const needed = witnessesNeeded(k, others.length);
  if (there.length < needed) throw notYet({ waitingFor: "witnesses", found: there.length, needed, block });
  return there.slice(0, MAX_WITNESSES);
}

/** What has to come before evidence can be made. */
export type Awaited =
  | { readonly waitingFor: "anchor"; readonly department: MspId; readonly position: number }
  | { readonly waitingFor: "witnesses"; readonly found: number; readonly needed: number; readonly block: number };

export function notYet(awaited: Awaited): LedgerError {
  const message =
    awaited.waitingFor === "anchor"
      ? `${awaited.department} has not anchored record ${awaited.position} yet`
      : `${awaited.found} of ${awaited.needed} departments have anchored the ledger with block ${awaited.block}`;
  return new LedgerError("NOT_YET", message, { details: { ...awaited } });
}

/** That a block was made under. */
async function configurationBefore(block: number, { db, fetchBlock }: ExportParts): Promise<Bundle> {
  const last = (await configurationBlocks(db, block - 1)).at(-1) ?? 0;
  return bundleFromBlock(Block.decode(await fetchBlock(last)).data?.data ?? []);
}

export async function configurationBlocks(db: Kysely<NodeDatabase>, last: number): Promise<number[]> {
  const rows = await db
    .selectFrom("configurations")
    .select("block")
    .where("kind", "=", "channel")
    .where("block", "<=", last)
    .orderBy("block")
    .execute();
  return rows.map(({ block }) => Number(block));
}

export function placeOf({ transactionId, block }: Anchor): ActPlace {
  return { transaction: transactionId as TransactionId, block };
}

const plain = ({ transaction, block }: PlacedAct): ActPlace => ({ transaction, block });

function certificatesOf(
  { certificates }: ProvableRecord,
  ids: readonly (Digest | undefined)[],
): Record<Digest, string> {
  return Object.fromEntries(
    ids.flatMap((id) => {
      const pem = id === undefined ? undefined : certificates.get(id);
      return id === undefined || pem === undefined ? [] : [[id, pem] as const];
    }),
  );
}

function hexOf(hash: Uint8Array): Digest {
  return Buffer.from(hash).toString("hex") as Digest;
}
