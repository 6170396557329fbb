import { randomBytes } from "node:crypto";
import { SALT_BYTES, Text, textDigest } from "@wanlian/model/text-digest.js";
import { type TSchema, Type } from "typebox";
import { isTextSchema } from "../projection/index.js";
import type { Db } from "../read/index.js";
import { MAX_TEXT } from "./text.js";
import type { WrittenText } from "./text-store.js";

/*
 * Free text can hold personal data, so the ledger has only its salted digest. Callers send the text; the
 * node keeps it and files the digest.
 */

const GivenText = Type.Object(
  {
    text: Type.String({
      minLength: 1,
      maxLength: MAX_TEXT,
      description: "Stays at the node; the ledger has its salted digest.",
    }),
    salt: Type.Optional(
      Type.String({
        pattern: `^[0-9a-f]{${2 * SALT_BYTES}}$`,
        description: "Chosen by who signs elsewhere, and so has to know the digest before; else the node's.",
      }),
    ),
  },
  { additionalProperties: false },
);

/** A command's schema as the API takes it: where the ledger has a digest, the text may be given instead. */
export function withTexts(schema: TSchema): TSchema {
  return widen(schema) as TSchema;
}

function widen(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(widen);
  if (typeof schema !== "object" || schema === null) return schema;
  if (isTextSchema(schema)) return { anyOf: [GivenText, Text] };
  return Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, widen(value)]));
}

/** A body as the ledger takes it, and the texts that its digests stand for. Nothing is kept yet. */
export interface SaltedBody {
  readonly body: unknown;
  readonly texts: readonly WrittenText[];
}

/**
 * Salts the texts of a body and puts their digests in place.
 * @param previous the body that was filed under the same key before, if any: its digests are used again where the
 *   text is the same, so that repeating a filing is not taken for another command
 */
export async function saltTexts(db: Db, schema: TSchema, body: unknown, previous: unknown): Promise<SaltedBody> {
  const texts: WrittenText[] = [];
  const salted = await replace(schema, body, previous, async (text, before, given) => {
    const salt = given ?? (await saltOf(db, before, text)) ?? randomBytes(SALT_BYTES).toString("hex");
    const digest = textDigest(text, salt);
    texts.push({ digest, salt, text });
    return digest;
  });
  return { body: salted, texts };
}

type Salt = (text: string, before: string, given: string | undefined) => Promise<string>;

async function replace(schema: unknown, value: unknown, previous: unknown, salt: Salt): Promise<unknown> {
  if (!isRecord(schema) || !isRecord(value)) return value;
  const before = isRecord(previous) ? previous : {};
  if (isTextSchema(schema)) {
    if (typeof value.text !== "string") return value;
    const given = typeof value.salt === "string" ? value.salt : undefined;
    return { digest: await salt(value.text, String(before.digest ?? ""), given) };
  }
  const properties = isRecord(schema.properties) ? schema.properties : {};
  const entries: [string, unknown][] = [];
  for (const [name, member] of Object.entries(value)) {
    entries.push([name, await replace(properties[name], member, before[name], salt)]);
  }
  return Object.fromEntries(entries);
}

/** The salt with which this text once gave a digest: it stays here, also where the text itself is gone. */
async function saltOf(db: Db, digest: string, text: string): Promise<string | undefined> {
  const row = await db.selectFrom("local.texts").select("salt").where("digest", "=", digest).executeTakeFirst();
  return row !== undefined && textDigest(text, row.salt) === digest ? row.salt : undefined;
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
