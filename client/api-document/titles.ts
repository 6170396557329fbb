import type { NounDefinition } from "@wanlian/model/kernel/noun.js";
import type { Language } from "@wanlian/protocol/language.js";
import { NOUN_WORDS } from "@wanlian/words/index.js";

/**
 * What a command does, in one line: what its row says in both languages, or else the dictionary's words in Chinese and
 * the row's summary in English. A noun brings its words along, so that it shows in full without a line elsewhere.
 */
export function commandTitle(
  noun: Pick<NounDefinition, "name" | "title" | "commands">,
  type: string,
  language: Language,
): string {
  const { summary = type, title } = noun.commands[type] ?? {};
  if (title !== undefined) return title[language];
  return language === "en"
    ? summary
    : (NOUN_WORDS[noun.name]?.commands[type]?.button.zh ?? `${noun.title.zh}：${summary}`);
}
