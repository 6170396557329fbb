import type { CaseState } from "@wanlian/model/kernel/act.js";
import type { NodeServices } from "../core/index.js";
import type { CaseName } from "./cases.js";

/** One case as the fold has it, at hand for whoever cannot wait for it. */
export class FollowedCase {
  readonly #services: Pick<NodeServices, "head" | "events">;
  readonly #name: CaseName;
  #state: CaseState | undefined;

  constructor(services: Pick<NodeServices, "head" | "events">, name: CaseName) {
    this.#services = services;
    this.#name = name;
  }

  /** Undefined before its first act, and before it was looked at. */
  get state(): CaseState | undefined {
    return this.#state;
  }

  /** Looks with each block, until the signal aborts. */
  async follow(signal: AbortSignal): Promise<void> {
    await this.refresh();
    for await (const event of this.#services.events({ signal })) {
      if (event.kind === "block") await this.refresh();
    }
  }

  async refresh(): Promise<void> {
    this.#state = (await this.#services.head(this.#name)).state as CaseState | undefined;
  }
}
