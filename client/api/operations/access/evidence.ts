import { Digest, MspId, TransactionId } from "@wanlian/model/identifiers.js";
import { Type } from "typebox";
import { EvidenceFile, RootsFile } from "../../answers/evidence.js";
import { type Operation, operation } from "../../operation.js";
import { callerOf } from "../session.js";
import { answerEvidence } from "./answer-evidence.js";
import type { ExchangeSource } from "./asked-of-grant.js";
import type { EvidenceDesk } from "./evidence-desk.js";

const closed = { additionalProperties: false } as const;

/** Evidence that is checked without any node, and the roots to check it against. */
export function evidenceOperations(evidence: EvidenceDesk, exchange: ExchangeSource): readonly Operation[] {
  return [
    answerEvidence(evidence, exchange),
    operation({
      id: "accessEvidence",
      tag: "exchange",
      method: "get",
      route: "/accesses/{record}/evidence",
      summary: { zh: "导出本节点日志中一次调用的证据", en: "Evidence of one access in this node's log" },
      path: Type.Object({ record: Digest }, closed),
      answers: { 200: EvidenceFile },
      handle: async ({ path, caller }) => ({
        status: 200,
        body: { ...(await evidence.ofOwn(callerOf(caller).signer, path.record)) },
      }),
    }),
    operation({
      id: "auditEvidence",
      tag: "exchange",
      method: "post",
      route: "/audits/evidence",
      effect: "access",
      summary: {
        zh: "凭审计授权导出一次调用的证据",
        en: "Evidence of one access in a department's log, under a mandate",
      },
      body: Type.Object({ mandate: TransactionId, department: MspId, record: Digest }, closed),
      answers: { 200: EvidenceFile },
      handle: async ({ body, caller }) => ({
        status: 200,
        body: { ...(await evidence.ofAudited(callerOf(caller).signer, body)) },
      }),
    }),
    operation({
      id: "roots",
      tag: "exchange",
      method: "get",
      route: "/roots",
      summary: {
        zh: "通道首个区块的摘要和各部门的根证书：与其他部门的核对后自行保存，用于离线验证",
        en: "The first block's digest and the departments' root certificates: compare with another department's, keep, verify against them",
      },
      answers: { 200: RootsFile },
      handle: async () => ({ status: 200, body: { ...(await evidence.roots()) } }),
    }),
  ];
}
