import type { LegalBasisId } from "../../identifiers.js";
import type { DeadlineRule, LegalBasis } from "../policy/policy-schema.js";

/**
 * What the rule itself says: the municipal plan for the orderly sharing of government data, Nanyang 2022
 * (宛政办〔2022〕69号). A figure that the plan does not give is the bureau's to decide, and no part of the profile.
 */
export interface Profile {
  readonly name: string;
  readonly deadlines: readonly DeadlineRule[];
  readonly legalBases: readonly LegalBasis[];
}

const PLAN = "南阳市建立健全政务数据共享协调机制加快推进数据有序共享实施方案（宛政办〔2022〕69号）";

export const nanyang2022: Profile = {
  name: "nanyang-2022",
  deadlines: [
    { kind: "applicationReply", workingDays: 5, article: `${PLAN}：有条件共享的申请，5个工作日内答复` },
    { kind: "derivedAuthorization", workingDays: 10, article: `${PLAN}：整体授权、同等代理授权，10个工作日内完成` },
    { kind: "objectionVerification", workingDays: 5, article: `${PLAN}第八项：异议核查，5个工作日内完成` },
  ],
  legalBases: [
    { id: "wanzhengban-2022-69" as LegalBasisId, title: PLAN, article: "数据共享属性与供需对接" },
    { id: "order-809" as LegalBasisId, title: "政务数据共享条例（国务院令第809号）", article: "自2025年8月1日起施行" },
  ],
};
