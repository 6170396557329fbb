import { SALT_BYTES, textDigest } from "@wanlian/model/text-digest.js";
import { toHex } from "@wanlian/protocol/bytes.js";
import { atDesk } from "../signing/desk.ts";
import { findKey } from "../signing/key-store.ts";
import { type CaseDetail, callRoute, Refusal, type Submission } from "./api.ts";
import { type CommandRow, caseAddress, type NounTable, type Schema } from "./ledger.ts";

/** What an officer decided: this command, on this case as it was then. */
export interface Decision {
  readonly table: NounTable;
  readonly command: CommandRow;
  /** Undefined where the command begins a case that nobody can name before. */
  readonly id: string | undefined;
  readonly body: unknown;
  readonly key: string;
  readonly seen: number | undefined;
}

/** What would stand on the ledger, by the node's own reading. */
export interface Preview {
  readonly type: string;
  readonly number: number;
  readonly body: unknown;
  readonly state: { readonly status: string };
}

export const currentCase = (table: NounTable, id: string): Promise<CaseDetail> =>
  callRoute<CaseDetail>("GET", caseAddress(table, id));

export async function preview(decision: Decision): Promise<Preview> {
  const { act } = await post<{ act: Preview }>(decision, { preview: "true" });
  return act;
}

/**
 * Files what was decided: signed by the node where it keeps the officer's key, else here, after what is to be signed
 * was compared with the decision.
 */
export async function file(decision: Decision, holder: "node" | "browser"): Promise<Submission> {
  if (holder === "node") return post<Submission>(decision, {});
  const own = await findKey();
  if (own === undefined) throw new Refusal("SIGNATURE_MISSING", "", "this browser has no key");
  const { table, command, id, body, seen } = decision;
  const decided = { noun: table.name, type: command.type, case: namedCase(table, id), body, seen };
  return atDesk(own, { kind: "filing", decided }, (headers) => post<Submission>(decision, {}, headers));
}

/** As the command names it: a case that begins with it has no name before. */
function namedCase(table: NounTable, id: string | undefined): string | null {
  return table.identity === "single" ? table.name : (id ?? null);
}

/** Texts go to the node as they are and stay there; the ledger, and so the signature, has their salted digests. */
export async function withDigests(schema: Schema, body: unknown): Promise<unknown> {
  if (schema.anyOf?.some(({ properties }) => properties?.text !== undefined) === true) {
    const text: unknown = Reflect.get(Object(body), "text");
    if (typeof text !== "string") return body;
    const salt = toHex(crypto.getRandomValues(new Uint8Array(SALT_BYTES)));
    const digest = textDigest(text, salt);
    await callRoute<void>("POST", "/texts", { digest, salt, text });
    return { digest };
  }
  if (schema.type !== "object" || typeof body !== "object" || body === null) return body;
  const members = Object.entries(body).map(async ([name, value]) => [
    name,
    await withDigests(schema.properties?.[name] ?? {}, value),
  ]);
  return Object.fromEntries(await Promise.all(members));
}

function post<T>(
  { table, command, id, body, key, seen }: Decision,
  more: Readonly<Record<string, string>>,
  headers: Readonly<Record<string, string>> = {},
): Promise<T> {
  const query = new URLSearchParams({ ...more, ...(seen === undefined ? {} : { seen: String(seen) }) });
  const address = `${addressOf(table, command, id)}?${query}`;
  return callRoute<T>("POST", address, body, { "Idempotency-Key": key, ...headers });
}

/** The table's route with the case in its place: it ends as the case's own, and the command's name. */
function addressOf(table: NounTable, command: CommandRow, id: string | undefined): string {
  const route = command.route ?? "";
  if (id === undefined || !route.startsWith(table.route)) return route;
  return caseAddress(table, id) + route.slice(table.route.length);
}
