import { randomBytes } from "node:crypto";
import { Text } from "@wanlian/model/model-1/limits.js";
import { SALT_BYTES, textDigest } from "@wanlian/model/text-digest.js";
import { type TSchema, Type } from "typebox";
import type { FoldedAct } from "../core/index.js";
import type { Db } from "../read/index.js";
import { isTextSchema, MAX_TEXT } from "./text.js";

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

interface KeptTexts {
  /** The body with digests in place of texts. */
  readonly body: unknown;
  /** Notes which act the texts belong to, once it counts. */
  bind(act: FoldedAct): Promise<void>;
}

/**
 * Keeps the texts of a body and puts their digests in place.
 * @param previous the body that was filed under the same key before, if any: its digests are used again where the
 *   text is the same, so that repeating a filing is not taken for another command
 */
export async function keepTexts(db: Db, schema: TSchema, body: unknown, previous: unknown): Promise<KeptTexts> {
  const digests: string[] = [];
  const replaced = await replace(schema, body, previous, async (text, before) => {
    const digest = (await isKept(db, before, text)) ? before : await keep(db, text);
    digests.push(digest);
    return digest;
  });
  return {
    body: replaced,
    bind: async ({ noun, case: id, number, time }) => {
      if (digests.length === 0) return;
      await db
        .updateTable("local.texts")
        .set({ noun, case_id: id, number, time })
        .where("digest", "in", digests)
        .where("number", "=", 0)
        .execute();
    },
  };
}

type Keep = (text: string, before: string) => Promise<string>;

async function replace(schema: unknown, value: unknown, previous: unknown, keep: Keep): Promise<unknown> {
  if (!isRecord(schema) || !isRecord(value)) return value;
  const before = isRecord(previous) ? previous : {};
  if (isTextSchema(schema)) {
    return typeof value.text === "string" ? { digest: await keep(value.text, String(before.digest ?? "")) } : value;
  }
  const properties = isRecord(schema.properties) ? schema.properties : {};
  const entries: [string, unknown][] = [];
  for (const [name, member] of Object.entries(value)) {
    entries.push([name, await replace(properties[name], member, before[name], keep)]);
  }
  return Object.fromEntries(entries);
}

async function isKept(db: Db, digest: string, text: string): Promise<boolean> {
  const row = await db.selectFrom("local.texts").select("content").where("digest", "=", digest).executeTakeFirst();
  return row?.content === text;
}

/** Before it is filed: an act whose text is lost could never be explained. */
async function keep(db: Db, text: string): Promise<string> {
  const salt = randomBytes(SALT_BYTES).toString("hex");
  const digest = textDigest(text, salt);
  const nowhere = { noun: "", case_id: "", number: 0, time: "" };
  await db
    .insertInto("local.texts")
    .values({ digest, salt, content: text, ...nowhere })
    .execute();
  return digest;
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
