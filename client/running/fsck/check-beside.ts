import { open, readdir, readFile, truncate } from "node:fs/promises";
import { join } from "node:path";
import type { Digest } from "@wanlian/model/identifiers.js";
import { ProtocolError } from "@wanlian/protocol/errors.js";
import { Certificate } from "@wanlian/protocol/identities/certificate.js";
import { readEntry, readSignature, SLOT_BYTES, slotIn } from "../../access/index.js";
import type { Fault } from "./fault.js";

/** Slots read together. */
const SLOTS_AT_ONCE = 4096;

/** What is kept beside the records, by their positions. @param records durable ones */
export async function checkVault(
  path: string,
  records: number,
  certificates: ReadonlySet<string>,
  mend: "look" | "mend",
): Promise<Fault[]> {
  const faults: Fault[] = [];
  const find = (code: Fault["code"], where: string, what: string, repaired = false) =>
    faults.push({ part: "vault", code, where, what, repaired });
  const file = await open(path, "r").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw error;
  });
  if (file === undefined) {
    if (records > 0) find("MISSING", "keys", `of ${records} records`);
    return faults;
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
        const { receipt } = slotIn(bytes.subarray(at, at + SLOT_BYTES));
        if (receipt === undefined) continue;
        if (readSignature(receipt.signature) === undefined) find("CHANGED", `record ${position}`, "no signature");
        else if (!certificates.has(receipt.certificate)) {
          find("MISSING", `record ${position}`, `certificate ${receipt.certificate} of its receipt`);
        }
      }
    }
    return faults;
  } finally {
    await file.close();
  }
}

/** Each certificate's file against its name. @returns those that are there and whole */
export async function checkCertificates(
  dir: string,
): Promise<{ readonly there: ReadonlySet<string>; readonly faults: readonly Fault[] }> {
  const faults: Fault[] = [];
  const there = new Set<string>();
  for (const name of await readdir(dir).catch(() => [])) {
    // One whose writing a crash cut off is nobody's.
    if (name.endsWith(".new")) continue;
    const id = /^([0-9a-f]{64})\.pem$/.exec(name)?.[1];
    if (id === undefined) faults.push(fault("MISNAMED", name, ""));
    else if ((await fingerprintOf(join(dir, name))) === id) there.add(id);
    else faults.push(fault("CHANGED", name, "not the certificate that its name says"));
  }
  return { there, faults };
}

/** The certificates that the records name. */
export function missingCertificates(entry: Uint8Array, position: number, there: ReadonlySet<string>): Fault[] {
  return namedIn(entry)
    .filter((id) => !there.has(id))
    .map((id) => fault("MISSING", `record ${position}`, `certificate ${id}`));
}

function namedIn(entry: Uint8Array): Digest[] {
  const read = readEntry(entry);
  if (read === undefined) return [];
  if (read.kind === "question") return [read.asked.question.certificate];
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
