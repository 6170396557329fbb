import { type NounWords, said } from "../noun-words.js";

/** 委托 */
export const mandate: NounWords = {
  noun: { zh: "委托", en: "mandate" },
  states: {
    inForce: { zh: "有效", en: "in force" },
    revoked: { zh: "已撤销", en: "revoked" },
  },
  commands: {
    appoint: said("指定审计人员", "Appoint auditor", "Appointed an auditor"),
    delegate: said("委托代理", "Delegate", "Delegated"),
    revoke: said("撤销委托", "Revoke", "Revoked"),
  },
  members: {
    agent: { zh: "受托部门", en: "Agent" },
    datasets: { zh: "数据资源", en: "Datasets" },
    departments: { zh: "部门", en: "Departments" },
    reason: { zh: "理由", en: "Reason" },
    revoked: { zh: "撤销", en: "Revoked" },
  },
  values: {
    kind: {
      audit: { zh: "审计委托", en: "audit" },
    },
  },
};
