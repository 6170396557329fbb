import type { Digest, MspId } from "@wanlian/model/identifiers.js";
import { GrowingTree, HASH_BYTES } from "@wanlian/model/merkle.js";
import { formatVerifierKey, type VerifierKey } from "@wanlian/model/note.js";
import {
  type BrokenBundle,
  brokenBundles,
  type CheckedLeaves,
  checkLog,
  type LogReport,
  restoreBundles,
  rewriteTiles,
  TILE_WIDTH,
} from "../../log/index.js";
import type { Anchor } from "../../read/index.js";
import type { Fault } from "./fault.js";
import { NOBODY, type OtherSides } from "./other-sides.js";

/** Bundles whose lost records are fetched and written together: a few megabytes. */
const BUNDLES_AT_ONCE = 8;

/** What the ledger says of the department's own log. */
export interface OwnLogOnLedger {
  readonly department: MspId;
  /** Undefined before the log was opened there. */
  readonly key: string | undefined;
  readonly anchors: readonly Anchor[];
}

/**
 * The log's files against each other. With `mend`, records that the hash tiles name are taken from the journal or from
 * the other sides of the accesses, and hash tiles are made anew from the records where those are whole.
 */
export async function checkOwnLog(
  dir: string,
  key: VerifierKey,
  mend: "look" | "mend",
  others: Pick<OtherSides, "kept"> = NOBODY,
): Promise<{ readonly report: LogReport; readonly faults: readonly Fault[] }> {
  const seen = await checkLog(dir, key);
  const report = mend === "mend" && seen.findings.length > 0 ? await mendLog(dir, key, seen, others) : seen;
  const left = new Set(report.findings.map(({ where, code }) => `${where} ${code}`));
  const faults = seen.findings.map(({ where, code, what }) => ({
    ...({ part: "log", where, code, what } as const),
    repaired: !left.has(`${where} ${code}`),
  }));
  return { report, faults };
}

async function mendLog(
  dir: string,
  key: VerifierKey,
  seen: LogReport,
  others: Pick<OtherSides, "kept">,
): Promise<LogReport> {
  let report = seen;
  if (report.records === undefined && report.hashes !== undefined) {
    await mendRecords(dir, report.hashes, others);
    report = await checkLog(dir, key);
  }
  if (report.records === undefined || report.findings.length === 0) return report;
  await rewriteTiles(dir, report.records);
  return await checkLog(dir, key);
}

/**
 * Each record is known by its hash: whoever gives it back can give no other. Some bundles at a time: all of a log may have
 * to come back.
 */
async function mendRecords(dir: string, hashes: CheckedLeaves, others: Pick<OtherSides, "kept">): Promise<void> {
  let some: BrokenBundle[] = [];
  for await (const broken of brokenBundles(dir, hashes)) {
    some.push(broken);
    if (some.length < BUNDLES_AT_ONCE) continue;
    await fetchRecords(dir, some, others);
    some = [];
  }
  await fetchRecords(dir, some, others);
}

async function fetchRecords(
  dir: string,
  broken: readonly BrokenBundle[],
  others: Pick<OtherSides, "kept">,
): Promise<void> {
  const lost = broken.flatMap(({ leaves, here }) => leaves.filter((leaf) => !here.has(leaf)));
  const found = await others.kept(lost as Digest[]);
  await restoreBundles(dir, broken, new Map([...found].map(([leaf, { entry }]) => [leaf, entry])));
}

/** The log against what of it was anchored: each anchor's root has to be that of so many of its records. */
export async function compareWithLedger(
  report: Pick<LogReport, "size" | "unpublished" | "records" | "hashes">,
  key: VerifierKey,
  ledger: OwnLogOnLedger,
): Promise<Fault[]> {
  const fault = (code: Fault["code"], where: string, what: string): Fault => ({
    ...{ part: "ledger", code, where, what },
    repaired: false,
  });
  const faults: Fault[] = [];
  if (ledger.key !== undefined && ledger.key !== formatVerifierKey(key)) {
    faults.push(fault("OTHER_KEY", "log-key.pem", `the ledger has ${ledger.key}`));
  }
  const tree = new GrowingTree();
  const leaves = report.records ?? report.hashes;
  let bundle = Buffer.alloc(0);
  for (const { size, root, transactionId } of ledger.anchors) {
    if (size > report.size + report.unpublished) {
      faults.push(fault("NOT_ANCHORED_SO", transactionId, `${size} records were anchored; there are ${report.size}`));
      continue;
    }
    if (leaves === undefined || size > leaves.size) continue;
    while (tree.size < size) {
      const at = tree.size % TILE_WIDTH;
      if (at === 0) bundle = Buffer.from(await leaves.ofBundle(tree.size / TILE_WIDTH));
      tree.append(bundle.subarray(at * HASH_BYTES, (at + 1) * HASH_BYTES));
    }
    if (Buffer.from(tree.root()).toString("hex") !== root) {
      faults.push(fault("NOT_ANCHORED_SO", transactionId, `another root at ${size} records`));
    }
  }
  return faults;
}
