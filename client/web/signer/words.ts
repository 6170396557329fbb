import type { Language } from "@wanlian/protocol/language.js";
import { type Dictionary, PAGE, type PageWord, wordsIn } from "@wanlian/words/index.js";

let language: Language = navigator.language.startsWith("en") ? "en" : "zh";

export const words = (): Dictionary => wordsIn(language);

export function say(key: PageWord, values: Readonly<Record<string, string>> = {}): string {
  return PAGE[key][language].replace(/\{\{(\w+)\}\}/gu, (gap, name: string) => values[name] ?? gap);
}

/** The other language, as those who read it call it. */
export const otherLanguage = (): string => (language === "zh" ? "English" : "中文");

export function changeLanguage(): void {
  language = language === "zh" ? "en" : "zh";
  document.documentElement.lang = language === "zh" ? "zh-CN" : "en";
}
