import type { Words } from "@wanlian/protocol/language.js";

/** What can be due. */
export const DEADLINES: Readonly<Record<string, Words>> = {
  applicationReply: { zh: "答复申请", en: "reply to application" },
  derivedAuthorization: { zh: "办理整体或代理授权", en: "blanket or proxy grant" },
  supplement: { zh: "补正材料", en: "supplement" },
  emergencyReview: { zh: "应急复核", en: "emergency review" },
  renewalReply: { zh: "答复续期", en: "renewal reply" },
  objectionVerification: { zh: "异议核查", en: "verification" },
  objectionCorrection: { zh: "更正数据", en: "correction" },
  objectionConfirmation: { zh: "认可结果", en: "confirmation" },
  disputeSettlement: { zh: "裁定", en: "settlement" },
  suggestionReply: { zh: "答复建议", en: "suggestion reply" },
  demandReply: { zh: "答复需求", en: "demand reply" },
};
