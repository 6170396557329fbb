import type { TreeHead } from "@wanlian/model/checkpoint.js";
import type { CaseState } from "@wanlian/model/kernel/act.js";
import type { LogRead, Reading } from "@wanlian/model/reading.js";
import type { SignedLog } from "../../ledger-tree/index.js";
import type { Db } from "../../read/index.js";

/** A department's logs in their order, each with its keys, the last first, and as its last anchor left it. */
export async function signedLogs(db: Db, department: string, reading: Reading): Promise<SignedLog[]> {
  const acts = db
    .selectFrom("acts")
    .where("noun", "=", "log")
    .where("case_id", "=", department)
    .where("counted", "=", 1);
  // A key or a log begins with these; the commands' names are the same in every version.
  const begun = await acts
    .select(["number", "type", "state"])
    .where("type", "in", ["open", "rotate", "beginAnew"])
    .orderBy("number")
    .execute();
  const logs: SignedLog[] = [];
  for (const { number, type, state } of begun) {
    const { key, ...log } = reading.log(JSON.parse(state) as CaseState);
    const last = logs.pop();
    if (type === "rotate" && last !== undefined) {
      logs.push({ keys: [key, ...last.keys], head: headOf(log) });
      continue;
    }
    if (last !== undefined) {
      const ended = await acts
        .select("state")
        .where("number", "<", number)
        .orderBy("number", "desc")
        .executeTakeFirst();
      logs.push({
        ...last,
        head: ended === undefined ? last.head : headOf(reading.log(JSON.parse(ended.state) as CaseState)),
      });
    }
    logs.push({ keys: [key], head: headOf(log) });
  }
  return logs;
}

export const headOf = ({ size, root }: Pick<LogRead, "size" | "root">): TreeHead => ({
  size,
  root: Buffer.from(root, "hex"),
});
