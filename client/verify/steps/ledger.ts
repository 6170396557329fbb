import { openCheckpoint } from "@wanlian/model/checkpoint.js";
import { leafHash, verifyInclusion } from "@wanlian/model/merkle.js";
import type { AnchorLog } from "@wanlian/model/model-1/log/log.js";
import { parseVerifierKey } from "@wanlian/model/note.js";
import { followConfiguration, type VerifiedConfiguration } from "@wanlian/protocol/verify/configuration.js";
import { blockOf, invalid, stateOf, type VerifiedAct, verifyAct } from "../acts.js";
import type { EvidenceBundle } from "../bundle.js";
import { checkCounted, leafOf } from "../leaves.js";
import type { SignedRecord } from "../records/access-record.js";
import { type Done, recordOf } from "../step.js";
import type { EvidenceTrust } from "../trust.js";

export async function stepConfiguration(
  bundle: EvidenceBundle,
  trust: EvidenceTrust,
): Promise<Done<VerifiedConfiguration>> {
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

export async function stepAnchor(
  bundle: EvidenceBundle,
  configuration: VerifiedConfiguration,
): Promise<Done<VerifiedAct>> {
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

export async function stepInclusion({ record, inclusion }: EvidenceBundle, { act }: VerifiedAct): Promise<Done<true>> {
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

export async function stepWitnesses(
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

export async function stepCounted(
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

export async function stepPosition(
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
