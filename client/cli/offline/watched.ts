import type { Context } from "../context.js";

/** What long work takes: whether it is still wanted, and whom to tell how far it is. */
export interface Watched {
  readonly signal: AbortSignal;
  readonly onProgress: (percent: number) => void;
}

/** Nobody reads faster than this, and whatever ends sooner needs no word. */
const SAID_EVERY_MS = 2000;

/**
 * Does work of the engine that takes a while: gives way to whatever serves others on the machine, says on the error stream how far the step at hand is, and gives it up when
 * the officer presses Ctrl-C; then nothing is written or stated, and nothing is left on the disk.
 * @throws what the work throws; QualityError CHECK_CANCELLED when it was given up
 */
export async function watched<T>(context: Context, work: (options: Watched) => Promise<T>): Promise<T> {
  context.surroundings.giveWay?.();
  const control = new AbortController();
  const stop = () => control.abort();
  process.once("SIGINT", stop);
  let said = performance.now();
  try {
    return await work({
      signal: control.signal,
      onProgress(percent) {
        if (performance.now() - said < SAID_EVERY_MS) return;
        said = performance.now();
        const done = Math.floor(percent);
        const words = { zh: `正在检查，本步已完成${done}%`, en: `checking: ${done} % of this step is done` };
        context.surroundings.err.write(`${context.t(words)}\n`);
      },
    });
  } finally {
    process.off("SIGINT", stop);
  }
}
