import type { MspId } from "@wanlian/model/identifiers.js";
import { textDigest } from "@wanlian/model/text-digest.js";
import type { Db } from "../read/index.js";
import type { SaltedText } from "./text.js";

/** A text with the digest that the ledger has of it. */
export interface WrittenText extends SaltedText {
  readonly digest: string;
}

/** The filing that a text is written for: whose (`MSPID/officer number`), and the officer's key. */
export interface TextFiling {
  readonly officer: string;
  readonly key: string;
}

/** An act that states a text's digest. */
export interface TextPlace {
  readonly noun: string;
  readonly case: string;
  readonly number: number;
}

/** A filing is stored right after its texts; so long after, none is to come. */
const FILED_WITHIN_MS = 10 * 60_000;

export async function findText(db: Db, digest: string): Promise<WrittenText | undefined> {
  const row = await db.selectFrom("local.texts").selectAll().where("digest", "=", digest).executeTakeFirst();
  return row === undefined || row.content === "" ? undefined : { digest, salt: row.salt, text: row.content };
}

/** Keeps what an officer wrote, before it is filed: an act whose text is lost could never be explained. */
export async function keepWritten(db: Db, texts: readonly WrittenText[], filing: TextFiling): Promise<void> {
  const { officer, key } = filing;
  for (const { digest, salt, text } of texts) {
    await db
      .insertInto("local.texts")
      .values({ digest, salt, content: text, officer, filing: key, kept: new Date().toISOString() })
      .onConflict((conflict) => conflict.column("digest").doUpdateSet({ content: text }))
      .execute();
  }
}

/**
 * Keeps a text of another department that an act states; what is here already stays.
 * @throws RangeError unless it gives the digest
 */
export async function keepReceived(db: Db, digest: string, { salt, text }: SaltedText): Promise<void> {
  if (textDigest(text, salt) !== digest) throw new RangeError("text and salt do not give the digest");
  await db
    .insertInto("local.texts")
    .values({ digest, salt, content: text, officer: "", filing: "", kept: new Date().toISOString() })
    .onConflict((conflict) => conflict.column("digest").doUpdateSet({ content: text }))
    .execute();
}

/** The acts that state a digest, by the fold: of one department, or of any. */
export async function placesOf(db: Db, digest: string, author?: MspId): Promise<TextPlace[]> {
  let query = db.selectFrom("text_digests").select(["noun", "case_id", "number"]).where("digest", "=", digest);
  if (author !== undefined) query = query.where("department", "=", author);
  const rows = await query.orderBy("noun").orderBy("case_id").orderBy("number").execute();
  return rows.map(({ noun, case_id, number }) => ({ noun, case: case_id, number }));
}

/** Forgets texts whose filing was refused: nobody will ever ask for them. @param filed digests that it stands by */
export async function dropRefused(db: Db, texts: readonly WrittenText[], filed: ReadonlySet<string>): Promise<void> {
  const refused = texts.map(({ digest }) => digest).filter((digest) => !filed.has(digest));
  if (refused.length === 0) return;
  await db
    .deleteFrom("local.texts")
    .where("digest", "in", refused)
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(selectFrom("text_digests").select("digest").whereRef("text_digests.digest", "=", "local.texts.digest")),
      ),
    )
    .execute();
}

/**
 * Removes what officers wrote for filings that came to nothing, now or in an earlier run of the node. Only what is
 * certain goes: a filing that failed for good, or none at all so long after. Its salt stays with the former, so that
 * the same filing with the same text is known again.
 */
export async function clearUnfiled(db: Db, now: Date): Promise<void> {
  const before = new Date(now.getTime() - FILED_WITHIN_MS).toISOString();
  await db
    .updateTable("local.texts")
    .set({ content: "" })
    .where("content", "<>", "")
    .where(({ exists, selectFrom }) =>
      exists(
        selectFrom("local.submissions")
          .select("local.submissions.key")
          .whereRef("local.submissions.officer", "=", "local.texts.officer")
          .whereRef("local.submissions.key", "=", "local.texts.filing")
          .where("local.submissions.status", "=", "failed"),
      ),
    )
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(selectFrom("text_digests").select("digest").whereRef("text_digests.digest", "=", "local.texts.digest")),
      ),
    )
    .execute();
  await db
    .deleteFrom("local.texts")
    .where("officer", "<>", "")
    .where("kept", "<", before)
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom("local.submissions")
            .select("local.submissions.key")
            .whereRef("local.submissions.officer", "=", "local.texts.officer")
            .whereRef("local.submissions.key", "=", "local.texts.filing"),
        ),
      ),
    )
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(selectFrom("text_digests").select("digest").whereRef("text_digests.digest", "=", "local.texts.digest")),
      ),
    )
    .execute();
}
