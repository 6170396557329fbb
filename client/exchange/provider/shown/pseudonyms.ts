import { createHmac, randomBytes } from "node:crypto";
import { open, readFile } from "node:fs/promises";
import { canonicalBytes } from "@wanlian/model/canonical.js";
import { NodeError } from "../../../core/index.js";

const KEY_BYTES = 32;
/** 16 bytes: two values of a column that happen on one are not to be expected. */
const SHOWN_DIGITS = 32;

/** For whom a value gets another name. */
export interface PseudonymFor {
  readonly consumer: string;
  readonly purpose: string;
  readonly dataset: string;
}

/**
 * 假名: a value's other name, the same for one consumer and purpose whenever it asks, and another for any other: so that
 * two consumers cannot join what they were not granted together. Keyed, since whoever knew how it is made could try values.
 */
export class Pseudonyms {
  readonly #key: Buffer;

  private constructor(key: Buffer) {
    this.#key = key;
  }

  /** Reads the department's key; makes one where there is none. @throws NodeError STORE_FAILED for one that is damaged */
  static async open(path: string): Promise<Pseudonyms> {
    const key = (await readKey(path)) ?? (await makeKey(path));
    if (key.length !== KEY_BYTES) {
      throw new NodeError("STORE_FAILED", `${path} is not a key of ${KEY_BYTES} bytes: put it back from a backup`);
    }
    return new Pseudonyms(key);
  }

  of({ consumer, purpose, dataset }: PseudonymFor, field: string, value: string): string {
    const own = createHmac("sha256", this.#key).update(canonicalBytes({ consumer, purpose })).digest();
    const text = canonicalBytes({ dataset, field, value });
    return createHmac("sha256", own).update(text).digest("hex").slice(0, SHOWN_DIGITS);
  }
}

async function readKey(path: string): Promise<Buffer | undefined> {
  try {
    return await readFile(path);
  } catch (error) {
    if (Reflect.get(Object(error), "code") === "ENOENT") return undefined;
    throw error;
  }
}

/** Durable before it is used: a name that was given out has to be given again. */
async function makeKey(path: string): Promise<Buffer> {
  const key = randomBytes(KEY_BYTES);
  const file = await open(path, "wx", 0o600);
  try {
    await file.writeFile(key);
    await file.sync();
  } finally {
    await file.close();
  }
  return key;
}
