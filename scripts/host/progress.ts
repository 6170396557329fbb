import type { Language, Words } from "@wanlian/protocol/language.js";

/** What a long command tells while it works. */
export interface Progress {
  /** Runs a piece of work; says what it is, then how long it took. */
  step<T>(title: Words, work: () => Promise<T>): Promise<T>;
  /** Something that happened within a step. */
  note(text: Words): void;
}

/** Lines for people, on the stream given (stderr, so that stdout stays for results). */
export function progressOn(stream: NodeJS.WritableStream, language: Language): Progress {
  const colon = { zh: "：", en: ": " }[language];
  const seconds = { zh: "秒", en: "s" }[language];
  return {
    async step(title, work) {
      stream.write(`${title[language]} …\n`);
      const begun = performance.now();
      const result = await work();
      stream.write(`${title[language]}${colon}${((performance.now() - begun) / 1000).toFixed(1)} ${seconds}\n`);
      return result;
    },
    note: (text) => void stream.write(`  ${text[language]}\n`),
  };
}

/** Says nothing; for tests. */
export const silent: Progress = { step: (_, work) => work(), note: () => undefined };
