import { searchable } from "../../../projection/index.js";

/*
 * What two texts have in common, where one of them or both are Chinese: nothing there parts words, so two characters
 * that follow each other are a term, and neighbouring ones that are found are shown as one word again.
 */

const RUNS = /\p{Script=Han}+|[\p{L}\p{N}]{2,}/gu;
const HAN = /^\p{Script=Han}/u;
const PAIR = 2;

/** Of a run of a text: its terms, in their order; neighbours overlap where it is Chinese. */
type Run = readonly string[];

function runsOf(text: string): Run[] {
  const runs = searchable(text).match(RUNS) ?? [];
  return runs.map((run) => {
    if (!HAN.test(run)) return [run];
    const letters = [...run];
    return letters.slice(0, -1).map((letter, at) => letter + letters[at + 1]);
  });
}

export const termsOf = (text: string): ReadonlySet<string> => new Set(runsOf(text).flat());

/** The words of a text whose terms are among these, as long as they go on. */
export function wordsAmong(text: string, terms: ReadonlySet<string>): string[] {
  const words = new Set<string>();
  for (const run of runsOf(text)) {
    let word = "";
    for (const term of [...run, undefined]) {
      if (term !== undefined && terms.has(term)) word = word === "" ? term : word + [...term].slice(PAIR - 1).join("");
      else {
        if (word !== "") words.add(word);
        word = "";
      }
    }
  }
  // What stands within a longer one says nothing more.
  return [...words].filter((word) => ![...words].some((other) => other !== word && other.includes(word)));
}
