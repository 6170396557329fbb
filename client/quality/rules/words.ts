import type { Rule } from "./rule.js";

interface Words {
  readonly zh: string;
  readonly en: string;
}

/** What a person reads where a rule fails: the rule's own message, else words for its kind. */
export function messageOf(rule: Rule): Words {
  return rule.message ?? wordsFor(rule);
}

function wordsFor(rule: Rule): Words {
  switch (rule.check) {
    case "notNull":
      return { zh: `${rule.column}缺失`, en: `${rule.column} is missing` };
    case "unique":
      return { zh: `${rule.columns.join("、")}重复`, en: `${rule.columns.join(", ")} not unique` };
    case "format":
      return { zh: `${rule.column}格式不符`, en: `${rule.column} is not in its format` };
    case "codes":
      return { zh: `${rule.column}不在代码表中`, en: `${rule.column} is not in its code list` };
    case "range":
      return { zh: `${rule.column}超出范围`, en: `${rule.column} is out of range` };
    case "length":
      return { zh: `${rule.column}长度不符`, en: `${rule.column} has the wrong length` };
    case "compare":
      return { zh: `${rule.left}与${rule.right}关系不符`, en: `${rule.left} and ${rule.right} do not agree` };
    case "dependency": {
      const determinant = { zh: rule.determinant.join("、"), en: rule.determinant.join(", ") };
      return {
        zh: `${determinant.zh}相同而${rule.dependent}不同`,
        en: `the same ${determinant.en} with another ${rule.dependent}`,
      };
    }
    case "denial":
      return { zh: "记录之间相互矛盾", en: "rows contradict each other" };
    case "reference":
      return { zh: `${rule.columns.join("、")}在${rule.table}中查不到`, en: `not found in ${rule.table}` };
    case "freshness":
      return { zh: `超过${rule.withinDays}天未更新`, en: `not updated for more than ${rule.withinDays} days` };
    case "drift":
      return { zh: "与上一批次相差过大", en: "too far from the last release" };
    case "identityNumber":
      return { zh: `${rule.column}不是有效的公民身份号码`, en: `${rule.column} is no valid identity number` };
    case "creditCode":
      return { zh: `${rule.column}不是有效的统一社会信用代码`, en: `${rule.column} is no valid social credit code` };
    case "date":
      return { zh: `${rule.column}不是有效日期`, en: `${rule.column} is no date` };
    case "phone":
      return { zh: `${rule.column}不是有效电话号码`, en: `${rule.column} is no telephone number` };
    case "division":
      return { zh: `${rule.column}不是行政区划代码`, en: `${rule.column} is no division code` };
    case "sql":
      return { zh: "不符合自定义规则", en: "fails a rule of the department's own" };
  }
}
