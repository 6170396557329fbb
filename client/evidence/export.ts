import { LedgerError } from "@wanlian/model/errors.js";
import type { Digest, MspId, TransactionId } from "@wanlian/model/identifiers.js";
import {
  type ActPlace,
  type BlocksBetween,
  type EvidenceBundle,
  type LeafEvidence,
  MAX_BLOCKS_BETWEEN,
} from "@wanlian/verify";
import type { Kysely } from "kysely";
import { type Receipt, readRecord } from "../access/index.js";
import type { LedgerTree } from "../ledger-tree/index.js";
import { type FetchTile, TreeReader } from "../log/index.js";
import type { NodeDatabase } from "../projection/index.js";
import type { Anchor, LedgerHistory } from "../read/index.js";

/** A record to be proven, as a log or an audit gave it. */
export interface ProvableRecord {
  readonly department: MspId;
  readonly position: number;
  readonly entry: Uint8Array;
  readonly receipt: Receipt | undefined;
  readonly key: Digest | undefined;
  readonly certificates: ReadonlyMap<Digest, string>;
}

export interface ExportParts {
  readonly channel: string;
  readonly chaincode: string;
  readonly db: Kysely<NodeDatabase>;
  readonly history: LedgerHistory;
  readonly tree: LedgerTree;
  /** Block bytes as the own peer delivers them. */
  readonly fetchBlock: (number: number) => Promise<Uint8Array>;
  /** Hash tiles of a department's log. */
  readonly tiles: (department: MspId) => FetchTile;
  readonly members: () => Promise<readonly MspId[]>;
}

/** Departments whose anchors go along as witnesses; more than k ever is. */
const MAX_WITNESSES = 8;

/**
 * Puts together what proves one record offline.
 * @throws LedgerError NOT_YET: not anchored, or not witnessed since; the next anchors will do
 */
export async function exportEvidence(record: ProvableRecord, parts: ExportParts): Promise<EvidenceBundle> {
  const { department, position, entry, receipt, key } = record;
  const signed = readRecord(entry);
  if (signed === undefined)
    throw new LedgerError("INVALID_INPUT", `entry ${position} of ${department} is no access record`);
  const anchor = (await parts.history.anchors(department)).find(({ size }) => size > position);
  if (anchor === undefined) {
    throw new LedgerError("NOT_YET", `${department} has not anchored record ${position} yet; try again in a minute`);
  }
  const { checked, request } = signed.record;
  const grant = checked.act === 0 ? undefined : await actPlace(parts.db, "application", request.grant, checked.act);
  const proven = [anchor.block, checked.height - 1, ...(grant === undefined ? [] : [grant.block])];
  const blocks = [...new Set(proven)].sort((a, b) => a - b);
  const witnesses = await witnessesOf(Math.max(...blocks), department, parts);
  if (witnesses.length === 0) {
    const message = `no other department has anchored the ledger with block ${Math.max(...blocks)} yet: that takes the clock's next tick, and an anchor after it`;
    throw new LedgerError("NOT_YET", message);
  }
  await parts.tree.catchUp();
  const head = { size: anchor.size, root: Buffer.from(anchor.root, "hex") };
  const inclusion = await new TreeReader(parts.tiles(department), head).inclusion(position);
  const configuration = await configurationBlocks(
    parts.db,
    Math.max(...blocks, ...witnesses.map(({ block }) => block)),
  );
  // Block 1 vouches for the genesis block.
  const needed = [
    ...configuration,
    1,
    anchor.block,
    ...(grant ? [grant.block] : []),
    ...witnesses.map(({ block }) => block),
  ];
  const between = grant && (await blocksBetween(grant.block, checked.height, witnesses, parts.tree));
  const certificates = certificatesOf(record, [request.certificate, signed.record.certificate, receipt?.certificate]);
  return {
    format: "wanlian-evidence",
    version: 1,
    channel: parts.channel,
    chaincode: parts.chaincode,
    department,
    record: {
      position,
      entry: Buffer.from(entry).toString("base64"),
      ...(receipt === undefined ? {} : { receipt }),
      ...(key === undefined ? {} : { key }),
    },
    inclusion: inclusion.map(hexOf),
    anchor: placeOf(anchor),
    ...(grant === undefined ? {} : { grant }),
    ...(between === undefined ? {} : { between }),
    witnesses: witnesses.map(placeOf),
    leaves: await Promise.all(blocks.map((block) => leafEvidence(block, witnesses, parts.tree))),
    configuration,
    blocks: Object.fromEntries(
      await Promise.all(
        [...new Set(needed)].map(async (n) => [String(n), Buffer.from(await parts.fetchBlock(n)).toString("base64")]),
      ),
    ),
    certificates,
  };
}

/** The first anchor of each other department whose tree has the block. */
async function witnessesOf(block: number, department: MspId, parts: ExportParts): Promise<Anchor[]> {
  const others = (await parts.members()).filter((member) => member !== department);
  const found = await Promise.all(
    others.map(async (member) => (await parts.history.anchors(member)).find(({ blocks }) => blocks > block)),
  );
  return found.filter((anchor) => anchor !== undefined).slice(0, MAX_WITNESSES);
}

async function leafEvidence(block: number, witnesses: readonly Anchor[], tree: LedgerTree): Promise<LeafEvidence> {
  const { hash, ...leaf } = await tree.leaf(block);
  return {
    leaf: { ...leaf, hash: hash as Digest },
    inclusions: witnesses.map(({ blocks }) => tree.inclusion(block, blocks).map(hexOf)),
  };
}

async function blocksBetween(
  start: number,
  end: number,
  witnesses: readonly Anchor[],
  tree: LedgerTree,
): Promise<BlocksBetween | undefined> {
  if (start >= end || end - start > MAX_BLOCKS_BETWEEN) return undefined;
  const leaves = await tree.leaves({ start, end });
  return {
    leaves: leaves.map((leaf) => ({ ...leaf, hash: leaf.hash as Digest })),
    proofs: witnesses.map(({ blocks }) => tree.range({ start, end }, blocks).map(hexOf)),
  };
}

async function actPlace(
  db: Kysely<NodeDatabase>,
  noun: string,
  id: string,
  number: number,
): Promise<ActPlace | undefined> {
  const row = await db
    .selectFrom("acts")
    .select(["transaction_id", "block"])
    .where("noun", "=", noun)
    .where("case_id", "=", id)
    .where("number", "=", number)
    .where("counted", "=", 1)
    .executeTakeFirst();
  return row && { transaction: row.transaction_id as TransactionId, block: Number(row.block) };
}

async function configurationBlocks(db: Kysely<NodeDatabase>, last: number): Promise<number[]> {
  const rows = await db
    .selectFrom("configurations")
    .select("block")
    .where("kind", "=", "channel")
    .where("block", "<=", last)
    .orderBy("block")
    .execute();
  return rows.map(({ block }) => Number(block));
}

function placeOf({ transactionId, block }: Anchor): ActPlace {
  return { transaction: transactionId as TransactionId, block };
}

function certificatesOf(
  { certificates }: ProvableRecord,
  ids: readonly (Digest | undefined)[],
): Record<Digest, string> {
  const named = ids.flatMap((id) => (id === undefined ? [] : [[id, certificates.get(id) ?? ""] as const]));
  return Object.fromEntries(named);
}

function hexOf(hash: Uint8Array): Digest {
  return Buffer.from(hash).toString("hex") as Digest;
}
