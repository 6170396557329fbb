import type { Words } from "@wanlian/protocol/language.js";

/** What the file shows contradicts what it claims. */
export class Refuted extends Error {
  override readonly name = "Refuted";

  constructor(readonly what: Words) {
    super(what.en);
  }
}

export const refuted = (zh: string, en: string): Refuted => new Refuted({ zh, en });
