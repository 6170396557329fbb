import { type Checkpoint, openCheckpoint } from "@wanlian/model/checkpoint.js";
import { leafHash, verifyInclusion } from "@wanlian/model/merkle.js";
import type { ModelVersions } from "@wanlian/model/models.js";
import { parseVerifierKey } from "@wanlian/model/note.js";
import type { VerifiedConfiguration } from "@wanlian/protocol/verify/configuration.js";
import { anchorOf, stateOf, type VerifiedAct, verifyAct, versionOf } from "../acts.js";
import type { EvidenceFile } from "../evidence-file.js";
import { hexOf, type SignedRecord } from "../records/access-record.js";
import { refuted } from "../refuted.js";
import type { Done } from "../step.js";

/** The anchor, and the tree of the log that it states. */
export interface AnchoredLog extends VerifiedAct {
  readonly checkpoint: Checkpoint;
}

/** An anchor of the log of a party of the access, under the log's key as the ledger has it. */
export async function stepAnchor(
  file: EvidenceFile,
  { record }: SignedRecord,
  configuration: VerifiedConfiguration,
  models: ModelVersions,
): Promise<Done<AnchoredLog>> {
  const { provider, consumer } = record.request;
  const { department } = file;
  if (department !== provider && department !== consumer)
    throw refuted(`${department} 不是此次调用的当事部门`, `${department} is no party of the access`);
  const found = await verifyAct(file.anchor, file, configuration);
  const checkpoint = checkpointOf(found, department, models);
  const { verified, endorsers, transaction } = found;
  return {
    value: { ...found, checkpoint },
    fact: { department, block: Number(verified.number), transaction, endorsers },
    text: {
      zh: `${department} 的日志锚定于区块${verified.number}，排序节点已签名，${endorsers.join("、")} 已背书`,
      en: `the log of ${department} is anchored in block ${verified.number}, signed by the orderers, endorsed by ${endorsers.join(", ")}`,
    },
  };
}

function checkpointOf({ act, creator }: VerifiedAct, department: string, models: ModelVersions): Checkpoint {
  if (act.noun !== "log" || act.type !== "anchor" || act.case !== department || creator.department !== department) {
    throw refuted(`这不是 ${department} 日志的锚定`, `it is no anchor of the log of ${department}`);
  }
  const { checkpoint } = anchorOf(act, models);
  const { key } = versionOf(models, act.schema).reading.log(stateOf(act, "log", models));
  return openCheckpoint(checkpoint, parseVerifierKey(key));
}

export async function stepInclusion({ record }: EvidenceFile, { checkpoint }: AnchoredLog): Promise<Done<undefined>> {
  const id = assertIncluded(record, checkpoint);
  return {
    value: undefined,
    fact: { record: id, position: record.position, size: checkpoint.size },
    text: {
      zh: `记录是所锚定日志的第${record.position}条（共${checkpoint.size}条），日志密钥已签名`,
      en: `the record is number ${record.position} of the ${checkpoint.size} in the anchored log, which is signed with the log's key`,
    },
  };
}

/** An entry is in the log's tree. @returns its leaf hash @throws ProtocolError */
export function assertIncluded(
  { position, entry, inclusion }: EvidenceFile["record"],
  { size, root }: Checkpoint,
): string {
  const leaf = leafHash(Buffer.from(entry, "base64"));
  const proof = inclusion.map((hash) => Buffer.from(hash, "hex"));
  if (!verifyInclusion({ index: position, size, leaf, proof, root })) {
    throw refuted(`记录不是所锚定日志的第${position}条`, `the record is not number ${position} of the anchored log`);
  }
  return hexOf(leaf);
}
