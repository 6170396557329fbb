/** Characters; what is longer is a document, handed over as a file. */
export const MAX_TEXT = 4000;

/** A text as it goes from node to node; `textDigest` of the two is what the ledger has. */
export interface SaltedText {
  readonly salt: string;
  readonly text: string;
}
