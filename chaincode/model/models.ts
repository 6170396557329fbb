import { ensure, LedgerError } from "./errors.js";
import { inForce, POLICY_CASE } from "./in-force.js";
import type { Command } from "./kernel/act.js";
import type { Heads } from "./kernel/heads.js";
import type { Model, Models } from "./kernel/model.js";
import { model1 } from "./model-1/model.js";
import { model2 } from "./model-2/model.js";

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

  /** The newest. */
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
