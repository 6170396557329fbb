import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { OfficerStore } from "@wanlian/client/keys/store.js";
import type { Role } from "@wanlian/network/certificates/attributes.js";
import { exportPrivateKey, generateKeyPair } from "@wanlian/network/certificates/key.js";
import type { Organisation } from "@wanlian/network/certificates/organisation.js";
import { createRequest } from "@wanlian/network/certificates/request.js";
import { writeWhole } from "@wanlian/network/processes/files.js";

/** What an officer of the pilot does. */
export type Post = "steward" | "user" | "administrator" | "auditor";

const POSTS: readonly Post[] = ["steward", "user", "administrator"];
const BUREAU_POSTS: readonly Post[] = [...POSTS, "auditor"];

/** 144 bits: nobody guesses it, and it fits on a slip of paper. */
const PASSPHRASE_SIZE = 18;
const OWNER_ONLY = 0o600;

/** An officer as the pilot knows it. The number says department and post, to whoever has the list; it is no name. */
export interface Officer {
  readonly post: Post;
  readonly number: string;
}

/** The officers of department number `index`: 0101 is the first department's steward, 0102 its user, … */
export function officersOf(index: number, bureau: boolean): Officer[] {
  const posts = bureau ? BUREAU_POSTS : POSTS;
  return posts.map((post, at) => ({ post, number: `${digits(index + 1)}${digits(at + 1)}` }));
}

/**
 * Gives an officer a key, certified by the department and sealed with a passphrase of its own. `store` is the folder of the
 * officers' sealed keys; the passphrases lie beside it, readable by the owner only, as on a pilot one person plays them all.
 */
export async function enrolOfficer(
  organisation: Organisation,
  { number, post }: Officer,
  folder: string,
): Promise<void> {
  const keys = await generateKeyPair();
  const roles: Role[] = [post];
  const certificate = await organisation.addOfficer(number, roles, await createRequest(number, keys));
  const passphrase = randomBytes(PASSPHRASE_SIZE).toString("base64url");
  await writeWhole(passphraseFile(folder, number), `${passphrase}\n`, OWNER_ONLY);
  await new OfficerStore(join(folder, "officers")).enrol(
    certificate,
    await exportPrivateKey(keys.privateKey),
    passphrase,
  );
}

/** The passphrase of an officer of the pilot. */
export async function passphraseOf(folder: string, number: string): Promise<string> {
  return (await readFile(passphraseFile(folder, number), "utf8")).trimEnd();
}

function passphraseFile(folder: string, number: string): string {
  return join(folder, "passphrases", number);
}

function digits(value: number): string {
  return value.toString().padStart(2, "0");
}
