import { LedgerError } from "@wanlian/model/errors.js";
import type { Act } from "@wanlian/model/kernel/act.js";
import { model1 } from "@wanlian/model/model-1/model.js";
import type { TSchema } from "typebox";
import { type RuleSite, ruleSites, sitesOf } from "./rule-sites.js";
import { findAt, type Leaf, leavesOf } from "./schema-leaves.js";

/** A command that a version brings or changes, by `noun.type`, with the places of its body that are the version's own. */
export interface CoveredCommand {
  readonly name: string;
  readonly body: TSchema;
  readonly leaves: readonly Leaf[];
}

/** What vectors have to show of a version. */
export class Coverage {
  readonly commands: readonly CoveredCommand[];
  readonly #sites: ReadonlyMap<string, RuleSite>;
  readonly #byName: ReadonlyMap<string, CoveredCommand>;

  /** @param sites the lines by which the version refuses */
  constructor(commands: readonly CoveredCommand[], sites: ReadonlyMap<string, RuleSite>) {
    this.commands = commands;
    this.#sites = sites;
    this.#byName = new Map(commands.map((command) => [command.name, command]));
  }

  /** What one decision shows of the model: keys that say rule, code and place, each together with the command. */
  shownBy(
    command: { readonly noun: string; readonly type: string; readonly body: unknown },
    said: Act | LedgerError,
  ): string[] {
    const name = `${command.noun}.${command.type}`;
    if (said instanceof LedgerError)
      return [`code ${said.code} ${name}`, ...sitesOf(said, this.#sites).map((site) => `rule ${site} ${name}`)];
    const leaves = this.#byName.get(name)?.leaves ?? [];
    const filled = leaves.filter(({ place }) => findAt(command.body, place) !== undefined);
    return [`accepts ${name}`, ...filled.map(({ place }) => `accepts ${name} ${place.join("/")}`)];
  }

  /** What of the version no shown key speaks of. */
  notShown(shown: ReadonlySet<string>): { rules: RuleSite[]; accepted: string[] } {
    const reached = new Set([...shown].filter((key) => key.startsWith("rule ")).map((key) => key.split(" ")[1]));
    return {
      rules: [...this.#sites.values()].filter(({ place }) => !reached.has(place)),
      accepted: this.commands
        .flatMap(({ name, leaves }) => [
          `accepts ${name}`,
          ...leaves.map(({ place }) => `accepts ${name} ${place.join("/")}`),
        ])
        .filter((key) => !shown.has(key)),
    };
  }
}

/** Of model 1: every command, and every place of its body. */
export const MODEL_1 = new Coverage(
  Object.values(model1.nouns).flatMap(({ name, commands }) =>
    Object.entries(commands).map(([type, { body }]) => ({ name: `${name}.${type}`, body, leaves: leavesOf(body) })),
  ),
  ruleSites(),
);
