import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openDatabase } from "@wanlian/client/projection/database/database.js";
import { signedLogs } from "@wanlian/client/running/logs/signed-logs.js";
import { canonicalJson } from "@wanlian/model/canonical.js";
import { reading1 } from "@wanlian/model/model-1/reading.js";
import { formatVerifierKey } from "@wanlian/model/note.js";
import { expect } from "chai";
import { CIVIL, HEALTH } from "../model/bodies.js";
import { everything } from "../model/everything.js";
import { logSigner } from "../model/grown-log.js";

describe("a department's logs, by the ledger", () => {
  let dir: string;
  let db: Awaited<ReturnType<typeof openDatabase>>;

  before(async () => {
    dir = await mkdtemp(join(tmpdir(), "wanlian-logs-"));
    db = await openDatabase({ directory: dir, url: undefined });
    const { acts, transactions } = everything();
    const rows = acts.flatMap((act, at) =>
      act.noun === "log"
        ? [
            {
              ...{ block: BigInt(at), tx: 0, noun: act.noun, case_id: act.case, number: act.number, model: act.schema },
              ...{
                counted: 1 as const,
                reason: "",
                type: act.type,
                ...act.author,
                machine: 0 as const,
                time: "",
                claimed_time: "",
              },
              ...{ transaction_id: transactions[at] ?? "", basis: "[]", body: "{}", state: canonicalJson(act.state) },
              endorsers: "[]",
            },
          ]
        : [],
    );
    await db.insertInto("acts").values(rows).execute();
  });
  after(async () => {
    await db.destroy();
    await rm(dir, { recursive: true });
  });

  it("are each known by all keys that have signed it, and by where it was anchored last", async () => {
    const keys = [logSigner(HEALTH, 1), logSigner(HEALTH, 2), logSigner(HEALTH, 3, 2)].map(({ key }) =>
      formatVerifierKey(key),
    );
    const logs = await signedLogs(db, HEALTH, reading1);
    expect(logs.map((log) => log.keys)).to.deep.equal([[keys[1], keys[0]], [keys[2]]]);
    expect(logs.map(({ head }) => head.size)).to.deep.equal([20, 0]);
  });

  it("are none where it has none", async () => {
    expect(await signedLogs(db, CIVIL, reading1)).to.deep.equal([]);
  });
});
