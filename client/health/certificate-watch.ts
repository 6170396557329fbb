import { messageOf } from "@wanlian/protocol/errors.js";
import { type ConditionCode, pause } from "../core/index.js";

/** Weeks enough to ask an authority for a new one, and to put it in place. */
const TOLD_BEFORE_DAYS = 30;
const LOOK_EVERY_MS = 3_600_000;
const DAY_MS = 86_400_000;

/** A certificate that the node or somebody at it needs: when it ends, or why that cannot be read. */
export type WatchedCertificate = {
  /** Whose it is: `node`, `exchange`, `api`, or an officer's number. */
  readonly holder: string;
} & ({ readonly notAfter: Date } | { readonly unreadable: string });

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
    const certificates = await watch.certificates();
    const ends = certificates.flatMap((found) =>
      "notAfter" in found ? [[found.holder, found.notAfter] as const] : [],
    );
    watch.seen(new Map(ends));
    const unreadable = certificates.flatMap((found) => ("unreadable" in found ? [found] : []));
    return [...unreadable.map(cannotBeRead), ...endingSoon(ends, now)].join("; ") || undefined;
  } catch (error) {
    return `a certificate cannot be read: ${messageOf(error)}`;
  }
}

const cannotBeRead = ({ holder, unreadable }: { readonly holder: string; readonly unreadable: string }) =>
  `the certificate of ${holder} cannot be read: ${unreadable}`;

function endingSoon(ends: readonly (readonly [string, Date])[], now: number): string[] {
  const soon = ends.filter(([, end]) => end.getTime() - now < TOLD_BEFORE_DAYS * DAY_MS);
  if (soon.length === 0) return [];
  const told = soon.map(([holder, end]) => `${holder} ${end.toISOString().slice(0, DAY_LENGTH)}`);
  return [`certificates end: ${told.join(", ")}; have the department's authority issue new ones and put them in place`];
}

const DAY_LENGTH = "2026-12-01".length;
