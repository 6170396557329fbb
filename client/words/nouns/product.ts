import { type NounWords, said } from "../noun-words.js";

/** 数据产品 */
export const product: NounWords = {
  noun: { zh: "数据产品", en: "product" },
  states: {
    registered: { zh: "在用", en: "in use" },
    withdrawn: { zh: "已停用", en: "out of use" },
  },
  commands: {
    register: said("登记数据产品", "Register", "Registered", "已登记"),
    explain: said("说明情况", "Explain", "Explained", "已说明"),
    withdraw: said("停用数据产品", "Take out of use", "Took out of use", "已停用"),
  },
  members: {
    grants: { zh: "所据授权", en: "Under grants" },
    sources: { zh: "来源", en: "Sources" },
    use: { zh: "用于", en: "Used for" },
  },
  values: {
    kind: {
      report: { zh: "报告", en: "report" },
      model: { zh: "模型", en: "model" },
      service: { zh: "服务", en: "service" },
    },
  },
};
