import { createHash, randomUUID } from "node:crypto";
import { closeSync, fsyncSync, linkSync, openSync, readFileSync, rmSync, writeSync } from "node:fs";
import { identify, isRunning, type ProcessIdentity } from "./process-identity.js";

/** What came of the wish for a lock: it is held until it is released or this process ends, or another process has it. */
export type LockAttempt =
  | { readonly kind: "taken"; release(): void }
  /** `pid` may be this process's own: a lock is held once. */
  | { readonly kind: "held"; readonly pid: number };

/**
 * Takes a lock file that names its holder by process id and start, so that one which a killed process left behind is
 * known to be nobody's, also where its number was given away again. The file is there with its content or not at all;
 * its folder has to exist.
 * @throws the system's error where the file cannot be written or read
 */
export function takeProcessLock(file: string): LockAttempt {
  const draft = `${file}.${randomUUID()}`;
  writeDurably(draft, JSON.stringify(identify(process.pid) ?? { pid: process.pid, begun: "" }));
  try {
    for (;;) {
      if (linkIfFree(draft, file)) return { kind: "taken", release: () => rmSync(file, { force: true }) };
      const found = readIfThere(file);
      if (found === undefined) continue;
      const holder = holderIn(found);
      if (holder !== undefined && isRunning(holder)) return { kind: "held", pid: holder.pid };
      takeAway(file, found);
    }
  } finally {
    rmSync(draft, { force: true });
  }
}

/**
 * Removes a lock whose holder is gone. Of several that find it so, one at a time may: what another took in between has
 * other content, and stays.
 */
function takeAway(file: string, left: string): void {
  const right = takeProcessLock(`${file}.${createHash("sha256").update(left).digest("hex").slice(0, 16)}`);
  if (right.kind === "held") return;
  try {
    if (readIfThere(file) === left) rmSync(file);
  } finally {
    right.release();
  }
}

function writeDurably(file: string, content: string): void {
  const descriptor = openSync(file, "wx", 0o600);
  try {
    writeSync(descriptor, content);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/** Gives a file a second name, in one step; false if there is one of that name. */
function linkIfFree(existing: string, name: string): boolean {
  try {
    linkSync(existing, name);
    return true;
  } catch (error) {
    if (hasCode(error, "EEXIST")) return false;
    throw error;
  }
}

function readIfThere(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    if (hasCode(error, "ENOENT")) return undefined;
    throw error;
  }
}

/** Undefined for a file of another form: no lock of ours is ever half written. */
function holderIn(text: string): ProcessIdentity | undefined {
  try {
    const { pid, begun }: { pid?: unknown; begun?: unknown } = JSON.parse(text);
    return typeof pid === "number" && typeof begun === "string" ? { pid, begun } : undefined;
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof TypeError) return undefined;
    throw error;
  }
}

const hasCode = (error: unknown, code: string): boolean =>
  error instanceof Error && "code" in error && error.code === code;
