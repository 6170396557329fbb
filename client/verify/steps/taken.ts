import type { Words } from "@wanlian/protocol/language.js";
import { NotShown } from "../not-shown.js";
import { Refuted } from "../refuted.js";
import { wordsOfRules } from "../rules-words.js";
import type { AnswerStepName, Done, Outcome, Step, StepName } from "../step.js";

/** `proven`: all that this kind of record demands. `notProven`: something is missing. `refuted`: something contradicts. */
export type Verdict = "proven" | "notProven" | "refuted";

export function verdictOf(steps: readonly Step<StepName | AnswerStepName>[]): Verdict {
  if (steps.some(({ outcome }) => outcome === "fails")) return "refuted";
  return steps.some(({ outcome }) => outcome === "notProven") ? "notProven" : "proven";
}

/** Steps as they are taken, whatever becomes of them. */
export class TakenSteps<Name extends StepName | AnswerStepName> {
  readonly #names: readonly Name[];
  readonly #taken = new Map<Name, Step<Name>>();

  /** @param names in their order */
  constructor(names: readonly Name[]) {
    this.#names = names;
  }

  /** @returns what later steps build on; undefined where it does not hold */
  async take<T>(name: Name, work: () => Promise<Done<T>>): Promise<T | undefined> {
    try {
      const { value, fact, text } = await work();
      this.#taken.set(name, { name, outcome: "holds", text, fact });
      return value;
    } catch (error) {
      this.#taken.set(name, { name, ...whyNot(error), fact: undefined });
      return undefined;
    }
  }

  /** In their order; those that were not reached are not proven, unless they are not demanded. */
  all(demanded: ReadonlySet<Name>, closed: ReadonlySet<Name> = new Set()): readonly Step<Name>[] {
    return this.#names.map((name) => {
      if (closed.has(name)) return { name, outcome: "closed", text: KEPT_CLOSED, fact: undefined };
      if (!demanded.has(name)) return { name, outcome: "notDemanded", text: NOT_DEMANDED, fact: undefined };
      return this.#taken.get(name) ?? { name, outcome: "notProven", text: NOT_REACHED, fact: undefined };
    });
  }
}

const NOT_DEMANDED: Words = { zh: "此类记录不需要", en: "nothing of it to prove in this kind of record" };
const KEPT_CLOSED: Words = {
  zh: "文件未出示所查内容和所得结果，未证明其出自该批次；由查询的经办人出示后可验证",
  en: "the file shows neither what was looked up nor what came, so not that it is the release's; the officer who asked can show it",
};
const NOT_REACHED: Words = { zh: "前面的步骤不成立", en: "a step before does not hold" };

/** @throws what is no finding but a fault of the verifier's own */
function whyNot(error: unknown): { readonly outcome: Outcome; readonly text: Words } {
  if (error instanceof NotShown) return { outcome: "notProven", text: error.what };
  const text = error instanceof Refuted ? error.what : wordsOfRules(error);
  if (text === undefined) throw error;
  return { outcome: "fails", text };
}
