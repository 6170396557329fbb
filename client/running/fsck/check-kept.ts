import { join } from "node:path";
import type { Digest } from "@wanlian/model/identifiers.js";
import { leafHash } from "@wanlian/model/merkle.js";
import { CertificateStore, hexOf, readRecord, Vault } from "../../access/index.js";
import type { TreeReader } from "../../log/index.js";
import { checkCertificates, checkVault, namedIn } from "./check-beside.js";
import type { Fault } from "./fault.js";
import type { OtherSides } from "./other-sides.js";

/** Of one kind and part so many are told one by one. */
export const MOST_TOLD = 100;
/** Keys asked for and written together. */
const KEYS_AT_ONCE = 1000;

/** What a node keeps beside the records of a log that is whole. */
export interface KeptBeside {
  /** Folder of log, keys and certificates. */
  readonly dir: string;
  readonly reader: TreeReader;
  /** Durable records. */
  readonly records: number;
}

interface Looked {
  readonly faults: readonly Fault[];
  /** What the other sides may have. */
  readonly keys: readonly { readonly position: number; readonly record: Digest }[];
  readonly certificates: ReadonlySet<Digest>;
}

/** Keys, receipts and certificates beside the records; with `mend`, keys and certificates come from the other sides. */
export async function checkKept(
  kept: KeptBeside,
  mend: "look" | "mend",
  others: OtherSides,
): Promise<readonly Fault[]> {
  const seen = await look(kept, mend);
  if (mend === "look" || seen.faults.length === 0) return seen.faults;
  await fetchCertificates(kept, seen.certificates, others);
  await fetchKeys(kept, seen.keys, others);
  const left = new Set((await look(kept, "look")).faults.map(nameOf));
  return seen.faults.map((fault) => ({ ...fault, repaired: !left.has(nameOf(fault)) }));
}

async function look({ dir, reader, records }: KeptBeside, mend: "look" | "mend"): Promise<Looked> {
  const { there, changed, faults } = await checkCertificates(join(dir, "certificates"));
  const vault = await checkVault(join(dir, "keys"), records, there, mend);
  const found = [...faults, ...vault.faults];
  const certificates = new Set([...changed, ...vault.certificates]);
  const keys: { position: number; record: Digest }[] = [];
  let position = 0;
  for await (const entry of reader.records(0, reader.head.size)) {
    const where = `record ${position}`;
    for (const id of namedIn(entry).filter((id) => !there.has(id))) {
      certificates.add(id);
      found.push({ part: "certificates", code: "MISSING", where, what: `certificate ${id}`, repaired: false });
    }
    if (vault.keyless.has(position) && readRecord(entry) !== undefined) {
      keys.push({ position, record: hexOf(leafHash(entry)) });
      if (keys.length <= MOST_TOLD) {
        found.push({ part: "vault", code: "MISSING", where, what: "its key", repaired: false });
      }
    }
    position += 1;
  }
  return { faults: found, keys, certificates };
}

async function fetchCertificates({ dir }: KeptBeside, ids: ReadonlySet<Digest>, others: OtherSides): Promise<void> {
  if (ids.size === 0) return;
  const store = await CertificateStore.open(join(dir, "certificates"));
  for (const certificate of (await others.certificates([...ids])).values()) await store.keep(certificate);
}

async function fetchKeys({ dir, records }: KeptBeside, lost: Looked["keys"], others: OtherSides): Promise<void> {
  if (lost.length === 0) return;
  const vault = await Vault.open(join(dir, "keys"), records);
  try {
    for (let at = 0; at < lost.length; at += KEYS_AT_ONCE) {
      const some = lost.slice(at, at + KEYS_AT_ONCE);
      const found = await others.kept(some.map(({ record }) => record));
      for (const { position, record } of some) {
        const key = found.get(record)?.key;
        if (key !== undefined) vault.keepKey(position, key);
      }
    }
  } finally {
    await vault.close();
  }
}

function nameOf({ part, code, where, what }: Fault): string {
  return `${part} ${code} ${where} ${what}`;
}
