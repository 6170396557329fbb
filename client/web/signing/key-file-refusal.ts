import type { PageWord } from "@wanlian/words/index.js";

/** Why a file of a key was not taken in; a reason without words does not compile. */
export const KEY_FILE_WORDS = {
  CERTIFICATE_REFUSED: "key.foreign",
  WRONG_PASSPHRASE: "key.wrongPassphrase",
  DAMAGED_KEY: "key.damaged",
  UNSUPPORTED_KEY: "key.unsupported",
  KEY_MISMATCH: "key.pkcs12.mismatch",
} as const satisfies Readonly<Record<string, PageWord>>;

export type KeyFileRefusalCode = keyof typeof KEY_FILE_WORDS;

/** A key, or the file that it came in, is none to keep. */
export class KeyFileRefusal extends Error {
  readonly code: KeyFileRefusalCode;

  constructor(code: KeyFileRefusalCode, detail: string) {
    super(detail);
    this.name = "KeyFileRefusal";
    this.code = code;
  }
}
