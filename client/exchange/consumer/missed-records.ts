import type { Digest, MspId } from "@wanlian/model/identifiers.js";
import { addSeconds } from "@wanlian/model/time/instant.js";
import type { Logger } from "pino";
import {
  type AccessIndex,
  type DeliveredRecord,
  MAX_ANSWER_BYTES,
  MAX_REQUESTS,
  parseFoundRecords,
  REQUEST_LIFE_SECONDS,
} from "../../access/index.js";
import { ExchangeError } from "../../core/index.js";
import type { LedgerPresent } from "../../read/index.js";
import type { DepartmentConnections } from "../../transport/index.js";
import type { Asked, OpenRequests } from "./open-requests.js";
import type { ReceivedRecords } from "./received-records.js";

const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 60_000;

export interface MissedParts {
  readonly requests: OpenRequests;
  readonly received: ReceivedRecords;
  readonly index: AccessIndex;
  readonly ledger: LedgerPresent;
  readonly connections: DepartmentConnections;
  readonly logger: Logger;
}

/**
 * Where the answer to a request was lost, on the way or with one of the two nodes, the provider may have a record that
 * this side lacks. Asks for it in the background until it is here, or there can be none any more.
 */
export class MissedRecords {
  readonly #parts: MissedParts;
  #pause = FIRST_PAUSE_MS;
  #timer: NodeJS.Timeout | undefined;
  #asking: Promise<void> = Promise.resolve();
  #closed = false;

  constructor(parts: MissedParts) {
    this.#parts = parts;
  }

  /** Nobody waits for the answer to this request any more; if its record came, nothing is missed. */
  lookFor(nonce: Digest): void {
    if (this.#parts.requests.lose(nonce)) this.resume();
  }

  /** Takes up what an earlier run of the node missed. */
  resume(): void {
    // A long pause is for what was asked for in vain; one that has only begun is not begun anew.
    if (this.#pause > FIRST_PAUSE_MS) {
      this.#pause = FIRST_PAUSE_MS;
      clearTimeout(this.#timer);
      this.#timer = undefined;
    }
    this.#schedule();
  }

  /** Asks every provider that may have something, once. Who does not answer is asked again later. */
  async ask(): Promise<void> {
    this.#asking = this.#asking.then(() => this.#askAll());
    await this.#asking;
  }

  /** Ends after what is under way; the connections have to be closed for it to be soon. */
  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#timer);
    await this.#asking;
  }

  #schedule(): void {
    if (this.#closed || this.#parts.requests.lost().length === 0) return;
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#pause = Math.min(LONGEST_PAUSE_MS, this.#pause * 2);
      void this.ask().then(() => this.#schedule());
    }, this.#pause);
  }

  async #askAll(): Promise<void> {
    const lost = this.#parts.requests.lost();
    for (const provider of new Set(lost.map((asked) => asked.provider))) {
      const own = lost.filter((asked) => asked.provider === provider);
      try {
        for (let at = 0; at < own.length && !this.#closed; at += MAX_REQUESTS) {
          await this.#askFor(provider, own.slice(at, at + MAX_REQUESTS));
        }
      } catch (error) {
        this.#parts.logger.info({ provider, err: error }, "records that may be missing are asked for again later");
      }
    }
  }

  async #askFor(provider: MspId, lost: readonly Asked[]): Promise<void> {
    const { connections, index, requests, ledger } = this.#parts;
    const asked = new Map(lost.map((one) => [one.nonce, one]));
    const body = { requests: [...asked.keys()] };
    const { records } = parseFoundRecords(
      await connections.json(provider, "/exchange/v1/records", body, { most: MAX_ANSWER_BYTES }),
    );
    await index.catchUp();
    for (const delivered of records) await this.#take(provider, asked, delivered);
    const found = new Set(records.map(({ signed }) => signed.record.request.nonce));
    for (const { nonce, time } of lost) {
      // Younger than that, it may still be on its way.
      const expired = addSeconds(time, REQUEST_LIFE_SECONDS) < ledger.position().time;
      if (expired && !found.has(nonce)) requests.settle(nonce);
    }
  }

  /** One that is wrong does not hold up the others. */
  async #take(provider: MspId, asked: ReadonlyMap<Digest, Asked>, delivered: DeliveredRecord): Promise<void> {
    const { received, logger } = this.#parts;
    const request = asked.get(delivered.signed.record.request.nonce);
    if (request === undefined) throw new ExchangeError("BAD_ANSWER", `${provider} gives a record of another request`);
    try {
      await received.takeLate(request, delivered);
    } catch (error) {
      if (!(error instanceof ExchangeError)) throw error;
      logger.warn({ provider, request, err: error }, "the provider's record is not taken");
    }
  }
}
