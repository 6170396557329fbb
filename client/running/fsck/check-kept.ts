import { join } from "node:path";
import type { Digest } from "@wanlian/model/identifiers.js";
import { leafHash } from "@wanlian/model/merkle.js";
import { CertificateStore, hexOf, readRecord, Vault } from "../../access/index.js";
import type { TreeReader } from "../../log/index.js";
import { checkCertificates, checkVault, MOST_TOLD, namedIn, type Positions } from "./check-beside.js";
import type { Fault } from "./fault.js";
import type { OtherSides } from "./other-sides.js";

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
  readonly lacksKeys: boolean;
  readonly keyless: Positions;
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
  if (seen.lacksKeys) await fetchKeys(kept, seen.keyless, others);
  const left = new Set((await look(kept, "look")).faults.map(nameOf));
  return seen.faults.map((fault) => ({ ...fault, repaired: !left.has(nameOf(fault)) }));
}

async function look({ dir, reader, records }: KeptBeside, mend: "look" | "mend"): Promise<Looked> {
  const { there, changed, faults } = await checkCertificates(join(dir, "certificates"));
  const vault = await checkVault(join(dir, "keys"), records, there, mend);
  const found = [...faults, ...vault.faults];
  const certificates = new Set([...changed, ...vault.certificates]);
  const [keyFaults, certificateFaults]: [Fault[], Fault[]] = [[], []];
  let position = 0;
  for await (const entry of reader.records(0, reader.head.size)) {
    const where = `record ${position}`;
    for (const id of namedIn(entry).filter((id) => !there.has(id))) {
      certificates.add(id);
      tell(certificateFaults, { part: "certificates", where, what: `certificate ${id}` });
    }
    if (vault.keyless.has(position) && readRecord(entry) !== undefined) {
      tell(keyFaults, { part: "vault", where, what: "its key" });
    }
    position += 1;
  }
  const told = [...found, ...certificateFaults, ...keyFaults];
  return { faults: told, lacksKeys: keyFaults.length > 0, keyless: vault.keyless, certificates };
}

/** Where all is lost there would be as many as records. */
function tell(faults: Fault[], missing: Pick<Fault, "part" | "where" | "what">): void {
  if (faults.length < MOST_TOLD) faults.push({ ...missing, code: "MISSING", repaired: false });
}

async function fetchCertificates({ dir }: KeptBeside, ids: ReadonlySet<Digest>, others: OtherSides): Promise<void> {
  if (ids.size === 0) return;
  const store = await CertificateStore.open(join(dir, "certificates"));
  for (const certificate of (await others.certificates([...ids])).values()) await store.keep(certificate);
}

/** Some at a time, as the log has them: all may be lost. */
async function fetchKeys({ dir, reader, records }: KeptBeside, keyless: Positions, others: OtherSides): Promise<void> {
  const vault = await Vault.open(join(dir, "keys"), records);
  const fetch = async (some: ReadonlyMap<Digest, number>) => {
    const found = await others.kept([...some.keys()]);
    for (const [record, position] of some) {
      const key = found.get(record)?.key;
      if (key !== undefined) vault.keepKey(position, key);
    }
  };
  try {
    let some = new Map<Digest, number>();
    let position = 0;
    for await (const entry of reader.records(0, reader.head.size)) {
      if (keyless.has(position) && readRecord(entry) !== undefined) some.set(hexOf(leafHash(entry)), position);
      position += 1;
      if (some.size < KEYS_AT_ONCE) continue;
      await fetch(some);
      some = new Map();
    }
    if (some.size > 0) await fetch(some);
  } finally {
    await vault.close();
  }
}

function nameOf({ part, code, where, what }: Fault): string {
  return `${part} ${code} ${where} ${what}`;
}
