import { LedgerError } from "@wanlian/model/errors.js";
import type { MspId, TransactionId } from "@wanlian/model/identifiers.js";
import { bundleFromBlock } from "@wanlian/protocol/configuration/bundle.js";
import { Block } from "@wanlian/protocol/messages/common.js";
import {
  type AnswerFile,
  type EvidenceFile,
  endorsersIn,
  membersIn,
  type Said,
  type SaidStanding,
  signStatement,
  witnessesNeeded,
} from "@wanlian/verify";
import type { Signer } from "../../core/index.js";
import type { Anchor } from "../../read/index.js";
import { ActFinder } from "../act-finder.js";
import { configurationBlocks, type ExportParts, MAX_WITNESSES, notYet, placeOf } from "../export.js";
import { blocksBetween, leavesOf } from "../tree-proofs.js";
import type { Answered, AnsweredStanding } from "./answered.js";
import { saidActs } from "./said-acts.js";

/** A file that a mail takes, and that a browser can verify. */
const MOST_BYTES = 48 * 1024 * 1024;
/** Blocks asked of the peer at a time. */
const LOT = 16;

export interface AnswerParts extends Omit<ExportParts, "tiles"> {
  readonly department: MspId;
  /** The node's own: signs what it says. */
  readonly signer: Signer;
}

/**
 * Puts together what a node says to a question, signed, with what proves it offline as far as it can be proven.
 * @param accesses evidence of each of the answer's records, in their order
 * @throws LedgerError NOT_YET with what is waited for; TOO_LARGE
 */
export async function exportAnswer(
  answered: Answered,
  accesses: readonly EvidenceFile[],
  parts: AnswerParts,
): Promise<AnswerFile> {
  const { db, tree, channel, chaincode, department, signer } = parts;
  const { acts, whole } = await saidActs(answered.acts, db);
  const standings = await standingsOf(answered.standings, new ActFinder(db));
  const { height, time } = parts.history.position();
  const { question, cell, records, more } = answered;
  const said: Said = {
    ...{ schema: 1, channel, department, question, ledger: { height, time }, acts, whole, standings },
    ...(cell === undefined ? {} : { cell }),
    ...{ records: [...records], more },
  };
  const inLeaves = numbers([
    ...acts.map(({ at }) => at.block),
    ...standings.flatMap(({ act, since }) => [act.block, ...(since === undefined ? [] : [since.block])]),
  ]);
  const heights = standings.map((standing) => standing.height);
  const spoken = [...inLeaves, ...heights.map((one) => one - 1)];
  const configuration = await configurationBlocks(db, height);
  const witnesses = spoken.length === 0 ? [] : await vouchingFor(Math.max(...spoken), configuration, parts);
  await tree.catchUp();
  const starts = standings.map(({ act, since }) => (since ?? act).block);
  const span = { starts, height: Math.max(0, ...heights), witnesses };
  const between = starts.length === 0 ? undefined : await blocksBetween(span, tree);
  const ticks = acts.flatMap(({ tick }) => (tick === undefined ? [] : [tick.block]));
  const needed = numbers([...configuration, ...inLeaves, ...ticks, ...witnesses.map(({ block }) => block)]);
  return {
    ...{ format: "wanlian-answer", version: 1, channel, chaincode, said },
    signature: await signStatement("answer", said, signer),
    certificate: Buffer.from(signer.certificate).toString("utf8"),
    accesses: accesses.map(accessOf),
    witnesses: witnesses.map(placeOf),
    leaves: await leavesOf(inLeaves, witnesses, tree),
    ...(between === undefined ? {} : { between }),
    configuration,
    blocks: await blocksOf(needed, accesses, parts),
    certificates: Object.assign({}, ...accesses.map(({ certificates }) => certificates)),
  };
}

async function standingsOf(standings: readonly AnsweredStanding[], finder: ActFinder): Promise<SaidStanding[]> {
  return await Promise.all(
    standings.map(async ({ act, height }) => {
      const { noun, case: id, number, block } = act;
      const place = { transaction: act.transactionId as TransactionId, block };
      const since = await finder.restingOn(noun, id, { ...place, number }, height);
      const later = since && { since: { transaction: since.transaction, block: since.block } };
      return { noun, case: id, number, height, act: place, ...later };
    }),
  );
}

/** The first anchor of each department that is later than a block, once there are as many as have to endorse. */
async function vouchingFor(
  block: number,
  configuration: readonly number[],
  { fetchBlock, history }: AnswerParts,
): Promise<Anchor[]> {
  const bundle = bundleFromBlock(Block.decode(await fetchBlock(configuration.at(-1) ?? 0)).data?.data ?? []);
  const members = membersIn(bundle) as readonly MspId[];
  const found = await Promise.all(
    members.map(async (member) => (await history.anchors(member)).find(({ blocks }) => blocks > block)),
  );
  const there = found.filter((anchor) => anchor !== undefined);
  const needed = witnessesNeeded(endorsersIn(bundle) ?? members.length, members.length);
  if (there.length < needed) throw notYet({ waitingFor: "witnesses", found: there.length, needed, block });
  return there.slice(0, MAX_WITNESSES);
}

/** The height below which enough departments have anchored the ledger by now; 0: they have not begun. */
export async function vouchedHeight({ db, fetchBlock, history }: AnswerParts): Promise<number> {
  const configuration = await configurationBlocks(db, history.position().height);
  const bundle = bundleFromBlock(Block.decode(await fetchBlock(configuration.at(-1) ?? 0)).data?.data ?? []);
  const members = membersIn(bundle) as readonly MspId[];
  const heights = await Promise.all(
    members.map(async (member) => Math.max(0, ...(await history.anchors(member)).map(({ blocks }) => blocks))),
  );
  const needed = witnessesNeeded(endorsersIn(bundle) ?? members.length, members.length);
  return heights.sort((a, b) => b - a)[needed - 1] ?? 0;
}

/** @throws LedgerError TOO_LARGE */
async function blocksOf(
  needed: readonly number[],
  accesses: readonly EvidenceFile[],
  { fetchBlock }: Pick<AnswerParts, "fetchBlock">,
): Promise<Record<string, string>> {
  const blocks: Record<string, string> = Object.assign({}, ...accesses.map((access) => access.blocks));
  const missing = needed.filter((number) => blocks[String(number)] === undefined);
  let bytes = Object.values(blocks).reduce((sum, block) => sum + block.length, 0);
  for (let from = 0; from < missing.length; from += LOT) {
    const lot = missing.slice(from, from + LOT);
    const fetched = await Promise.all(lot.map(fetchBlock));
    for (const [at, block] of fetched.entries()) {
      const text = Buffer.from(block).toString("base64");
      bytes += text.length;
      blocks[String(lot[at])] = text;
    }
    if (bytes > MOST_BYTES) {
      const message = `the answer's blocks take more than ${MOST_BYTES} bytes: ask for less at a time (limit, from, to)`;
      throw new LedgerError("TOO_LARGE", message);
    }
  }
  return blocks;
}

function accessOf(file: EvidenceFile): AnswerFile["accesses"][number] {
  const { format: _f, version: _v, channel: _c, chaincode: _n, blocks: _b, certificates: _p, ...own } = file;
  return own;
}

const numbers = (all: readonly number[]): number[] => [...new Set(all)].sort((a, b) => a - b);
