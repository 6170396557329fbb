import type { Act } from "@wanlian/model/kernel/act.js";
import type { ModelVersions } from "@wanlian/model/models.js";
import { Text } from "@wanlian/model/text-digest.js";
import type { TextDigestTable } from "./database/schema.js";

const TEXT_SCHEMA = JSON.stringify(Text);

/** Whether a piece of a command's schema stands for a text: on the ledger, its salted digest. */
export const isTextSchema = (schema: unknown): boolean => JSON.stringify(schema) === TEXT_SCHEMA;

/** A text that a body states the digest of. */
export interface CitedText {
  /** The member that holds it, `.` between levels. */
  readonly member: string;
  readonly digest: string;
}

/** The texts of a body, by its command's schema. Total: a body of another form has none there. */
export function textsIn(schema: unknown, body: unknown, at: readonly string[] = []): CitedText[] {
  if (!isRecord(schema) || !isRecord(body)) return [];
  if (isTextSchema(schema)) {
    return typeof body.digest === "string" ? [{ member: at.join("."), digest: body.digest }] : [];
  }
  const properties = isRecord(schema.properties) ? schema.properties : {};
  return Object.entries(properties).flatMap(([name, part]) => textsIn(part, body[name], [...at, name]));
}

/** The texts of an act, by the version of the model that gave it. */
export function textsOfAct(
  { noun, type, body, schema }: Pick<Act, "noun" | "type" | "body" | "schema">,
  models: ModelVersions,
): CitedText[] {
  return textsIn(models.of(schema).nouns[noun]?.commands[type]?.body, body);
}

/** Binds an act's texts to it. */
export function textDigestRows(act: Act, models: ModelVersions): TextDigestTable[] {
  const { noun, case: id, number, author } = act;
  const place = { noun, case_id: id, number, department: author.department };
  return textsOfAct(act, models).map(({ member, digest }) => ({ digest, member, ...place }));
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
