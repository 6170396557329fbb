import type { Language } from "@wanlian/protocol/language.js";

/** RFC 9110 §12.5.4, for the two languages there are; Chinese where nothing is asked for. */
export function preferredLanguage(acceptLanguage: string | undefined): Language {
  const wishes = (acceptLanguage ?? "").slice(0, 256).split(",").map(parseWish);
  const weight = (language: Language) =>
    Math.max(0, ...wishes.filter(({ tag }) => tag === language || tag.startsWith(`${language}-`)).map(({ q }) => q));
  return weight("en") > weight("zh") ? "en" : "zh";
}

function parseWish(wish: string): { tag: string; q: number } {
  const [tag = "", ...parameters] = wish.trim().toLowerCase().split(";");
  const q = parameters.map((parameter) => /^\s*q=([01](?:\.\d{0,3})?)\s*$/.exec(parameter)?.[1]).find(Boolean);
  return { tag: tag.trim(), q: q === undefined ? 1 : Number(q) };
}
