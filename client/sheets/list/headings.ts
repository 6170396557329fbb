/** What a column of a responsibility list says. The first four are a field's; all others are the dataset's. */
export type ListColumn =
  | "field"
  | "type"
  | "meaning"
  | "sensitivity"
  | "code"
  | "name"
  | "abstract"
  | "category"
  | "sourceSystem"
  | "format"
  | "share"
  | "basis"
  | "conditions"
  | "mode"
  | "open"
  | "openConditions"
  | "grade"
  | "updateCycle"
  | "published"
  | "relatedCode";

/** Columns that every row of a list can have a word of its own in. */
export const FIELD_COLUMNS: readonly ListColumn[] = ["field", "type", "meaning", "sensitivity"];

/** Without these a row cannot be a dataset. */
export const NEEDED_COLUMNS: readonly ListColumn[] = [
  "code",
  "name",
  "abstract",
  "category",
  "sourceSystem",
  "format",
  "field",
  "type",
  "share",
  "mode",
  "open",
  "grade",
  "updateCycle",
  "published",
];

/**
 * How departments head their columns: the words of the guide to compiling catalogues (发改高技〔2017〕1272号), of
 * GB/T 21063, of provincial templates, and English. The first is the one that a template gets.
 */
export const HEADINGS: Readonly<Record<ListColumn, readonly string[]>> = {
  code: ["信息资源代码", "数据资源代码", "资源代码", "目录代码", "代码", "code"],
  name: ["信息资源名称", "数据资源名称", "资源名称", "目录名称", "名称", "name"],
  abstract: ["信息资源摘要", "数据资源摘要", "资源摘要", "摘要", "简介", "abstract"],
  category: ["信息资源分类", "数据资源分类", "资源分类", "目录分类", "分类", "category"],
  sourceSystem: ["来源系统", "来源业务系统", "所属系统", "所属业务系统", "sourcesystem"],
  format: ["信息资源格式", "数据资源格式", "资源格式", "格式", "format"],
  field: ["信息项名称", "信息项", "数据项名称", "数据项", "字段名称", "字段", "field"],
  type: ["数据类型", "信息项类型", "字段类型", "type"],
  meaning: ["信息项说明", "数据项说明", "字段说明", "字段含义", "含义", "meaning"],
  sensitivity: ["敏感级别", "信息项分级", "数据项分级", "字段分级", "sensitivity"],
  share: ["共享类型", "共享属性", "share"],
  basis: ["共享依据", "不予共享依据", "共享类型依据", "依据", "basis"],
  conditions: ["共享条件", "conditions"],
  mode: ["共享方式", "共享方式类型", "mode"],
  open: ["开放类型", "是否向社会开放", "开放属性", "open"],
  openConditions: ["开放条件", "openconditions"],
  grade: ["数据分级", "资源分级", "分级", "安全级别", "grade"],
  updateCycle: ["更新周期", "更新频率", "updatecycle"],
  published: ["发布日期", "published"],
  relatedCode: ["关联资源代码", "关联信息资源代码", "relatedcode"],
};

const BY_HEADING: ReadonlyMap<string, ListColumn> = new Map(
  Object.entries(HEADINGS).flatMap(([column, words]) => words.map((word) => [word, column as ListColumn] as const)),
);

/** What stands in brackets or behind a star explains the heading and is none of it. */
export function columnOf(heading: string): ListColumn | undefined {
  const word = heading
    .normalize("NFKC")
    .replace(/\([^)]*\)|\s|[*:]/g, "")
    .toLowerCase();
  return BY_HEADING.get(word);
}
