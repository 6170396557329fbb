import { ensure, LedgerError } from "./errors.js";
import type { Instant } from "./identifiers.js";
import { inForce, inForceAt, POLICY_CASE } from "./in-force.js";
import type { CaseState, Command } from "./kernel/act.js";
import type { Heads } from "./kernel/heads.js";
import type { Model, Models } from "./kernel/model.js";
import { model1 } from "./model-1/model.js";
import { model2 } from "./model-2/model.js";

/** Whose tables somebody is shown, and whether they are the channel's now. */
export interface Offered {
  readonly model: Model;
  /** False before the channel was opened, and where this software lacks the version that is: then nothing is filed by it. */
  readonly inForce: boolean;
}

/** Versions of the model, by their numbers. */
export class ModelVersions implements Models {
  readonly #models: ReadonlyMap<number, Model>;

  constructor(...models: readonly Model[]) {
    this.#models = new Map(models.map((model) => [model.version, model]));
  }

  /** In the order of their numbers. */
  get all(): readonly Model[] {
    return [...this.#models.values()].sort((one, other) => one.version - other.version);
  }

  /**
   * The newest: what a new channel is opened with, unless whoever opens it wants another. Of a channel that is there
   * nobody takes it: which version is in force, its ledger says.
   */
  get latest(): Model {
    const latest = this.all.at(-1);
    if (latest === undefined) throw new RangeError("there is no version of the model");
    return latest;
  }

  has(version: number): boolean {
    return this.#models.has(version);
  }

  /** @throws LedgerError UNKNOWN_MODEL */
  of(version: number): Model {
    const model = this.#models.get(version);
    if (!model)
      throw new LedgerError("UNKNOWN_MODEL", `this software has no model ${version}; upgrade it`, {
        details: { version },
      });
    return model;
  }

  /** The one in force on these heads; undefined before the channel was opened. @throws LedgerError UNKNOWN_MODEL */
  inForce(heads: Heads): Model | undefined {
    const channel = inForce(heads);
    return channel && this.of(channel.version);
  }

  /** The tables to be shown while a policy, and the ledger's time, stand so. @param policy undefined before policy 1 */
  offered(policy: CaseState | undefined, time: Instant | undefined): Offered {
    const version = policy && inForceAt(policy, time).version;
    return version !== undefined && this.has(version)
      ? { model: this.of(version), inForce: true }
      : { model: this.latest, inForce: false };
  }

  /** Policy 1, before which there is none, names the version that it is itself judged by. */
  deciding(command: Pick<Command, "noun" | "body">, heads: Heads): Model {
    const model = this.inForce(heads);
    if (model !== undefined) return model;
    const named = command.noun === POLICY_CASE.noun ? modelNamedIn(command.body) : undefined;
    ensure(named !== undefined, "NOT_FOUND", "the channel has no policy yet; policy 1 comes first");
    return this.of(named);
  }
}

function modelNamedIn(body: unknown): number | undefined {
  const model = typeof body === "object" && body !== null && "model" in body ? body.model : undefined;
  return typeof model === "number" ? model : undefined;
}

/** The released versions. A new one is one line more; what is released never changes. */
export const RELEASED = new ModelVersions(model1, model2);
