import { LedgerError } from "@wanlian/model/errors.js";
import { Digest, type MspId } from "@wanlian/model/identifiers.js";
import { checkSchema, closed } from "@wanlian/model/kernel/schema.js";
import type { Static } from "typebox";
import { type Db, findCase } from "../../read/index.js";
import { findText, placesOf, type TextPlace } from "../../texts/index.js";
import { type Handler, readJson, sendJson } from "../../transport/index.js";

export const TEXTS_PATH = "/texts/v1/read";

const TextRequest = closed({ digest: Digest });

/** Hands this department's texts to the departments that the act concerns, and to nobody else. */
export function textRoutes(db: Db, own: MspId): [string, Handler][] {
  return [
    [
      `POST ${TEXTS_PATH}`,
      async ({ from, request, response }) => {
        const asked = await readJson(request);
        checkSchema(TextRequest, asked);
        const { digest } = asked as Static<typeof TextRequest>;
        const kept = await findText(db, digest);
        // Another department can state the digest as well: only what this department's own acts say of it counts.
        const places = await placesOf(db, digest, own);
        // Whether there is such a text is nobody else's business either.
        if (kept === undefined || !(await concernsOne(db, places, from))) {
          throw new LedgerError("NOT_FOUND", `there is no text ${digest} for ${from}`);
        }
        sendJson(response, 200, { salt: kept.salt, text: kept.text });
      },
    ],
  ];
}

async function concernsOne(db: Db, places: readonly TextPlace[], department: MspId): Promise<boolean> {
  for (const place of places) if (await concerns(db, place, department)) return true;
  return false;
}

/** Whom the fold notified of the act, the case's parties, and the bureau, which settles what stays open between them. */
async function concerns(db: Db, { noun, case: id, number }: TextPlace, department: MspId): Promise<boolean> {
  const notice = await db
    .selectFrom("notices")
    .select("department")
    .where("department", "=", department)
    .where("noun", "=", noun)
    .where("case_id", "=", id)
    .where("number", "=", number)
    .executeTakeFirst();
  if (notice !== undefined) return true;
  const party = await db
    .selectFrom("parties")
    .select("department")
    .where("noun", "=", noun)
    .where("case_id", "=", id)
    .where("department", "=", department)
    .executeTakeFirst();
  if (party !== undefined) return true;
  const policy = await findCase(db, { noun: "policy", case: "policy" });
  return (policy?.state as { bureau?: string } | undefined)?.bureau === department;
}
