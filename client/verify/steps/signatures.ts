import type { Digest } from "@wanlian/model/identifiers.js";
import { invalid } from "../acts.js";
import type { EvidenceBundle } from "../bundle.js";
import { reasonOf, recordId, type SignedRecord } from "../records/access-record.js";
import type { Signatories } from "../records/signatories.js";
import { type Done, recordOf } from "../step.js";

export async function stepRequest(
  bundle: EvidenceBundle,
  signed: SignedRecord | undefined,
  signatories: Signatories,
): Promise<Done<true>> {
  const { request, requestSignature } = recordOf(signed);
  const pem = certificateOf(bundle, request.certificate);
  const officer = await signatories.check(request.consumer, pem, "access-request", request, requestSignature);
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

export async function stepRecord(
  bundle: EvidenceBundle,
  signed: SignedRecord | undefined,
  signatories: Signatories,
): Promise<Done<true>> {
  const record = recordOf(signed);
  const { provider } = record.request;
  const pem = certificateOf(bundle, record.certificate);
  const node = await signatories.check(provider, pem, "access-record", record, signed?.signature ?? "");
  if (!node.roles.includes("node")) throw invalid(`${node.officer} of ${provider} is not its node`);
  const said = reasonOf(record);
  const reason = said === undefined ? "" : ` (${said})`;
  return {
    value: true,
    text: {
      zh: `记录由 ${provider} 的节点签名：${record.request.way}，结果 ${record.result}${reason}，${record.rows} 行`,
      en: `The record is signed by the node of ${provider}: ${record.request.way}, ${record.result}${reason}, ${record.rows} rows`,
    },
  };
}

export async function stepReceipt(
  bundle: EvidenceBundle,
  signed: SignedRecord | undefined,
  signatories: Signatories,
): Promise<Done<true> | undefined> {
  const { receipt } = bundle.record;
  if (receipt === undefined || signed === undefined) return undefined;
  const { consumer } = signed.record.request;
  const statement = { record: recordId(signed) };
  const pem = certificateOf(bundle, receipt.certificate);
  const node = await signatories.check(consumer, pem, "access-receipt", statement, receipt.signature);
  if (!node.roles.includes("node")) throw invalid(`${node.officer} of ${consumer} is not its node`);
  return {
    value: true,
    text: { zh: `${consumer} 的节点已会签`, en: `The node of ${consumer} countersigned it` },
  };
}

function certificateOf({ certificates }: EvidenceBundle, id: Digest): string {
  const pem = certificates[id];
  if (pem === undefined || pem === "") throw invalid(`the file lacks certificate ${id}`);
  return pem;
}
