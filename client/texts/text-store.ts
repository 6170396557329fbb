import { textDigest } from "@wanlian/model/text-digest.js";
import type { Db } from "../read/index.js";
import type { SaltedText } from "./text.js";

/** The act that a text belongs to. */
export interface TextPlace {
  readonly noun: string;
  readonly case: string;
  readonly number: number;
}

/** A text that this node has, and where it belongs; the place is empty while nobody knows. */
export interface KeptText extends SaltedText, TextPlace {
  readonly digest: string;
}

export async function findText(db: Db, digest: string): Promise<KeptText | undefined> {
  const row = await db.selectFrom("local.texts").selectAll().where("digest", "=", digest).executeTakeFirst();
  if (row === undefined) return undefined;
  return { digest, salt: row.salt, text: row.content, noun: row.noun, case: row.case_id, number: row.number };
}

/** Keeps a text of another department; what is here already stays. @throws RangeError unless it gives the digest */
export async function keepText(
  db: Db,
  digest: string,
  { salt, text }: SaltedText,
  { noun, case: id, number }: TextPlace,
  time: string,
): Promise<void> {
  if (textDigest(text, salt) !== digest) throw new RangeError("text and salt do not give the digest");
  await db
    .insertInto("local.texts")
    .values({ digest, salt, content: text, noun, case_id: id, number, time })
    .onConflict((conflict) => conflict.column("digest").doNothing())
    .execute();
}
