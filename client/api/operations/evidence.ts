import { Digest, MspId, TransactionId } from "@wanlian/model/identifiers.js";
import { Type } from "typebox";
import type { Signer } from "../../core/index.js";
import type { EvidenceBundle, TrustFile } from "../../evidence/index.js";
import { type Operation, operation } from "../operation.js";
import { anything } from "../schemas.js";
import { callerOf } from "./session.js";

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
  ofOwn(record: Digest): Promise<EvidenceBundle>;
  /** @throws LedgerError NOT_FOUND, NOT_YET; whatever keeps the department's node from showing it */
  ofAudited(auditor: Signer, access: AuditedAccess): Promise<EvidenceBundle>;
  /** The departments' root certificates by the channel's configuration. */
  roots(): TrustFile;
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
      handle: async ({ path }) => ({ status: 200, body: { ...(await evidence.ofOwn(path.record)) } }),
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
        zh: "通道配置中各部门的根证书：核对后自行保存，用于离线验证",
        en: "The departments' root certificates by the channel's configuration: compare, keep, verify against them",
      },
      answers: { 200: anything("Root certificates by MSP id") },
      handle: async () => ({ status: 200, body: { ...evidence.roots() } }),
    }),
  ];
}
