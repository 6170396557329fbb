import type { Language } from "@wanlian/protocol/language.js";
import { type Dictionary, PAGE, type PageWord, wordsIn } from "@wanlian/words/index.js";
import i18next from "i18next";
import { useSyncExternalStore } from "react";

const KEPT_AS = "wanlian.language";

const resourcesIn = (language: Language) => ({
  page: Object.fromEntries(Object.entries(PAGE).map(([key, text]) => [key, text[language]])),
});

/** The reader's own choice, else the browser's wish, else Chinese. */
function firstLanguage(): Language {
  const kept = localStorage.getItem(KEPT_AS);
  if (kept === "zh" || kept === "en") return kept;
  return navigator.language.startsWith("en") ? "en" : "zh";
}

const i18n = i18next.createInstance({
  lng: firstLanguage(),
  fallbackLng: "zh",
  defaultNS: "page",
  keySeparator: false,
  nsSeparator: false,
  // React escapes whatever it shows; nothing here becomes markup.
  interpolation: { escapeValue: false },
  resources: { zh: resourcesIn("zh"), en: resourcesIn("en") },
});
void i18n.init();
markDocument();

export function currentLanguage(): Language {
  return i18n.language === "en" ? "en" : "zh";
}

export function changeLanguage(language: Language): void {
  localStorage.setItem(KEPT_AS, language);
  void i18n.changeLanguage(language).then(markDocument);
}

/** The other language, as those who read it call it. */
export const otherLanguage = (language: Language): { readonly language: Language; readonly name: string } =>
  language === "zh" ? { language: "en", name: "English" } : { language: "zh", name: "中文" };

/** Screen readers and hyphenation go by it. */
function markDocument(): void {
  document.documentElement.lang = currentLanguage() === "zh" ? "zh-CN" : "en";
}

const listen = (changed: () => void): (() => void) => {
  i18n.on("languageChanged", changed);
  return () => i18n.off("languageChanged", changed);
};

const words: Readonly<Record<Language, Dictionary>> = { zh: wordsIn("zh"), en: wordsIn("en") };

export interface Said {
  /** What the page itself says. */
  t(key: PageWord, values?: Readonly<Record<string, string | number>>): string;
  /** What the dictionary calls things. */
  readonly words: Dictionary;
  readonly language: Language;
}

/** The page's words in the reader's language. */
export function useWords(): Said {
  const language = useSyncExternalStore(listen, currentLanguage);
  return { t: (key, values) => i18n.t(key, values ?? {}), words: words[language], language };
}
