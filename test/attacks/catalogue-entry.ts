import { catalogueEntry } from "@wanlian/scripts/story/chapters/catalogue.js";

const FIELDS = [
  { name: "code", type: "字符型", meaning: "代码", sensitivity: 1 },
  { name: "name", type: "字符型", meaning: "名称", sensitivity: 1 },
];

/** A conditional dataset of two fields. */
export function conditionalEntry(code: string): Record<string, unknown> {
  return catalogueEntry({
    code,
    name: `数据集 ${code}`,
    abstract: "测试用数据集",
    category: ["部门信息资源"],
    fields: FIELDS,
    basis: "wanzhengban-2022-69",
  });
}
