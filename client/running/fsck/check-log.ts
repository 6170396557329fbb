import type { MspId } from "@wanlian/model/identifiers.js";
import { GrowingTree, HASH_BYTES } from "@wanlian/model/merkle.js";
import { formatVerifierKey, type VerifierKey } from "@wanlian/model/note.js";
import { checkLog, type LogReport, rewriteTiles } from "../../log/index.js";
import type { Anchor } from "../../read/index.js";
import type { Fault } from "./fault.js";

/** What the ledger says of the department's own log. */
export interface OwnLogOnLedger {
  readonly department: MspId;
  /** Undefined before the log was opened there. */
  readonly key: string | undefined;
  readonly anchors: readonly Anchor[];
}

/** The log's files against each other; hash tiles are made anew from the records where those are whole. */
export async function checkOwnLog(
  dir: string,
  key: VerifierKey,
  mend: "look" | "mend",
): Promise<{ readonly report: LogReport; readonly faults: readonly Fault[] }> {
  const report = await checkLog(dir, key);
  const whole = report.records !== undefined;
  if (mend === "mend" && whole && report.findings.length > 0) await rewriteTiles(dir, report.records as Buffer);
  const left = mend === "mend" && whole ? (await checkLog(dir, key)).findings : report.findings;
  const isLeft = (where: string, code: string) => left.some((one) => one.where === where && one.code === code);
  const faults = report.findings.map(({ where, code, what }) => ({
    ...({ part: "log", where, code, what } as const),
    repaired: !isLeft(where, code),
  }));
  return { report, faults };
}

/** The log against what of it was anchored: each anchor's root has to be that of so many of its records. */
export function compareWithLedger(report: LogReport, key: VerifierKey, ledger: OwnLogOnLedger): Fault[] {
  const fault = (code: Fault["code"], where: string, what: string): Fault => ({
    ...{ part: "ledger", code, where, what },
    repaired: false,
  });
  const faults: Fault[] = [];
  if (ledger.key !== undefined && ledger.key !== formatVerifierKey(key)) {
    faults.push(fault("OTHER_KEY", "log-key.pem", `the ledger has ${ledger.key}`));
  }
  const tree = new GrowingTree();
  const leaves = report.records ?? report.hashes ?? Buffer.alloc(0);
  for (const { size, root, transactionId } of ledger.anchors) {
    if (size > report.size + report.unpublished) {
      faults.push(fault("NOT_ANCHORED_SO", transactionId, `${size} records were anchored; there are ${report.size}`));
      continue;
    }
    if (size * HASH_BYTES > leaves.length) continue;
    while (tree.size < size) tree.append(leaves.subarray(tree.size * HASH_BYTES, (tree.size + 1) * HASH_BYTES));
    if (Buffer.from(tree.root()).toString("hex") !== root) {
      faults.push(fault("NOT_ANCHORED_SO", transactionId, `another root at ${size} records`));
    }
  }
  return faults;
}
