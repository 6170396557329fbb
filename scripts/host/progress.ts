/** What a long command tells while it works. */
export interface Progress {
  /** Runs a piece of work; says what it is, then how long it took. */
  step<T>(title: string, work: () => Promise<T>): Promise<T>;
  /** Something that happened within a step. */
  note(text: string): void;
}

/** Lines for people, on the stream given (stderr, so that stdout stays for results). */
export function progressOn(stream: NodeJS.WritableStream): Progress {
  return {
    async step(title, work) {
      stream.write(`${title} …\n`);
      const begun = performance.now();
      const result = await work();
      stream.write(`${title}: ${((performance.now() - begun) / 1000).toFixed(1)} s\n`);
      return result;
    },
    note: (text) => void stream.write(`  ${text}\n`),
  };
}

/** Says nothing; for tests. */
export const silent: Progress = { step: (_, work) => work(), note: () => undefined };
