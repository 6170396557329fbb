import { readFileSync } from "node:fs";
import { canonicalJson } from "@wanlian/model/canonical.js";
import { ensure } from "@wanlian/model/errors.js";
import type { Instant } from "@wanlian/model/identifiers.js";
import { CLOCK_CASE, inForce, POLICY_CASE } from "@wanlian/model/in-force.js";
import type { Command } from "@wanlian/model/kernel/act.js";
import type { Heads } from "@wanlian/model/kernel/heads.js";
import { type ModelVersions, RELEASED } from "@wanlian/model/models.js";
import { MAX_CLOCK_AGE_SECONDS, MAX_CLOCK_OFFSET_SECONDS } from "@wanlian/model/time/clock-limits.js";
import { instantOf, secondsBetween } from "@wanlian/model/time/instant.js";
import { VoidCases } from "./void-cases.js";

export interface EndorserOptions {
  /** The file with the body of policy 1 that this department takes part under; without it none is endorsed. */
  readonly genesisPolicy?: string;
  /** The file in which the department's own node says where cases stand that void acts have touched. */
  readonly voidCases?: string;
  /** The endorser's own clock, in milliseconds since 1970. */
  readonly now?: () => number;
  /** The versions of the model that the contracts hold. */
  readonly models?: ModelVersions;
}

/**
 * What an endorser brings of its own: its configuration, its clock, its node's word on void acts. These checks protect
 * while a transaction is endorsed; what counts afterwards is the model alone.
 */
export class Endorser {
  readonly voidCases: VoidCases;
  readonly #models: ModelVersions;
  readonly #genesisPolicy: string | undefined;
  readonly #now: () => number;

  constructor({ genesisPolicy, voidCases, now = Date.now, models = RELEASED }: EndorserOptions = {}) {
    this.#models = models;
    this.voidCases = new VoidCases(voidCases);
    this.#genesisPolicy = genesisPolicy;
    this.#now = now;
  }

  get models(): ModelVersions {
    return this.#models;
  }

  /** The endorser that the process's environment describes. */
  static fromEnvironment(environment: NodeJS.ProcessEnv = process.env): Endorser {
    const { WANLIAN_GENESIS_POLICY: genesisPolicy, WANLIAN_VOID_FILE: voidCases } = environment;
    return new Endorser({ ...(genesisPolicy ? { genesisPolicy } : {}), ...(voidCases ? { voidCases } : {}) });
  }

  /**
   * Whether this endorser puts its name to a command that the model allows.
   * @throws LedgerError WRONG_GENESIS, UNKNOWN_MODEL, CLOCK_OFF, STALE_CLOCK
   */
  check(command: Command, heads: Heads, time: Instant): void {
    if (command.noun === POLICY_CASE.noun) this.#checkPolicy(command);
    const channel = inForce(heads);
    if (!channel || channel.demo) return; // a demo channel's clock is free; before policy 1 there is no clock
    const now = instantOf(this.#now());
    if (command.noun === CLOCK_CASE.noun) {
      const offset = Math.abs(secondsBetween(now, time));
      ensure(
        offset <= MAX_CLOCK_OFFSET_SECONDS,
        "CLOCK_OFF",
        `the tick says ${time}, this endorser's clock ${now}; set the clock that is wrong`,
      );
    } else {
      const age = secondsBetween(time, now);
      ensure(
        age <= MAX_CLOCK_AGE_SECONDS,
        "STALE_CLOCK",
        `the last tick, ${time}, is ${age} s old by this endorser's clock; a node has to tick first`,
      );
    }
  }

  #checkPolicy({ type, body }: Command): void {
    const model = typeof body === "object" && body !== null && "model" in body ? body.model : undefined;
    // Announcing a year and handing the bureau's role over leave the rules as they are, and name no version.
    ensure(
      model === undefined || (typeof model === "number" && this.#models.has(model)),
      "UNKNOWN_MODEL",
      `this contract has no model ${model}; deploy the contracts that have it first`,
    );
    if (type !== "open") return;
    ensure(
      this.#genesisPolicy !== undefined,
      "WRONG_GENESIS",
      "this endorser has not been given the policy that the channel opens with (WANLIAN_GENESIS_POLICY)",
    );
    const own: unknown = JSON.parse(readFileSync(this.#genesisPolicy, "utf8"));
    ensure(
      canonicalJson(own) === canonicalJson(body),
      "WRONG_GENESIS",
      "policy 1 is not the one in this endorser's configuration",
    );
  }
}
