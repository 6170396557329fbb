import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { OfficerStore } from "@wanlian/client/keys/officers";
import type { Role } from "@wanlian/model/roles.js";
import { exportPrivateKey, generateKeyPair } from "@wanlian/network/certificates/key.js";
import type { Organisation } from "@wanlian/network/certificates/organisation.js";
import { createRequest } from "@wanlian/network/certificates/request.js";
import { writeWhole } from "@wanlian/network/processes/files.js";
import { PILOT_DEPARTMENTS } from "@wanlian/network/topology/pilot.js";
import type { Department } from "@wanlian/network/topology/topology.js";

/** What an officer of the pilot does. */
export type Post = Exclude<Role, "node">;

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

/** The officers of a department of the pilot: 0101 is the first department's steward, 0102 its user, … */
export function officersOf({ mspId, bureau }: Pick<Department, "mspId" | "bureau">): Officer[] {
  const place = PILOT_DEPARTMENTS.findIndex((department) => department.mspId === mspId);
  const posts = bureau ? BUREAU_POSTS : POSTS;
  return posts.map((post, at) => ({ post, number: `${digits(place + 1)}${digits(at + 1)}` }));
}

/**
 * Gives an officer a key, certified by the department and sealed with a passphrase of its own. `folder` gets the
 * sealed keys and, beside them, the passphrases, readable by the owner only: on a pilot one person plays them all.
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
  await new OfficerStore(sealedKeys(folder)).enrol(certificate, await exportPrivateKey(keys.privateKey), passphrase);
}

/** The passphrase of an officer of the pilot. */
export async function passphraseOf(folder: string, number: string): Promise<string> {
  return (await readFile(passphraseFile(folder, number), "utf8")).trimEnd();
}

/** The store of sealed keys in an officers' folder. */
export function sealedKeys(folder: string): string {
  return join(folder, "keys");
}

function passphraseFile(folder: string, number: string): string {
  return join(folder, "passphrases", number);
}

function digits(value: number): string {
  return value.toString().padStart(2, "0");
}
