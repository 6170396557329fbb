import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { judgeAnchors } from "@wanlian/client/audit/judge-anchors.js";
import { openDatabase } from "@wanlian/client/projection/database/database.js";
import { anchorsOf } from "@wanlian/client/read/anchors.js";
import type { Anchor, LedgerPast } from "@wanlian/client/read/ledger-reader.js";
import type { MspId } from "@wanlian/model/identifiers.js";
import { RELEASED } from "@wanlian/model/models.js";
import { expect } from "chai";
import { HEALTH } from "../model/bodies.js";
import { everything } from "../model/everything.js";

const anchor = { size: 3, time: "2026-09-28T01:00:00Z", transactionId: "a" } as Anchor;
const history = { position: () => ({ time: "2026-09-28T01:00:00Z" }) } as unknown as LedgerPast;

describe("a department that began its log anew", () => {
  const former = { logs: 1, records: 40 };

  it("is found to have done so, with the records that it shows no more, and is not said to have shortened its log", async () => {
    const found = await judgeAnchors({ anchors: [anchor], former }, 3, history, async () => true);
    expect(found).to.deep.equal([{ kind: "LOG_BEGUN_ANEW", ...former }]);
  });

  it("is judged by the anchors of the log that it has now", async () => {
    const directory = await mkdtemp(join(tmpdir(), "wanlian-anchors-"));
    const db = await openDatabase({ directory, url: undefined });
    const acts = everything().acts.filter(({ noun }) => noun === "log");
    const rows = acts.map(({ noun, case: case_id, number, type, author, basis, body, state }, block) => ({
      ...{ block: BigInt(block), tx: 0, noun, case_id, number, model: 1, counted: 1 as const, reason: "", type },
      ...{ department: author.department, officer: author.officer, time: "", claimed_time: "", transaction_id: "" },
      ...{ basis: JSON.stringify(basis), body: JSON.stringify(body), state: JSON.stringify(state), endorsers: "[]" },
    }));
    await db.insertInto("acts").values(rows).execute();
    const sizes = (await anchorsOf(db, HEALTH as MspId, RELEASED)).map(({ size }) => size);
    expect(sizes).to.deep.equal([4]);
    await db.destroy();
    await rm(directory, { recursive: true, force: true });
  });

  it("is found so before the new log is anchored, too", async () => {
    const found = await judgeAnchors({ anchors: [], former }, 0, history, async () => true);
    expect(found.map(({ kind }) => kind)).to.deep.equal(["LOG_BEGUN_ANEW", "NOT_ANCHORED"]);
  });
});
