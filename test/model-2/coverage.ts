import { model1 } from "@wanlian/model/model-1/model.js";
import { model2 } from "@wanlian/model/model-2/model.js";
import { ruleSites } from "../model/rule-sites.js";
import { leavesOf } from "../model/schema-leaves.js";
import { Coverage, type CoveredCommand } from "../model/vector-coverage.js";

/** Commands that version 2 brings or changes, with the places of their bodies that version 1's do not have. */
const COMMANDS: readonly CoveredCommand[] = Object.values(model2.nouns).flatMap(({ name, commands }) =>
  Object.entries(commands).flatMap(([type, command]) => {
    const before = model1.nouns[name]?.commands[type];
    if (command === before) return [];
    const known = new Set(before === undefined ? [] : leavesOf(before.body).map(({ place }) => place.join("/")));
    const leaves = leavesOf(command.body).filter(({ place }) => !known.has(place.join("/")));
    return [{ name: `${name}.${type}`, body: command.body, leaves }];
  }),
);

export const MODEL_2 = new Coverage(COMMANDS, ruleSites(["model-2/"]));

/** Whether version 2 changed the command. */
export const isOfModel2 = ({ noun, type }: { readonly noun: string; readonly type: string }): boolean =>
  COMMANDS.some(({ name }) => name === `${noun}.${type}`);
