import type { CommandDefinition, NounDefinition } from "@wanlian/model/kernel/noun.js";
import { NONE } from "@wanlian/model/kernel/noun.js";
import { type TObject, Type } from "typebox";

/** Where a node has its API. */
export const API_ROOT = "/api/v1";

/** How a noun's cases are addressed: `/objections/{case}`, `/datasets/{provider}/{code}`, `/policy`. */
export const collectionOf = ({ name, identity }: Pick<NounDefinition, "name" | "identity">): string =>
  `/${identity === "single" ? name : plural(name)}`;

const plural = (name: string): string => (name.endsWith("s") ? `${name}es` : `${name}s`);

/** The route of one case, in OpenAPI's form. */
export function caseRoute(noun: NounDefinition): string {
  switch (noun.identity) {
    case "single":
      return collectionOf(noun);
    case "code":
      return `${collectionOf(noun)}/{provider}/{code}`;
    default:
      return `${collectionOf(noun)}/{case}`;
  }
}

const Department = Type.String({ pattern: "^[A-Za-z0-9][A-Za-z0-9.-]{0,63}$", description: "MSP id" });
const Code = Type.String({ pattern: "^[A-Za-z0-9][A-Za-z0-9-]{0,63}$" });
const TransactionId = Type.String({
  pattern: "^[0-9a-f]{64}$",
  description: "Id of the transaction that began the case",
});
const closed = { additionalProperties: false } as const;

/** The path parameters of `caseRoute`; undefined where there are none. */
export function caseParameters(noun: Pick<NounDefinition, "identity">): TObject | undefined {
  switch (noun.identity) {
    case "single":
      return undefined;
    case "code":
      return Type.Object({ provider: Department, code: Code }, closed);
    case "department":
      return Type.Object({ case: Department }, closed);
    case "transaction":
      return Type.Object({ case: TransactionId }, closed);
  }
}

/** The case that checked path parameters name. */
export function caseIdOf(noun: Pick<NounDefinition, "name" | "identity">, path: unknown): string {
  const parameters = path as Readonly<Record<string, string>>;
  switch (noun.identity) {
    case "single":
      return noun.name;
    case "code":
      return `${parameters.provider}/${parameters.code}`;
    default:
      return String(parameters.case);
  }
}

/** A command that begins a case whose id nobody can know before. */
export const beginsNamelessCase = (noun: NounDefinition, command: CommandDefinition): boolean =>
  (noun.identity === "transaction" || noun.identity === "code") && command.from.every((status) => status === NONE);

/** The table's first beginning command is the collection's POST, so that further ones never move it. */
export function filingRoute(noun: NounDefinition, type: string, command: CommandDefinition): string {
  if (!beginsNamelessCase(noun, command)) return `${caseRoute(noun)}/${kebab(type)}`;
  const first = Object.keys(noun.commands).find((name) => noun.commands[name]?.from.includes(NONE));
  return first === type ? collectionOf(noun) : `${collectionOf(noun)}/${kebab(type)}`;
}

/** Only the node's own key may: its daemon does that, not an officer. */
export const isNodesDuty = (command: CommandDefinition): boolean => command.by.every(({ role }) => role === "node");

/** `applyInEmergency` as a path has it: `apply-in-emergency`. */
export const kebab = (name: string): string => name.replaceAll(/[A-Z]/g, (capital) => `-${capital.toLowerCase()}`);
