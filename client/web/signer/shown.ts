import { timeText } from "@wanlian/words/index.js";
import { type Decision, isSaltedText } from "../signing/decision.ts";
import { make } from "./elements.ts";
import { say, words } from "./words.ts";

const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$/;

/** In one line, what a decision comes to. */
export function titleOf(decision: Decision): string {
  if (decision.kind === "access") return `${say("signer.access")}: ${words().way(decision.wanted.way ?? "")}`;
  const { noun, type } = decision.filing;
  return `${words().noun(noun)} · ${words().command(noun, type)}`;
}

/** All that a signature over this decision says, in words; a name that has no word stands as it is. */
export function shown(decision: Decision): HTMLElement {
  if (decision.kind === "access") return members(decision.wanted);
  const { case: id, body } = decision.filing;
  return make(
    "div",
    {},
    make("dl", {}, make("dt", {}, say("list.case")), make("dd", {}, id ?? say("signer.newCase"))),
    members(Object(body)),
  );
}

function members(value: object): HTMLElement {
  const entries = Object.entries(value).filter(([, held]) => held !== undefined);
  return make(
    "dl",
    {},
    ...entries.flatMap(([name, held]) => [
      make("dt", {}, words().member(name)),
      make("dd", {}, shownValue(name, held)),
    ]),
  );
}

function shownValue(member: string, value: unknown): Node | string {
  if (Array.isArray(value)) return make("div", {}, ...value.map((one) => make("div", {}, shownValue(member, one))));
  if (isSaltedText(value)) return value.text;
  if (typeof value === "object" && value !== null) return members(value);
  if (typeof value !== "string") return words().value(member, String(value));
  return INSTANT.test(value) ? timeText(value, words().language) : words().value(member, value);
}
