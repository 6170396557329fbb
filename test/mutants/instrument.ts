import { parse } from "acorn";
import { type Mutation, mutationsOf } from "./mutation.js";

/** The function that says, at run time, whether a mutation is on. */
export const SWITCH = "__mutant";

export interface Instrumented {
  /** Behaves like the original until the switch says otherwise. */
  readonly code: string;
  /** In the order of their numbers, from `first` on. */
  readonly mutations: readonly Mutation[];
}

/** All mutations of a module in one text, each behind a switch: it is loaded once and tried as often as there are. */
export function instrument(code: string, first: number): Instrumented {
  const program = parse(code, { ecmaVersion: "latest", sourceType: "module" });
  const mutations = mutationsOf(program, code).sort((a, b) => a.start - b.start || b.end - a.end);
  const numbered = mutations.map((mutation, index) => ({ mutation, number: first + index }));
  return { code: render(0, code.length, numbered), mutations };

  /** The text from `from` to `to` with the mutations inside it; those of the same node share one place. */
  function render(from: number, to: number, inside: readonly Numbered[]): string {
    let text = "";
    let at = from;
    let rest = inside;
    for (let next = rest[0]; next !== undefined; next = rest[0]) {
      const { start, end } = next.mutation;
      const here = rest.filter(({ mutation }) => mutation.start === start && mutation.end === end);
      const below = rest.filter((one) => !here.includes(one) && one.mutation.end <= end);
      text += code.slice(at, start) + switched(here, render(start, end, below));
      at = end;
      rest = rest.filter(({ mutation }) => mutation.start >= end);
    }
    return text + code.slice(at, to);
  }
}

interface Numbered {
  readonly mutation: Mutation;
  readonly number: number;
}

const switched = (here: readonly Numbered[], original: string): string => here.reduce(behindSwitch, original);

function behindSwitch(text: string, { mutation, number }: Numbered): string {
  const on = `${SWITCH}(${number})`;
  switch (mutation.kind) {
    case "expression":
      return `(${on} ? (${mutation.replacement}) : (${text}))`;
    case "statement":
      return `{ if (!${on}) { ${text} } }`; // a block: an else that follows is not ours
    case "property":
      return `...(${on} ? {} : { ${text} })`;
  }
}
