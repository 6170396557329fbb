import { HEADINGS } from "./headings.js";

/** In the order in which a list is filled in: the dataset first, then its fields. */
export const ORDER = [
  ...["code", "name", "abstract", "category", "sourceSystem", "format"],
  ...["field", "type", "meaning", "sensitivity"],
  ...["share", "basis", "conditions", "mode", "open", "openConditions"],
  ...["grade", "updateCycle", "published", "relatedCode"],
] as (keyof typeof HEADINGS)[];

/** The example shows that a further field leaves the dataset's cells empty. */
const EXAMPLE = [
  [
    ...["divisions", "行政区划代码", "本市行政区划的代码和名称", "基础信息/区划", "区划管理系统", "CSV"],
    ...[
      "代码",
      "字符型",
      "区划代码",
      "1",
      "无条件共享",
      "",
      "",
      "文件",
      "无条件开放",
      "",
      "1",
      "每年",
      "2026-09-21",
      "",
    ],
  ],
  [...Array<string>(6).fill(""), "名称", "字符型", "区划名称", "1", ...Array<string>(10).fill("")],
];

/** A responsibility list to begin with: CSV that Excel opens as it is. */
export function listTemplate(): string {
  const rows = [ORDER.map((column) => HEADINGS[column][0] ?? column), ...EXAMPLE];
  return `\ufeff${rows.map((row) => row.join(",")).join("\r\n")}\r\n`;
}
