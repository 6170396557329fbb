import type { CaseState } from "@wanlian/model/kernel/act.js";
import { type NodeServices, pause } from "../core/index.js";
import type { Db } from "../read/index.js";

/** How soon a node goes by another address after it has the act that states it. */
const LOOK_EVERY_MS = 5_000;

/**
 * Where other departments' exchanges are: what each says on the ledger, else what this node's configuration has. Wherever
 * that is, only who shows that department's certificate is talked to.
 */
export class ExchangeAddresses {
  /** `host:port` by MSP id; changes as departments move. */
  readonly all: ReadonlyMap<string, string>;
  readonly #all: Map<string, string>;
  readonly #configured: Readonly<Record<string, string>>;
  readonly #services: Pick<NodeServices, "department" | "model">;
  readonly #db: Db;

  constructor(
    services: Pick<NodeServices, "department" | "model">,
    db: Db,
    configured: Readonly<Record<string, string>>,
  ) {
    this.#services = services;
    this.#db = db;
    this.#configured = configured;
    this.#all = new Map(Object.entries(configured));
    this.all = this.#all;
  }

  async refresh(): Promise<void> {
    const { department } = this.#services;
    const query = this.#db.selectFrom("cases").select(["case_id", "state"]).where("noun", "=", "member");
    for (const { case_id, state } of await query.execute()) {
      const stated =
        this.#services.model().reading.exchangeAddress(JSON.parse(state) as CaseState) ?? this.#configured[case_id];
      if (stated !== undefined && case_id !== department) this.#all.set(case_id, stated);
    }
  }

  async keepFresh(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await pause(LOOK_EVERY_MS, signal);
      // A database that is down is the node's own condition; until it is back, the addresses that are known stay.
      if (!signal.aborted) await this.refresh().catch(() => undefined);
    }
  }
}
