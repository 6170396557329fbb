import { Text } from "@wanlian/model/model-1/limits.js";

/** Characters; what is longer is a document, handed over as a file. */
export const MAX_TEXT = 4000;

/** A text as it goes from node to node; `textDigest` of the two is what the ledger has. */
export interface SaltedText {
  readonly salt: string;
  readonly text: string;
}

const TEXT_SCHEMA = JSON.stringify(Text);

/** Whether a piece of a command's schema stands for a text. */
export const isTextSchema = (schema: unknown): boolean => JSON.stringify(schema) === TEXT_SCHEMA;
