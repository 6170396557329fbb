import type { Words } from "@wanlian/protocol/language.js";

/** The file lacks what would show it: neither proven nor refuted. */
export class NotShown extends Error {
  override readonly name = "NotShown";

  constructor(readonly what: Words) {
    super(what.en);
  }
}
