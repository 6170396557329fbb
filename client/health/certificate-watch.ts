import { messageOf } from "@wanlian/protocol/errors.js";
import { type ConditionCode, pause } from "../core/index.js";

/** Weeks enough to ask an authority for a new one, and to put it in place. */
const TOLD_BEFORE_DAYS = 30;
const LOOK_EVERY_MS = 3_600_000;
const DAY_MS = 86_400_000;

/** A certificate that the node or somebody at it needs. */
export interface WatchedCertificate {
  /** Whose it is: `node`, `exchange`, `api`, or an officer's number. */
  readonly holder: string;
  readonly notAfter: Date;
}

export interface CertificateWatch {
  /** Read anew each time: one that was renewed is no longer told of. @throws whatever reading them does */
  certificates(): Promise<readonly WatchedCertificate[]>;
  report(code: ConditionCode, message: string): void;
  settle(code: ConditionCode): void;
  /** Told of every end, by holder. */
  seen(ends: ReadonlyMap<string, Date>): void;
  readonly now?: () => number;
  readonly everyMs?: number;
}

/** Says while a certificate ends soon, or has ended. Until the signal aborts; what cannot be read is said in its place. */
export async function watchCertificates(watch: CertificateWatch, signal: AbortSignal): Promise<void> {
  const { now = Date.now, everyMs = LOOK_EVERY_MS } = watch;
  while (!signal.aborted) {
    const message = await look(watch, now());
    if (message === undefined) watch.settle("CERTIFICATE_ENDS");
    else watch.report("CERTIFICATE_ENDS", message);
    await pause(everyMs, signal);
  }
}

async function look(watch: CertificateWatch, now: number): Promise<string | undefined> {
  try {
    const ends = new Map((await watch.certificates()).map(({ holder, notAfter }) => [holder, notAfter]));
    watch.seen(ends);
    const soon = [...ends].filter(([, end]) => end.getTime() - now < TOLD_BEFORE_DAYS * DAY_MS);
    if (soon.length === 0) return undefined;
    const told = soon.map(([holder, end]) => `${holder} ${end.toISOString().slice(0, DAY_LENGTH)}`);
    return `certificates end: ${told.join(", ")}; have the department's authority issue new ones and put them in place`;
  } catch (error) {
    return `a certificate cannot be read: ${messageOf(error)}`;
  }
}

const DAY_LENGTH = "2026-12-01".length;
