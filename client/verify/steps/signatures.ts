import { canonicalBytes } from "@wanlian/model/canonical.js";
import type { Digest } from "@wanlian/model/identifiers.js";
import { isMachine } from "@wanlian/model/roles.js";
import { toHex } from "@wanlian/protocol/bytes.js";
import { sha256 } from "@wanlian/protocol/hash.js";
import { demandsGrant } from "../demands.js";
import type { EvidenceFile } from "../evidence-file.js";
import { NotShown } from "../not-shown.js";
import { type AccessRecord, recordId, type SignedRecord } from "../records/access-record.js";
import { readRecord } from "../records/log-entry.js";
import type { Signatories, Signatory } from "../records/signatories.js";
import { refuted } from "../refuted.js";
import type { Done } from "../step.js";
import { type AnchoredLog, assertIncluded } from "./log.js";

/** The officer of the consumer's who asked, and whose request it is. */
export async function stepRequest(
  file: EvidenceFile,
  { record }: SignedRecord,
  signatories: Signatories,
): Promise<Done<undefined>> {
  const { request, requestSignature } = record;
  const pem = certificateOf(file, request.certificate);
  const officer = await signatories.check(request.consumer, pem, "access-request", request, requestSignature);
  if (officer.officer !== request.officer) throw refuted("请求由另一经办人签名", "another officer signed the request");
  assertNamed(officer, request.certificate);
  const machine = isMachine(officer.roles);
  if (machine !== (request.machine ?? false)) {
    throw refuted("请求是否由系统发出，与其证书不符", "whether a machine asked, request and certificate disagree");
  }
  if (demandsGrant(record) && !machine && !officer.roles.includes("user")) {
    throw refuted(
      `${request.consumer} 的经办人 ${request.officer} 不是使用人员，却得到了数据`,
      `officer ${request.officer} of ${request.consumer} is no user, and was given data`,
    );
  }
  const who = machine ? { zh: "业务系统", en: "machine" } : { zh: "经办人", en: "officer" };
  return {
    value: undefined,
    fact: { request: toHex(sha256(canonicalBytes(request))) },
    text: {
      zh: `${request.consumer} 的${who.zh} ${request.officer} 已对此次请求签名`,
      en: `${who.en} ${request.officer} of ${request.consumer} signed this request`,
    },
  };
}

export async function stepRecord(
  file: EvidenceFile,
  signed: SignedRecord,
  signatories: Signatories,
): Promise<Done<undefined>> {
  const { provider } = signed.record.request;
  await assertProviders(file, signed, signatories);
  return {
    value: undefined,
    fact: { record: recordId(signed) },
    text: { zh: `${provider} 的节点已对此记录签名`, en: `the node of ${provider} signed this record` },
  };
}

export async function stepReceipt(
  file: EvidenceFile,
  signed: SignedRecord,
  signatories: Signatories,
): Promise<Done<undefined>> {
  const { receipt } = file;
  const { consumer } = signed.record.request;
  if (receipt === undefined) {
    throw new NotShown({ zh: `文件没有 ${consumer} 的回签`, en: `the file has no countersignature of ${consumer}'s` });
  }
  const pem = certificateOf(file, receipt.certificate);
  const statement = { record: recordId(signed) };
  const node = await signatories.check(consumer, pem, "access-receipt", statement, receipt.signature);
  assertNode(node, receipt.certificate);
  return {
    value: undefined,
    fact: { record: statement.record, department: consumer },
    text: { zh: `${consumer} 的节点已回签`, en: `the node of ${consumer} countersigned this record` },
  };
}

/** Of a closing: the record with which the same access began, in the same log. */
export async function stepOpening(
  file: EvidenceFile,
  { record }: SignedRecord & { readonly record: { readonly kind: "closing" } },
  anchor: AnchoredLog,
  signatories: Signatories,
): Promise<Done<SignedRecord>> {
  if (file.opening === undefined) {
    throw new NotShown({ zh: "文件没有传输开始的记录", en: "the file lacks the record with which the transfer began" });
  }
  const opening = readRecord(Buffer.from(file.opening.entry, "base64"));
  if (opening === undefined || opening.record.kind !== "opening")
    throw refuted("这不是传输开始的记录", "it is no record of a beginning");
  const id = assertIncluded(file.opening, anchor.checkpoint);
  if (record.kind !== "closing" || record.opening !== id)
    throw refuted("这是另一次传输的开始记录", "it is the beginning of another transfer");
  const same = Buffer.compare(canonicalBytes(opening.record.request), canonicalBytes(record.request)) === 0;
  if (!same) throw refuted("传输开始时依据的是另一请求", "the transfer began on another request");
  if (file.opening.position >= file.record.position)
    throw refuted("传输的结束记录早于开始记录", "the transfer ended before it began");
  await assertProviders(file, opening, signatories);
  return {
    value: opening,
    fact: { record: id },
    text: {
      zh: `传输开始的记录在同一日志第${file.opening.position}条`,
      en: `the record of its beginning is number ${file.opening.position} of the same log`,
    },
  };
}

async function assertProviders(
  file: EvidenceFile,
  { record, signature }: SignedRecord,
  signatories: Signatories,
): Promise<void> {
  const { provider } = record.request;
  const pem = certificateOf(file, record.certificate);
  const statement: AccessRecord = record;
  assertNode(await signatories.check(provider, pem, "access-record", statement, signature), record.certificate);
}

function assertNode(node: Signatory, certificate: Digest): void {
  if (!node.roles.includes("node"))
    throw refuted(
      `${node.department} 的 ${node.officer} 不是部门节点`,
      `${node.officer} of ${node.department} is not its node`,
    );
  assertNamed(node, certificate);
}

function assertNamed({ certificate }: Signatory, named: Digest): void {
  if (certificate.fingerprint !== named)
    throw refuted("签名的证书不是所列的证书", "another certificate signed than the one that is named");
}

function certificateOf({ certificates }: EvidenceFile, id: Digest): string {
  const pem = certificates[id];
  if (pem === undefined) throw new NotShown({ zh: `文件没有证书 ${id}`, en: `the file lacks certificate ${id}` });
  return pem;
}
