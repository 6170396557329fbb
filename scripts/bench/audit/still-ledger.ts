import { createHash } from "node:crypto";
import type { Case, LedgerPosition, LedgerPresent } from "@wanlian/client/read";
import type { Digest, Instant, MspId, TransactionId } from "@wanlian/model/identifiers.js";
import type { CaseState } from "@wanlian/model/kernel/act.js";
import { RELEASED } from "@wanlian/model/models.js";
import type { Reading } from "@wanlian/model/reading.js";

/** The version of the rules that is in force on it. */
const MODEL = 2;
export const CHANNEL = "pilot";
export const RELEASE = "aa".repeat(32) as TransactionId;
export const MANDATE = "cc".repeat(32) as TransactionId;
export const BLOCK = "00".repeat(32) as Digest;
export const TIME = "2026-03-02T01:00:00Z" as Instant;
export const AUDITOR = "0104";

const FROM = "2026-01-01T00:00:00Z";
const TO = "2026-12-31T00:00:00Z";

/** Each dataset has its own. */
export function grantOf(dataset: string): TransactionId {
  return createHash("sha256").update(dataset).digest("hex") as TransactionId;
}

/** A ledger that stands still: what an audit costs is measured, not what the ledger does. */
export class StillLedger implements LedgerPresent {
  readonly #auditor: string;
  readonly #departments: readonly string[];
  readonly #keys: Readonly<Record<string, string>>;

  /** @param departments that the mandate covers @param keys of their logs, where they are asked for */
  constructor(auditor: string, departments: readonly string[], keys: Readonly<Record<string, string>> = {}) {
    this.#auditor = auditor;
    this.#departments = departments;
    this.#keys = keys;
  }

  position(): LedgerPosition {
    return { height: 1, block: BLOCK, time: TIME, ready: true };
  }

  reading(): Reading {
    return RELEASED.of(MODEL).reading;
  }

  async blockHash(): Promise<string> {
    return BLOCK;
  }

  async head(noun: string, id: string): Promise<Case | undefined> {
    const state = this.#state(noun, id);
    return state === undefined ? undefined : { act: 1, state: state as CaseState };
  }

  async openObjections(): Promise<readonly TransactionId[]> {
    return [];
  }

  async releaseFields(): Promise<undefined> {
    return undefined;
  }

  async reached(): Promise<boolean> {
    return true;
  }

  #state(noun: string, id: string): object | undefined {
    if (noun === "log") return { key: this.#keys[id] };
    if (noun !== "mandate") return undefined;
    const scope = { datasets: [], departments: this.#departments };
    const who = { department: this.#auditor, officer: AUDITOR, principal: this.#auditor };
    return { status: "inForce", kind: "audit", ...who, ...scope, purposes: [], from: FROM, to: TO };
  }
}

/** What decides on every access of the benchmark: it was granted. */
export function grantedTo(provider: MspId, consumer: MspId, dataset: string) {
  const fields = ["code", "name"];
  const frequency = { calls: 1_000_000_000, per: "total" };
  return {
    application: {
      ...{ status: "granted", dataset, provider, consumer, purpose: "lookup", scenario: "bench" },
      grant: { fields, from: FROM, to: TO, frequency, act: 1 },
    },
    release: { status: "registered", dataset, provider, fields },
    member: { status: "active", operators: [] },
    mandate: undefined,
  };
}
