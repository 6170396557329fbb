import { commandTitle } from "@wanlian/client/api-document/titles.js";
import type { Permission } from "@wanlian/model/kernel/noun.js";
import { model1 } from "@wanlian/model/model-1/model.js";

const WORDS: Readonly<Record<"en" | "zh", Readonly<Record<string, string>>>> = {
  en: { head: "| command | what it does | who | from → to |", none: "–" },
  zh: {
    head: "| 操作 | 内容 | 谁可以 | 状态：从 → 到 |",
    none: "–",
    member: "任一成员",
    founder: "发起成员",
    self: "本部门",
    bureau: "数据局",
    provider: "提供部门",
    consumer: "使用部门",
    objector: "异议部门",
    principal: "委托部门",
    author: "提出部门",
    steward: "数据管理员",
    user: "使用人员",
    auditor: "审计人员",
    administrator: "管理员",
    node: "节点",
  },
};

/** The permissions as Markdown, made from the tables that decide: what the documents show is what holds. */
export function rulesTable(language: "en" | "zh"): string {
  const word = (key: string) => WORDS[language][key] ?? key;
  const status = (key: string) => (key === "none" ? word("none") : `\`${key}\``);
  const who = (permissions: readonly Permission[]) => {
    const relations = [...new Set(permissions.map(({ relation }) => relation))];
    const phrases = relations.map((relation) => {
      const roles = permissions.filter((permission) => permission.relation === relation).map(({ role }) => word(role));
      return language === "en" ? `${word(relation)}: ${roles.join(", ")}` : `${word(relation)}${roles.join("、")}`;
    });
    return phrases.join(language === "en" ? "; " : "；");
  };
  const sections = Object.entries(model1.nouns).map(([name, noun]) => {
    const rows = Object.entries(noun.commands).map(([type, { from, to, by }]) => {
      const course = `${from.map(status).join(" ")} → ${to.map(status).join(" ")}`;
      return `| \`${type}\` | ${commandTitle(noun, type, language)} | ${who(by)} | ${course} |`;
    });
    const title = language === "en" ? `### ${noun.title.en} (\`${name}\`)` : `### ${noun.title.zh}（\`${name}\`）`;
    return [title, "", word("head"), "| --- | --- | --- | --- |", ...rows].join("\n");
  });
  return sections.join("\n\n");
}

export const TABLE_BEGINS = "<!-- The tables below are made by test/model/write-rules.ts. -->";
