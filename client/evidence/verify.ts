import { openCheckpoint } from "@wanlian/model/checkpoint.js";
import { LedgerError } from "@wanlian/model/errors.js";
import type { Digest, Instant } from "@wanlian/model/identifiers.js";
import { leafHash, verifyInclusion } from "@wanlian/model/merkle.js";
import { verifyRange } from "@wanlian/model/merkle-range.js";
import { parseVerifierKey } from "@wanlian/model/note.js";
import type { AnchorLog } from "@wanlian/model/nouns/log/log.js";
import { toHex } from "@wanlian/protocol/bytes.js";
import { ProtocolError } from "@wanlian/protocol/errors.js";
import type { Text } from "@wanlian/protocol/language.js";
import {
  type ConsortiumRoots,
  followConfiguration,
  type VerifiedConfiguration,
} from "@wanlian/protocol/verify/configuration.js";
import { covers } from "../audit/ledger-history.js";
import { decodeEntry, recordId, type SignedRecord } from "../exchange/access-record.js";
import { Identities } from "../exchange/identities.js";
import { NodeError } from "../node/errors.js";
import { blockOf, invalid, stateOf, type VerifiedAct, verifyAct } from "./acts.js";
import type { BlocksBetween, EvidenceBundle, LeafEvidence } from "./bundle.js";
import { ledgerLeaf } from "./ledger-tree.js";
import { GRANT_BETWEEN_NOT_PROVEN, NEVER_PROVEN, STEPS, type Step, type StepName } from "./step.js";

/** What a verification comes to. */
export interface Verification {
  readonly steps: readonly Step[];
  /** Whether every step holds that applies. */
  readonly holds: boolean;
  readonly record: SignedRecord | undefined;
  /** What nobody should read into it. */
  readonly notProven: readonly Text[];
}

/** What a verifier brings along: the consortium's roots, and the name of its contracts. */
export interface EvidenceTrust extends ConsortiumRoots {
  readonly chaincode: string;
}

/**
 * Checks an evidence file against the consortium's root certificates alone: no network, no node. Every step is taken
 * that does not depend on one that failed.
 */
export async function verifyEvidence(bundle: EvidenceBundle, trust: EvidenceTrust): Promise<Verification> {
  const steps = new Map<StepName, Step>();
  const take = async <T>(name: StepName, work: () => Promise<{ value: T; text: Text } | undefined>) => {
    try {
      const done = await work();
      steps.set(name, { name, outcome: done === undefined ? "skipped" : "holds", text: done?.text ?? NOT_APPLICABLE });
      return done?.value;
    } catch (error) {
      steps.set(name, { name, outcome: "fails", text: whyNot(error) });
      return undefined;
    }
  };
  const skip = (name: StepName, text: Text) => steps.set(name, { name, outcome: "skipped", text });
  const signed = decodeEntry(Buffer.from(bundle.record.entry, "base64"));

  const configuration = await take("configuration", () => stepConfiguration(bundle, trust));
  if (configuration !== undefined) {
    const anchor = await take("anchor", () => stepAnchor(bundle, configuration));
    if (anchor !== undefined) {
      await take("inclusion", () => stepInclusion(bundle, anchor));
      const witnesses = await take("witnesses", () => stepWitnesses(bundle, configuration, anchor));
      if (witnesses !== undefined) {
        await take("counted", () => stepCounted(bundle, anchor, witnesses));
        await take("ledgerPosition", () => stepPosition(bundle, signed, witnesses));
        const grant = await take("grant", () => stepGrant(bundle, signed, configuration, witnesses));
        const { between } = bundle;
        if (grant !== undefined && between === undefined) skip("grantStood", NOT_IN_FILE);
        else if (steps.get("grant")?.outcome === "skipped") skip("grantStood", NOT_APPLICABLE);
        else if (grant !== undefined && between !== undefined)
          await take("grantStood", () => stepGrantStood(between, signed, grant, witnesses));
      }
      const identities = new Identities(
        () => anchor.verified.bundle,
        // A certificate's end is no matter here: it had not come when the record was made and anchored.
        () => new Date(0),
      );
      await take("request", () => stepRequest(bundle, signed, identities));
      await take("record", () => stepRecord(bundle, signed, identities));
      await take("receipt", () => stepReceipt(bundle, signed, identities));
    }
  }
  const all = STEPS.map((name) => steps.get(name) ?? { name, outcome: "skipped" as const, text: AFTER_FAILURE });
  const holds = all.every(
    ({ outcome, text }) => outcome === "holds" || (outcome === "skipped" && text !== AFTER_FAILURE),
  );
  const between = steps.get("grantStood")?.text === NOT_IN_FILE ? [GRANT_BETWEEN_NOT_PROVEN] : [];
  return { steps: all, holds, record: signed, notProven: [...NEVER_PROVEN, ...between] };
}

interface Done<T> {
  readonly value: T;
  readonly text: Text;
}

async function stepConfiguration(bundle: EvidenceBundle, trust: EvidenceTrust): Promise<Done<VerifiedConfiguration>> {
  if (bundle.chaincode !== trust.chaincode) throw invalid(`the file is of contracts "${bundle.chaincode}"`);
  if (bundle.channel !== trust.channelId) throw invalid(`the file is of channel ${bundle.channel}`);
  const blocks = bundle.configuration.map((number) => blockOf(bundle, number));
  const value = await followConfiguration(blocks, trust, blockOf(bundle, 1));
  return {
    value,
    text: {
      zh: `通道配置自创世块起逐次有效（共 ${blocks.length} 次），各部门根证书与所信任的一致`,
      en: `The channel's configuration holds from the genesis block on (${blocks.length} in turn); the departments' roots are the trusted ones`,
    },
  };
}

async function stepAnchor(bundle: EvidenceBundle, configuration: VerifiedConfiguration): Promise<Done<VerifiedAct>> {
  const value = await verifyAct(bundle.anchor, bundle, configuration);
  const { act, verified, endorsers } = value;
  if (act.noun !== "log" || act.type !== "anchor" || act.case !== bundle.department) {
    throw invalid(`it is no anchor of the log of ${bundle.department}`);
  }
  return {
    value,
    text: {
      zh: `${bundle.department} 的日志锚定于区块 ${verified.number}：排序节点已签名，${endorsers.join("、")} 已背书`,
      en: `The log of ${bundle.department} is anchored in block ${verified.number}: signed by the orderers, endorsed by ${endorsers.join(", ")}`,
    },
  };
}

async function stepInclusion({ record, inclusion }: EvidenceBundle, { act }: VerifiedAct): Promise<Done<true>> {
  const { checkpoint } = act.body as AnchorLog;
  const { key } = stateOf(act, "log");
  const { size, root } = openCheckpoint(checkpoint, parseVerifierKey(key));
  const leaf = leafHash(Buffer.from(record.entry, "base64"));
  const proof = inclusion.map((hash) => Buffer.from(hash, "hex"));
  if (!verifyInclusion({ index: record.position, size, leaf, proof, root })) {
    throw invalid(`the record is not number ${record.position} of the anchored log`);
  }
  return {
    value: true,
    text: {
      zh: `记录是所锚定日志的第 ${record.position} 条（共 ${size} 条），检查点由该日志的密钥签名`,
      en: `The record is number ${record.position} of the ${size} in the anchored log; the checkpoint is signed with the log's key`,
    },
  };
}

async function stepWitnesses(
  bundle: EvidenceBundle,
  configuration: VerifiedConfiguration,
  anchor: VerifiedAct,
): Promise<Done<readonly VerifiedAct[]>> {
  const value: VerifiedAct[] = [];
  for (const place of bundle.witnesses) value.push(await verifyAct(place, bundle, configuration));
  if (value.some(({ act }) => act.noun !== "log" || act.type !== "anchor")) throw invalid("a witness is no anchor");
  const departments = [...new Set(value.map(({ creator }) => creator))].sort();
  const needed = anchor.endorsers.length;
  if (departments.length < needed) {
    throw invalid(`${departments.length} departments have anchored the ledger since, of ${needed} needed`);
  }
  return {
    value,
    text: {
      zh: `此后 ${departments.length} 个部门锚定了账本树：${departments.join("、")}`,
      en: `${departments.length} departments have anchored the ledger tree since: ${departments.join(", ")}`,
    },
  };
}

async function stepCounted(
  bundle: EvidenceBundle,
  anchor: VerifiedAct,
  witnesses: readonly VerifiedAct[],
): Promise<Done<true>> {
  checkCounted(bundle, anchor, witnesses);
  return {
    value: true,
    text: {
      zh: "锚定操作有效：上述部门的账本树都含有这一区块，并认定该操作有效",
      en: "The anchor counted: those departments' ledger trees hold its block and find the act valid",
    },
  };
}

async function stepPosition(
  bundle: EvidenceBundle,
  signed: SignedRecord | undefined,
  witnesses: readonly VerifiedAct[],
): Promise<Done<true>> {
  const { height, block } = recordOf(signed).checked;
  const { leaf } = leafOf(bundle, height - 1, witnesses);
  if (leaf.hash !== block) throw invalid(`block ${height - 1} of the ledger has another hash than the record states`);
  return {
    value: true,
    text: {
      zh: `提供部门检查授权时的账本高度为 ${height}，区块哈希与账本一致`,
      en: `The provider checked the grant at ledger height ${height}; the block's hash is the ledger's`,
    },
  };
}

async function stepGrant(
  bundle: EvidenceBundle,
  signed: SignedRecord | undefined,
  configuration: VerifiedConfiguration,
  witnesses: readonly VerifiedAct[],
): Promise<Done<VerifiedAct> | undefined> {
  const record = recordOf(signed);
  if (record.result === "refused" || record.result === "failed") return undefined;
  if (bundle.grant === undefined) throw invalid("data went out, and the file shows no grant");
  const grant = await verifyAct(bundle.grant, bundle, configuration);
  checkCounted(bundle, grant, witnesses);
  const { act, verified } = grant;
  const { request, checked } = record;
  if (act.noun !== "application" || act.case !== request.grant || act.number !== checked.act) {
    throw invalid("it is not the act that the record cites");
  }
  if (verified.number >= BigInt(checked.height)) throw invalid("it is later than the height at which it was checked");
  const state = stateOf(act, "application");
  if (record.result !== "stopped" && !covers({ state, time: checked.time as Instant }, request)) {
    throw invalid("the grant does not cover what was asked");
  }
  return {
    value: grant,
    text: {
      zh: `授权（区块 ${verified.number}，第 ${act.number} 步）涵盖所请求的字段、用途、场景与期间`,
      en: `The grant (block ${verified.number}, act ${act.number}) covers the fields, purpose, scenario and period asked`,
    },
  };
}

/** That the grant's act was still its case's last at the height at which it was checked. */
async function stepGrantStood(
  between: BlocksBetween,
  signed: SignedRecord | undefined,
  { act, verified }: VerifiedAct,
  witnesses: readonly VerifiedAct[],
): Promise<Done<true>> {
  const { height } = recordOf(signed).checked;
  const start = Number(verified.number);
  if (between.leaves.length !== height - start || between.leaves.some(({ block }, at) => block !== start + at)) {
    throw invalid(`the file does not hold the leaves of blocks ${start} to ${height - 1}`);
  }
  const leaves = between.leaves.map((leaf) => leafHash(ledgerLeaf(leaf)));
  for (const [at, { act: witness, creator }] of witnesses.entries()) {
    const { blocks, root } = (witness.body as AnchorLog).ledger;
    const proof = (between.proofs[at] ?? []).map((hash) => Buffer.from(hash, "hex"));
    if (!verifyRange({ start, leaves, size: blocks, proof, root: Buffer.from(root, "hex") })) {
      throw invalid(`the ledger tree of ${creator} does not hold blocks ${start} to ${height - 1} as stated`);
    }
  }
  for (const { block, verdicts } of between.leaves) {
    const later = countedActs(verdicts).find(
      ([noun, id, number]) => noun === act.noun && id === act.case && number > act.number,
    );
    if (later !== undefined) throw invalid(`act ${later[2]} in block ${block} changed the grant before it was checked`);
  }
  return {
    value: true,
    text: {
      zh: `自授权至检查高度之间的 ${leaves.length} 个区块中，没有其他操作改变该授权`,
      en: `In the ${leaves.length} blocks from the grant to the height checked, no other act changed it`,
    },
  };
}

async function stepRequest(
  bundle: EvidenceBundle,
  signed: SignedRecord | undefined,
  identities: Identities,
): Promise<Done<true>> {
  const { request, requestSignature } = recordOf(signed);
  const pem = certificateOf(bundle, request.certificate);
  const officer = await identities.check(request.consumer, pem, "access-request", request, requestSignature);
  if (officer.officer !== request.officer || officer.certificate.fingerprint !== request.certificate) {
    throw invalid("another officer's certificate signed the request");
  }
  return {
    value: true,
    text: {
      zh: `请求由 ${request.consumer} 的经办人 ${request.officer} 签名`,
      en: `The request is signed by officer ${request.officer} of ${request.consumer}`,
    },
  };
}

async function stepRecord(
  bundle: EvidenceBundle,
  signed: SignedRecord | undefined,
  identities: Identities,
): Promise<Done<true>> {
  const record = recordOf(signed);
  const { provider } = record.request;
  const pem = certificateOf(bundle, record.certificate);
  const node = await identities.check(provider, pem, "access-record", record, signed?.signature ?? "");
  if (!node.roles.includes("node")) throw invalid(`${node.officer} of ${provider} is not its node`);
  const reason = record.reason === undefined ? "" : ` (${record.reason})`;
  return {
    value: true,
    text: {
      zh: `记录由 ${provider} 的节点签名：${record.request.way}，结果 ${record.result}${reason}，${record.rows} 行`,
      en: `The record is signed by the node of ${provider}: ${record.request.way}, ${record.result}${reason}, ${record.rows} rows`,
    },
  };
}

async function stepReceipt(
  bundle: EvidenceBundle,
  signed: SignedRecord | undefined,
  identities: Identities,
): Promise<Done<true> | undefined> {
  const { receipt } = bundle.record;
  if (receipt === undefined || signed === undefined) return undefined;
  const { consumer } = signed.record.request;
  const statement = { record: recordId(signed) };
  const pem = certificateOf(bundle, receipt.certificate);
  const node = await identities.check(consumer, pem, "access-receipt", statement, receipt.signature);
  if (!node.roles.includes("node")) throw invalid(`${node.officer} of ${consumer} is not its node`);
  return {
    value: true,
    text: { zh: `${consumer} 的节点已会签`, en: `The node of ${consumer} countersigned it` },
  };
}

/** @throws ProtocolError unless the witnesses' trees say that the act counted */
function checkCounted(
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

/** A transaction's index, what the fold found of it, and the acts that it writes. */
type Verdict = readonly [index: number, found: string, acts: readonly WrittenAct[]];
type WrittenAct = readonly [noun: string, id: string, number: number];

function verdictsOf(text: string): readonly Verdict[] {
  return JSON.parse(text) as Verdict[];
}

function countedActs(text: string): readonly WrittenAct[] {
  return verdictsOf(text).flatMap(([, found, acts]) => (found === "counted" ? acts : []));
}

/** A block's leaf, once it is certain that every witness's tree holds it. @throws ProtocolError */
function leafOf(bundle: EvidenceBundle, block: number, witnesses: readonly VerifiedAct[]): LeafEvidence {
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

function recordOf(signed: SignedRecord | undefined): SignedRecord["record"] {
  if (signed === undefined) throw invalid("the entry is no access record");
  return signed.record;
}

function certificateOf({ certificates }: EvidenceBundle, id: Digest): string {
  const pem = certificates[id];
  if (pem === undefined || pem === "") throw invalid(`the file lacks certificate ${id}`);
  return pem;
}

const NOT_APPLICABLE: Text = { zh: "不适用", en: "does not apply" };
const NOT_IN_FILE: Text = {
  zh: "文件未含其间的区块，不作证明",
  en: "not shown: the file does not hold the blocks between",
};
const AFTER_FAILURE: Text = { zh: "因前一步不成立而未检查", en: "not checked, since a step before does not hold" };

/** @throws what is no finding but a fault of the verifier's own */
function whyNot(error: unknown): Text {
  if (error instanceof ProtocolError || error instanceof LedgerError || error instanceof NodeError) {
    return { zh: `不成立：${error.message}`, en: `does not hold: ${error.message}` };
  }
  throw error;
}
