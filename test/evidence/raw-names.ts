import { RELEASED } from "@wanlian/model/models.js";

/** Every command of every version of the rules, by its noun's name and its own. */
export const COMMANDS: readonly (readonly [noun: string, type: string])[] = RELEASED.all.flatMap(({ nouns }) =>
  Object.entries(nouns).flatMap(([noun, { commands }]) => Object.keys(commands).map((type) => [noun, type] as const)),
);

const NAMES = new Set(COMMANDS.flat());

/** Names of the rules' tables that stand in a Chinese sentence as they are. */
export const rawNames = (zh: string): string[] => (zh.match(/[A-Za-z]+/g) ?? []).filter((word) => NAMES.has(word));
