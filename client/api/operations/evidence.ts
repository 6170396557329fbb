import { Digest, MspId, TransactionId } from "@wanlian/model/identifiers.js";
import { Type } from "typebox";
import { Auditor } from "../../audit/auditor.js";
import { evidenceOfOwn, evidenceOfView } from "../../evidence/own-records.js";
import { trustFileOf } from "../../evidence/trust.js";
import type { AccountingSource } from "../../running/accounting.js";
import { type Operation, operation } from "../operation.js";
import { anything } from "../schemas.js";
import { callerOf } from "./session.js";

const closed = { additionalProperties: false } as const;

/** Evidence that is checked without any node, and the roots to check it against. */
export function evidenceOperations(accounting: AccountingSource): readonly Operation[] {
  return [
    operation({
      id: "accessEvidence",
      tag: "exchange",
      method: "get",
      route: "/accesses/{record}/evidence",
      summary: { zh: "导出本节点日志中一次调用的证据", en: "Evidence of one access in this node's log" },
      path: Type.Object({ record: Digest }, closed),
      answers: { 200: anything("docs/formats/evidence.md") },
      handle: async ({ path }) => ({ status: 200, body: { ...(await evidenceOfOwn(accounting.get(), path.record)) } }),
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
      handle: async ({ body, caller }) => {
        const running = accounting.get();
        const { channel, department, book } = running.exchange.options;
        const auditor = new Auditor({ channel, department, book, connections: running.exchange.connections });
        const view = await auditor.view(callerOf(caller).signer, body.department, body.mandate);
        return { status: 200, body: { ...(await evidenceOfView(running, view, body.record)) } };
      },
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
      handle: async () => {
        const { configuration, options } = accounting.get();
        return { status: 200, body: { ...trustFileOf(configuration.bundle, options.chaincode) } };
      },
    }),
  ];
}
