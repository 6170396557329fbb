import { setTimeout as delay } from "node:timers/promises";
import { CliError } from "@wanlian/client/cli/errors.js";
import { type Filed, refusalCode } from "@wanlian/scripts/host/desk.js";
import { wish } from "@wanlian/scripts/story/chapters/granting.js";
import { expect } from "chai";
import type { RunningPilot } from "./shared-pilot.js";

/** Between two attempts at what has just failed, and between two looks at how far the load is. */
const PAUSE_MS = 50;

/** What a node answers while something behind it is down; the officer files again with the same key. */
const PASSING = new Set(["NO_ENDORSEMENT", "LEDGER_UNAVAILABLE", "CONFLICT", "NOT_READY", "NOT_LOGGED_IN"]);

export interface AcknowledgedFiling {
  readonly mspId: string;
  readonly key: string;
  readonly body: object;
  readonly filed: Filed;
}

/**
 * An officer of each department applies for the same dataset again and again, each time under a new idempotency key;
 * what is not acknowledged is filed again under the same. An application is a case of its own, so that one filed
 * twice would be there twice.
 */
export class FilingLoad {
  readonly acknowledged: AcknowledgedFiling[] = [];
  readonly #running: Promise<void>[];
  readonly #failures: unknown[] = [];
  #stopped = false;

  constructor(
    readonly pilot: RunningPilot,
    readonly dataset: string,
    /** Keys are told apart by it. */
    readonly name: string,
    mspIds: readonly string[],
  ) {
    this.#running = mspIds.map((mspId) =>
      this.#work(mspId).catch((error: unknown) => {
        this.#failures.push(error);
      }),
    );
  }

  /** Waits until each of these departments has that many more acknowledged. @throws what ended an officer's work */
  async acknowledgedMore(mspIds: readonly string[], more: number): Promise<void> {
    const wanted = new Map(mspIds.map((mspId) => [mspId, this.#count(mspId) + more]));
    while ([...wanted].some(([mspId, count]) => this.#count(mspId) < count)) {
      this.#throwFailure();
      await delay(PAUSE_MS);
    }
  }

  /** Ends when everything that was begun is acknowledged. */
  async stop(): Promise<void> {
    this.#stopped = true;
    await Promise.all(this.#running);
    this.#throwFailure();
  }

  async #work(mspId: string): Promise<void> {
    for (let serial = 0; !this.#stopped; serial += 1) {
      const key = `${this.name}-${mspId}-${serial}`;
      const body = { ...wish(this.dataset, ["code"], key), kind: "ordinary" };
      this.acknowledged.push({ mspId, key, body, filed: await this.#untilAcknowledged(mspId, key, body) });
    }
  }

  async #untilAcknowledged(mspId: string, key: string, body: object): Promise<Filed> {
    for (;;) {
      try {
        const desk = await this.pilot.desk(mspId, "user");
        return await desk.file("applications", body, key);
      } catch (error) {
        if (!passes(error)) throw error;
        await delay(PAUSE_MS);
      }
    }
  }

  #count(mspId: string): number {
    return this.acknowledged.filter((filing) => filing.mspId === mspId).length;
  }

  #throwFailure(): void {
    if (this.#failures.length > 0) throw this.#failures[0];
  }
}

/** Every acknowledged application is on every node, once, and there is no other. */
export async function expectEachOnce(
  pilot: RunningPilot,
  dataset: string,
  acknowledged: readonly AcknowledgedFiling[],
): Promise<void> {
  const expected = acknowledged.map(({ filed }) => filed.case).sort();
  expect(new Set(expected).size).to.equal(expected.length);
  const last = Math.max(...acknowledged.map(({ filed }) => filed.block));
  for (const mspId of pilot.mspIds) {
    await pilot.folded(mspId, last);
    const desk = await pilot.desk(mspId, "user");
    const seen = await desk.all<{ readonly case: string }>("applications", { about: `dataset/${dataset}` });
    expect(seen.map((application) => application.case).sort(), mspId).to.deep.equal(expected);
  }
}

function passes(error: unknown): boolean {
  if (!(error instanceof CliError)) return false;
  if (error.code === "UNREACHABLE" || error.code === "OUTCOME_OPEN") return true;
  return PASSING.has(refusalCode(error) ?? "");
}
