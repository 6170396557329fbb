import type { NounDefinition } from "@wanlian/model/kernel/noun.js";
import type { Language } from "@wanlian/protocol/language.js";
import { COMMANDS } from "@wanlian/words/index.js";

/** What a command does, in one line: the dictionary's words in Chinese, the table's own in English. */
export function commandTitle(
  noun: Pick<NounDefinition, "name" | "title" | "commands">,
  type: string,
  language: Language,
): string {
  const summary = noun.commands[type]?.summary ?? type;
  return language === "en" ? summary : (COMMANDS[`${noun.name}.${type}`]?.button.zh ?? `${noun.title.zh}：${summary}`);
}
