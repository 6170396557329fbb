import { LedgerError } from "@wanlian/model/errors.js";
import type { Act } from "@wanlian/model/kernel/act.js";
import { model1 } from "@wanlian/model/model-1/model.js";
import { type RuleSite, ruleSites, sitesOf } from "./rule-sites.js";
import { findAt, leavesOf } from "./schema-leaves.js";

const SITES = ruleSites();

/** Every command of the version, by `noun.type`, with the places of its body. */
export const COMMANDS = Object.values(model1.nouns).flatMap(({ name, commands }) =>
  Object.entries(commands).map(([type, { body }]) => ({ name: `${name}.${type}`, body, leaves: leavesOf(body) })),
);
const BY_NAME = new Map(COMMANDS.map((command) => [command.name, command]));

/** What one decision shows of the model: keys that say rule, code and place, each together with the command. */
export function shownBy(
  command: { readonly noun: string; readonly type: string; readonly body: unknown },
  said: Act | LedgerError,
): string[] {
  const name = `${command.noun}.${command.type}`;
  if (said instanceof LedgerError)
    return [`code ${said.code} ${name}`, ...sitesOf(said, SITES).map((site) => `rule ${site} ${name}`)];
  const leaves = BY_NAME.get(name)?.leaves ?? [];
  const filled = leaves.filter(({ place }) => findAt(command.body, place) !== undefined);
  return [`accepts ${name}`, ...filled.map(({ place }) => `accepts ${name} ${place.join("/")}`)];
}

/** What of the version no shown key speaks of. */
export function notShown(shown: ReadonlySet<string>): { rules: RuleSite[]; accepted: string[] } {
  const reached = new Set([...shown].filter((key) => key.startsWith("rule ")).map((key) => key.split(" ")[1]));
  return {
    rules: [...SITES.values()].filter(({ place }) => !reached.has(place)),
    accepted: COMMANDS.flatMap(({ name, leaves }) => [
      `accepts ${name}`,
      ...leaves.map(({ place }) => `accepts ${name} ${place.join("/")}`),
    ]).filter((key) => !shown.has(key)),
  };
}
