import { type TObject, type TProperties, Type } from "typebox";

/** What an answer is made of, under the name by which the document and generators know it. Nodes may come to say more. */
export const answer = <const Members extends TProperties>(title: string, members: Members): TObject<Members> =>
  Type.Object(members, { title });

export const Count = Type.Integer({ minimum: 0 });
export const Instant = Type.String({ description: "RFC 3339, UTC, by the ledger's clock." });
export const Digest = Type.String({ description: "SHA-256, hexadecimal." });

/** An answer that is a text of its media type. */
export const text = (description: string) => Type.String({ description });

/** An answer that is a file of its media type. */
export const file = (description: string) => Type.String({ format: "binary", description });
