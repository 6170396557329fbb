import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openObjectionsOn } from "@wanlian/client/api/reading/catalogue.js";
import { openDatabase } from "@wanlian/client/projection/database/database.js";
import type { Db } from "@wanlian/client/read";
import { model1 } from "@wanlian/model/model-1/model.js";
import { expect } from "chai";

const DATASET = "CivilMSP/divisions";

describe("the label of open objections", () => {
  let directory: string;
  let db: Db;
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), "wanlian-labels-"));
    db = await openDatabase({ directory, url: undefined });
  });
  afterEach(async () => {
    await db.destroy();
    await rm(directory, { recursive: true, force: true });
  });

  /** As the fold keeps an objection that was opened in that block. */
  async function objection(block: number, status: string): Promise<string> {
    const id = block.toString(16).padStart(64, "0");
    const state = { status, dataset: DATASET, release: "f".repeat(64), provider: "CivilMSP" };
    const at = { opened_block: BigInt(block), changed_block: BigInt(block), changed_tx: 0 };
    const times = { opened_time: "2026-09-28T01:00:00Z", changed_time: "2026-09-28T01:00:00Z" };
    await db
      .insertInto("cases")
      .values({
        ...{ noun: "objection", case_id: id, status, act: 1, next: 2, transaction_id: id },
        ...{ ...at, ...times, state: JSON.stringify(state), expires: "", search_text: "" },
      })
      .execute();
    await db
      .insertInto("case_references")
      .values({ noun: "objection", case_id: id, to_noun: "dataset", to_case: DATASET })
      .execute();
    return id;
  }

  it("finds one behind any number of ended ones, and tells of so many at most", async () => {
    const open = await objection(1, "verifying");
    for (let block = 2; block <= 251; block += 1) await objection(block, "closed");
    expect(await openObjectionsOn(db, DATASET, model1.reading)).to.deep.equal([open]);
    for (let block = 252; block <= 360; block += 1) await objection(block, "raised");
    const told = await openObjectionsOn(db, DATASET, model1.reading);
    expect([told.length, told[0]]).to.deep.equal([100, (360).toString(16).padStart(64, "0")]);
  });
});
