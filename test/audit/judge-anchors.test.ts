import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { blocksKnownAt, judgeAnchors } from "@wanlian/client/audit/judge-anchors.js";
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
      ...{
        department: author.department,
        officer: author.officer,
        machine: 0 as const,
        time: "",
        claimed_time: "",
        transaction_id: "",
      },
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

describe("a log against its anchors", () => {
  const at = (time: string) => ({ position: () => ({ time }) }) as unknown as LedgerPast;
  const anchored = (...sizes: number[]) =>
    sizes.map((size, one) => ({ ...anchor, size, blocks: 10 * (one + 1), transactionId: `t${size}` }) as Anchor);
  const LATE = "2026-09-28T03:00:01Z";
  const table: [title: string, sizes: number[], shown: number, extending: boolean, now: string, found: object[]][] = [
    ["that extends the last", [3, 5], 6, true, anchor.time, []],
    ["that is of the last one's size", [3, 5], 5, true, anchor.time, []],
    [
      "that is one record shorter than the last",
      [3, 5],
      4,
      true,
      anchor.time,
      [{ kind: "LOG_SHRANK", anchor: "t5", anchored: 5, shown: 4 }],
    ],
    ["that does not extend the last", [3, 5], 5, false, anchor.time, [{ kind: "LOG_REWRITTEN", anchor: "t5" }]],
    ["that was never anchored", [], 2, true, anchor.time, [{ kind: "NOT_ANCHORED", entries: 2 }]],
    ["that was anchored two hours ago", [5], 5, true, "2026-09-28T03:00:00Z", []],
    [
      "that was anchored a second before that",
      [5],
      5,
      true,
      LATE,
      [{ kind: "ANCHOR_LATE", anchored: anchor.time, now: LATE }],
    ],
  ];
  for (const [title, sizes, shown, extending, now, found] of table) {
    it(title, async () => {
      const asked: string[] = [];
      const judged = await judgeAnchors({ anchors: anchored(...sizes) }, shown, at(now), async ({ transactionId }) => {
        asked.push(transactionId);
        return extending;
      });
      expect(judged).to.deep.equal(found);
      // A log that is shorter cannot extend it: the node is not asked for a proof.
      const last = sizes.at(-1);
      expect(asked).to.deep.equal(last === undefined || shown < last ? [] : [`t${last}`]);
    });
  }

  it("was filed by a node that knew the blocks of the last anchor before", () => {
    const log = { anchors: anchored(3, 5, 5, 9) };
    expect([0, 2, 3, 4, 5, 8, 9, 100].map((position) => blocksKnownAt(log, position))).to.deep.equal([
      ...[0, 0, 10, 10],
      ...[30, 30, 40, 40],
    ]);
    expect(blocksKnownAt({ anchors: [] }, 7)).to.equal(0);
  });
});
