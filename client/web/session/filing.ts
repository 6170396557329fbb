import { SALT_BYTES } from "@wanlian/model/text-digest.js";
import { toHex } from "@wanlian/protocol/bytes.js";
import { currentHolder } from "../signing/current-holder.ts";
import { atDesk } from "../signing/desk.ts";
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
  const own = await currentHolder();
  if (own === undefined) throw new Refusal("SIGNATURE_MISSING", "", "this browser has no key");
  const { table, command, id, body, seen } = decision;
  const filing = { noun: table.name, type: command.type, case: namedCase(table, id), body, seen };
  const hand = await own.decide({ kind: "filing", filing });
  return atDesk(hand, (headers) => post<Submission>(decision, {}, headers));
}

/** As the command names it: a case that begins with it has no name before. */
function namedCase(table: NounTable, id: string | undefined): string | null {
  return table.identity === "single" ? table.name : (id ?? null);
}

/** A text on its way to the node, with the salt of the digest that the ledger gets. */
interface SaltedText {
  readonly text: string;
  readonly salt: string;
}

/** Texts go to the node as they are and stay there. Who signs here chooses the salt, to know what will be signed. */
export const salted = (schema: Schema, body: unknown): unknown =>
  withTexts(schema, body, ({ text }) => ({ text, salt: toHex(crypto.getRandomValues(new Uint8Array(SALT_BYTES))) }));

/** What there is to read in it. */
export const readable = (schema: Schema, body: unknown): unknown => withTexts(schema, body, ({ text }) => ({ text }));

function withTexts(schema: Schema, body: unknown, change: (text: SaltedText) => object): unknown {
  if (typeof body !== "object" || body === null) return body;
  if (schema.anyOf?.some(({ properties }) => properties?.text !== undefined) === true)
    return "text" in body ? change(body as SaltedText) : body;
  if (schema.type !== "object") return body;
  return Object.fromEntries(
    Object.entries(body).map(([name, value]) => [name, withTexts(schema.properties?.[name] ?? {}, value, change)]),
  );
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
