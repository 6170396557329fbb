import { commandTitle } from "@wanlian/client/api-document/titles.js";
import { NONE, type Permission } from "@wanlian/model/kernel/noun.js";
import { RELEASED } from "@wanlian/model/models.js";
import { wordsIn } from "@wanlian/words/words.js";

const HEAD = {
  en: "| command | what it does | who | from → to |",
  zh: "| 操作 | 内容 | 谁可以 | 状态：从 → 到 |",
} as const;

/** The permissions as Markdown, made from the tables that decide: what the documents show is what holds. */
export function rulesTable(language: "en" | "zh"): string {
  const words = wordsIn(language);
  const status = (key: string) => (key === NONE ? "–" : `\`${key}\``);
  const who = (permissions: readonly Permission[]) => {
    const relations = [...new Set(permissions.map(({ relation }) => relation))];
    const phrases = relations.map((relation) => {
      const roles = permissions
        .filter((permission) => permission.relation === relation)
        .map(({ role }) => words.role(role));
      return language === "en"
        ? `${words.relation(relation)}: ${roles.join(", ")}`
        : `${words.relation(relation)}${roles.join("、")}`;
    });
    return phrases.join(language === "en" ? "; " : "；");
  };
  const sections = Object.entries(RELEASED.latest.nouns).map(([name, noun]) => {
    const rows = Object.entries(noun.commands).map(([type, { from, to, by }]) => {
      const course = `${from.map(status).join(" ")} → ${to.map(status).join(" ")}`;
      return `| \`${type}\` | ${commandTitle(noun, type, language)} | ${who(by)} | ${course} |`;
    });
    const title = language === "en" ? `### ${noun.title.en} (\`${name}\`)` : `### ${noun.title.zh}（\`${name}\`）`;
    return [title, "", HEAD[language], "| --- | --- | --- | --- |", ...rows].join("\n");
  });
  return sections.join("\n\n");
}

export const TABLE_BEGINS = "<!-- The tables below are made by test/model/write-rules.ts. -->";
