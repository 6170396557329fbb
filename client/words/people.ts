import type { Words } from "@wanlian/protocol/language.js";

/** What an officer may do in the own department, from the certificate. */
export const ROLES: Readonly<Record<string, Words>> = {
  steward: { zh: "数据专员", en: "steward" },
  user: { zh: "使用人员", en: "user" },
  auditor: { zh: "审计人员", en: "auditor" },
  administrator: { zh: "管理员", en: "administrator" },
  node: { zh: "部门节点", en: "node" },
  machine: { zh: "业务系统", en: "machine" },
};

/** What a department is to a case. */
export const RELATIONS: Readonly<Record<string, Words>> = {
  member: { zh: "任一成员", en: "any member" },
  founder: { zh: "发起成员", en: "founder" },
  admitted: { zh: "获准加入部门", en: "admitted department" },
  self: { zh: "本部门", en: "own department" },
  bureau: { zh: "数据局", en: "data bureau" },
  provider: { zh: "提供部门", en: "provider" },
  consumer: { zh: "使用部门", en: "consumer" },
  objector: { zh: "异议部门", en: "objector" },
  principal: { zh: "委托部门", en: "principal" },
  mover: { zh: "提议部门", en: "proposer" },
  author: { zh: "提出部门", en: "author" },
  concerned: { zh: "所涉部门", en: "department concerned" },
  responsible: { zh: "责任部门", en: "responsible department" },
};
