import { join } from "node:path";
import type { MspId } from "@wanlian/model/identifiers.js";
import { RELEASED } from "@wanlian/model/models.js";
import { isSystemError } from "@wanlian/protocol/errors.js";
import { AccessIndex } from "../../access/index.js";
import { localDisk, TreeReader } from "../../log/index.js";
import { anchorsOf, type Db, logOnLedger } from "../../read/index.js";
import { firstLogName, logSignerIn } from "../machine/log-identity.js";
import { checkCertificates, MOST_TOLD } from "./check-beside.js";
import { checkKept } from "./check-kept.js";
import { checkOwnLog, compareWithLedger } from "./check-log.js";
import type { Fault } from "./fault.js";
import { NOBODY, type OtherSides } from "./other-sides.js";

export interface CheckedNode {
  readonly department: MspId;
  readonly channel: string;
  /** Folder of log, keys and certificates. */
  readonly dir: string;
  readonly db: Db;
}

/**
 * Checks what a stopped node keeps: its log, what is kept beside it, and its index, against each other and against the
 * ledger as its projection has it. With `mend` it puts right what can be made again from what is whole.
 */
export async function checkNode(
  { department, channel, dir, db }: CheckedNode,
  mend: "look" | "mend",
  others: OtherSides = NOBODY,
): Promise<Fault[]> {
  const key = (await logSignerIn(dir, firstLogName(channel, department)))?.key;
  if (key === undefined) return [{ part: "log", code: "MISSING", where: "log-key.pem", what: "", repaired: false }];
  const log = join(dir, "log");
  const checked = await checkOwnLog(log, key, mend, others).catch(unreadable);
  if ("code" in checked) return [checked];
  const { report, faults } = checked;
  const found: Fault[] = [...faults];
  found.push(...(await compareWithLedger(report, key, await onLedger(db, department))));
  // How many records there should be only a whole log says: beside a damaged one nothing is taken for too much.
  if (faults.some(({ repaired }) => !repaired)) {
    found.push(...(await checkCertificates(join(dir, "certificates"))).faults);
    return bounded(found);
  }
  const disk = localDisk(log);
  const head = { size: report.size, root: Buffer.from(report.root, "hex") };
  const reader = new TreeReader((path) => disk.read(path), head);
  found.push(...(await checkKept({ dir, reader, records: report.size + report.unpublished }, mend, others)));
  found.push(...(await checkIndex(db, reader, mend)));
  return bounded(found);
}

/** A file that is there and cannot be read is not taken for one that is gone. */
function unreadable(error: unknown): Fault {
  if (!isSystemError(error)) throw error;
  const { path = "", message } = error;
  return { part: "log", code: "NOT_COMPARED", where: path, what: message, repaired: false };
}

/** The index is made from the log: one that is not is thrown away, and the node makes it again. */
async function checkIndex(db: Db, reader: TreeReader, mend: "look" | "mend"): Promise<Fault[]> {
  const index = new AccessIndex(db, { reader: () => reader, tell: () => undefined });
  const at = await index.firstDifference();
  if (at === undefined) return [];
  if (mend === "mend") await index.forget();
  const what = "its row is not what the log makes of it";
  return [{ part: "index", code: "OUT_OF_STEP", where: `record ${at}`, what, repaired: mend === "mend" }];
}

async function onLedger(db: Db, department: MspId) {
  return {
    department,
    key: (await logOnLedger(db, department, RELEASED))?.key,
    anchors: await anchorsOf(db, department, RELEASED),
  };
}

/** A damaged disk is told of by its first faults. */
function bounded(faults: readonly Fault[]): Fault[] {
  const counts = new Map<string, number>();
  return faults.filter(({ part, code }) => {
    const count = (counts.get(`${part} ${code}`) ?? 0) + 1;
    counts.set(`${part} ${code}`, count);
    return count <= MOST_TOLD;
  });
}
