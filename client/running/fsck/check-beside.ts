import { open, readdir, readFile, truncate } from "node:fs/promises";
import { join } from "node:path";
import type { Digest } from "@wanlian/model/identifiers.js";
import { ProtocolError } from "@wanlian/protocol/errors.js";
import { Certificate } from "@wanlian/protocol/identities/certificate.js";
import { readEntry, readSignature, SLOT_BYTES, slotIn } from "../../access/index.js";
import type { Fault } from "./fault.js";

/** Of one kind and part so many are told one by one. */
export const MOST_TOLD = 100;
/** Slots read together. */
const SLOTS_AT_ONCE = 4096;

/** Positions in a log, a bit each: they may be all of it. */
export class Positions {
  readonly #bits: Uint8Array;

  constructor(records: number) {
    this.#bits = new Uint8Array(Math.ceil(records / 8));
  }

  add(position: number): void {
    const at = position >> 3;
    this.#bits[at] = (this.#bits[at] ?? 0) | (1 << (position & 7));
  }

  has(position: number): boolean {
    return ((this.#bits[position >> 3] ?? 0) & (1 << (position & 7))) !== 0;
  }
}

/** What is kept beside the records, by their positions. */
export interface CheckedVault {
  readonly faults: readonly Fault[];
  /** Positions beside which no key is. */
  readonly keyless: Positions;
  /** Of receipts, that are not there. */
  readonly certificates: ReadonlySet<Digest>;
}

/** @param records durable ones */
export async function checkVault(
  path: string,
  records: number,
  there: ReadonlySet<string>,
  mend: "look" | "mend",
): Promise<CheckedVault> {
  const faults: Fault[] = [];
  const keyless = new Positions(records);
  const certificates = new Set<Digest>();
  const told = new Map<Fault["code"], number>();
  const find = (code: Fault["code"], where: string, what: string, repaired = false) => {
    const count = (told.get(code) ?? 0) + 1;
    told.set(code, count);
    if (count <= MOST_TOLD) faults.push({ part: "vault", code, where, what, repaired });
  };
  const file = await open(path, "r").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw error;
  });
  if (file === undefined) {
    for (let position = 0; position < records; position += 1) keyless.add(position);
    if (records > 0) find("MISSING", "keys", `of ${records} records`);
    return { faults, keyless, certificates };
  }
  try {
    const { size } = await file.stat();
    if (size > records * SLOT_BYTES) {
      if (mend === "mend") await truncate(path, records * SLOT_BYTES);
      find("TOO_LONG", "keys", `${size} bytes for ${records} records`, mend === "mend");
    }
    const slots = Math.min(records, Math.ceil(size / SLOT_BYTES));
    for (let first = 0; first < slots; first += SLOTS_AT_ONCE) {
      const bytes = Buffer.alloc(Math.min(SLOTS_AT_ONCE, slots - first) * SLOT_BYTES);
      await file.read(bytes, 0, bytes.length, first * SLOT_BYTES);
      for (let at = 0; at < bytes.length; at += SLOT_BYTES) {
        const position = first + at / SLOT_BYTES;
        const { key, receipt } = slotIn(bytes.subarray(at, at + SLOT_BYTES));
        if (key === undefined) keyless.add(position);
        if (receipt === undefined) continue;
        if (readSignature(receipt.signature) === undefined) find("CHANGED", `record ${position}`, "no signature");
        else if (!there.has(receipt.certificate)) {
          certificates.add(receipt.certificate);
          find("MISSING", `record ${position}`, `certificate ${receipt.certificate} of its receipt`);
        }
      }
    }
    for (let position = slots; position < records; position += 1) keyless.add(position);
    return { faults, keyless, certificates };
  } finally {
    await file.close();
  }
}

export interface CheckedCertificates {
  /** SHA-256 of those that are there and whole. */
  readonly there: ReadonlySet<string>;
  /** What those are called that are not. */
  readonly changed: ReadonlySet<Digest>;
  readonly faults: readonly Fault[];
}

/** Each certificate's file against its name. */
export async function checkCertificates(dir: string): Promise<CheckedCertificates> {
  const faults: Fault[] = [];
  const there = new Set<string>();
  const changed = new Set<Digest>();
  for (const name of await readdir(dir).catch(() => [])) {
    // One whose writing a crash cut off is nobody's.
    if (name.endsWith(".new")) continue;
    const id = /^([0-9a-f]{64})\.pem$/.exec(name)?.[1];
    if (id === undefined) faults.push(fault("MISNAMED", name, ""));
    else if ((await fingerprintOf(join(dir, name))) === id) there.add(id);
    else {
      changed.add(id as Digest);
      faults.push(fault("CHANGED", name, "not the certificate that its name says"));
    }
  }
  return { there, changed, faults };
}

/** The certificates that an entry names. */
export function namedIn(entry: Uint8Array): Digest[] {
  const read = readEntry(entry);
  if (read === undefined) return [];
  if (read.kind === "question") return [read.asked.question.certificate];
  if (read.kind === "call") return [];
  if (read.kind === "filing") return read.filing.certificate === undefined ? [] : [read.filing.certificate];
  return [read.signed.record.certificate, read.signed.record.request.certificate];
}

function fault(code: Fault["code"], where: string, what: string): Fault {
  return { part: "certificates", code, where, what, repaired: false };
}

async function fingerprintOf(path: string): Promise<string | undefined> {
  try {
    return Certificate.fromPem(await readFile(path)).fingerprint;
  } catch (error) {
    if (error instanceof ProtocolError) return undefined;
    throw error;
  }
}
