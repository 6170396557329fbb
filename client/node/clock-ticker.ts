import type { Instant } from "@wanlian/model/identifiers.js";
import type { Logger } from "pino";
import { NodeError, pause } from "../core/index.js";

/** The wait beyond five minutes is random up to this, so that one node ticks and the others see it. */
const MAX_WAIT_SECONDS = 20;
const LOOK_MS = 1_000;

export interface Clockwork {
  /** The last tick, undefined before clock 1. */
  time(): Instant | undefined;
  /** How old the clock has to be, by the version in force, before a tick is taken. */
  tickSeconds(): number;
  /** Undefined before policy 1. */
  demo(): boolean | undefined;
  /** Whether the node has taken in what its peer has: otherwise the tick may long have been made. */
  caughtUp(): boolean;
  tick(time: string): Promise<unknown>;
}

/** Keeps the ledger's clock going, busy or idle. A demo channel's clock is moved by hand. */
export async function keepTicking(clockwork: Clockwork, log: Logger, signal: AbortSignal): Promise<void> {
  let wait = randomWait();
  while (!signal.aborted) {
    await pause(LOOK_MS, signal);
    if (signal.aborted || clockwork.demo() !== false || !clockwork.caughtUp()) continue;
    if (secondsSince(clockwork.time()) < clockwork.tickSeconds() + wait) continue;
    wait = randomWait();
    try {
      await clockwork.tick(instant(new Date()));
    } catch (error) {
      if (!(error instanceof NodeError)) throw error;
      // Another node's tick came first, or nobody could be reached; either way the next look decides.
      log.info({ code: error.code, reason: error.message }, "the clock was not ticked from here");
    }
  }
}

/** RFC 3339, UTC, whole seconds. */
export const instant = (date: Date): string => `${date.toISOString().slice(0, 19)}Z`;

export const secondsSince = (time: Instant | undefined): number =>
  time === undefined ? Number.POSITIVE_INFINITY : (Date.now() - Date.parse(time)) / 1000;

const randomWait = (): number => Math.random() * MAX_WAIT_SECONDS;
