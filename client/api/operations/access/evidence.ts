import { Digest, MspId, TransactionId } from "@wanlian/model/identifiers.js";
import { Type } from "typebox";
import type { Signer } from "../../../core/index.js";
import type { EvidenceFile, TrustFile } from "../../../evidence/index.js";
import { type Operation, operation } from "../../operation.js";
import { anything } from "../../schemas.js";
import { callerOf } from "../session.js";

const closed = { additionalProperties: false } as const;

/** One access in a department's log, and the mandate under which it may be seen. */
export interface AuditedAccess {
  readonly mandate: TransactionId;
  readonly department: MspId;
  /** The record's leaf hash. */
  readonly record: Digest;
}

/** Where evidence comes from. Every part throws what keeps the exchange from being there. */
export interface EvidenceDesk {
  /** @throws LedgerError NOT_FOUND, NOT_YET */
  ofOwn(officer: Signer, record: Digest): Promise<EvidenceFile>;
  /** @throws LedgerError NOT_FOUND, NOT_YET; whatever keeps the department's node from showing it */
  ofAudited(auditor: Signer, access: AuditedAccess): Promise<EvidenceFile>;
  /** What the channel began with: the genesis block's hash and the departments' root certificates. */
  roots(): Promise<TrustFile>;
}

/** Evidence that is checked without any node, and the roots to check it against. */
export function evidenceOperations(evidence: EvidenceDesk): readonly Operation[] {
  return [
    operation({
      id: "accessEvidence",
      tag: "exchange",
      method: "get",
      route: "/accesses/{record}/evidence",
      summary: { zh: "导出本节点日志中一次调用的证据", en: "Evidence of one access in this node's log" },
      path: Type.Object({ record: Digest }, closed),
      answers: { 200: anything("docs/formats/evidence.md") },
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
      answers: { 200: anything("docs/formats/evidence.md") },
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
      answers: { 200: anything("docs/formats/evidence.md") },
      handle: async () => ({ status: 200, body: { ...(await evidence.roots()) } }),
    }),
  ];
}
