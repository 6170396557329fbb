import type { Model } from "@wanlian/model/kernel/model.js";
import type { NounDefinition } from "@wanlian/model/kernel/noun.js";
import { collectionOf } from "../../api-document/index.js";
import { CliError } from "../errors.js";
import type { NodeClient } from "../node-client.js";

/** The beginning of a transaction's id, as people read it off a list and type it. */
const BEGINNING = /^[0-9a-f]{6,63}$/i;

type Cases = Pick<NodeClient, "all">;

/** Members of what is typed that name cases, and of which noun. */
const NAMING: Readonly<Record<string, string>> = {
  grant: "application",
  release: "release",
  revises: "release",
  correction: "release",
  derivedFrom: "release",
  objection: "objection",
  mandate: "mandate",
  assessment: "assessment",
  incident: "incident",
  withdrawn: "release",
};
/** Where a command means another noun's by the same word. */
const NAMING_IN: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  "product.register": { revises: "product" },
};

export const namesCase = (member: string): boolean => Object.hasOwn(NAMING, member);

/**
 * What was typed, with the whole ids of the cases that it names by their beginnings.
 * @param command noun and type, as in `release.register`
 * @throws CliError USAGE where no case begins so, or more than one
 */
export async function withWholeIds<T extends Readonly<Record<string, unknown>>>(
  client: Cases,
  { nouns }: Pick<Model, "nouns">,
  typed: T,
  command = "",
): Promise<T> {
  const whole: Record<string, unknown> = { ...typed };
  for (const [member, name] of Object.entries({ ...NAMING, ...NAMING_IN[command] })) {
    const noun = nouns[name];
    const value = typed[member];
    if (noun === undefined || value === undefined) continue;
    if (typeof value === "string") whole[member] = await wholeId(client, noun, value);
    else if (Array.isArray(value))
      whole[member] = await Promise.all(
        value.map((one) => (typeof one === "string" ? wholeId(client, noun, one) : Promise.resolve(one))),
      );
  }
  return whole as T;
}

/**
 * The whole id of a case of which the beginning was typed; whatever else was typed, as it is.
 * @throws CliError USAGE where no case begins so, or more than one
 */
export async function wholeId(client: Cases, noun: NounDefinition, typed: string): Promise<string> {
  if (noun.identity !== "transaction" || !BEGINNING.test(typed)) return typed;
  const found = await client.all(collectionOf(noun), { begins: typed.toLowerCase() }, 2);
  const [only, other] = found;
  if (only !== undefined && other === undefined) return only.at("case").text;
  throw only === undefined
    ? new CliError("USAGE", {
        zh: `没有以 ${typed} 开头的${noun.title.zh}；请核对编号。`,
        en: `No ${noun.title.en} begins with ${typed}; check the id.`,
      })
    : new CliError("USAGE", {
        zh: `以 ${typed} 开头的${noun.title.zh}不止一个；请多输入几位。`,
        en: `More than one ${noun.title.en} begins with ${typed}; type more of it.`,
      });
}
