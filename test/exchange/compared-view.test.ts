import { setImmediate } from "node:timers/promises";
import { ComparedView } from "@wanlian/client/exchange/comparison/compared-view.js";
import { MAX_BATCH_BYTES } from "@wanlian/client/exchange/streams/frames.js";
import { rowDigest } from "@wanlian/client/sheets/compared/keyed-digests.js";
import { randomDigest } from "@wanlian/verify/records/access-request.js";
import { expect } from "chai";

const [FIELDS, ROWS] = [300, 300];
/** What a source gives at a time at most. */
const SOURCE_ROWS = 4096;

describe("what goes out of a comparison", () => {
  const fields = Array.from({ length: FIELDS }, (_, at) => `field${at}`);
  const key = randomDigest();
  const rows = Array.from({ length: ROWS }, (_, at) => rowDigest(Buffer.from(key, "hex"), [String(at)]));
  const names = rows.map((_, at) => `${at}\n`).join("");
  const columns = fields.map((_, at) => Buffer.from(at === 0 ? names : "x\n".repeat(ROWS)));

  it("goes little by little, of a table with as many fields as one has: it fits, and other work goes on meanwhile", async () => {
    const view = new ComparedView(fields, ["field0"], { key, rows: Buffer.concat(rows).toString("base64") });
    let isDone = false;
    let turns = 0;
    const others = (async () => {
      for (; !isDone; turns += 1) await setImmediate();
    })();
    const sizes: number[] = [];
    let given = 0;
    for await (const batch of view.of({ rows: ROWS, columns })) {
      given += batch.rows;
      sizes.push(batch.columns.reduce((sum, column) => sum + column.length, 0));
    }
    isDone = true;
    await others;
    const whole = sizes.reduce((sum, size) => sum + size, 0);
    expect(given).to.equal(ROWS);
    expect(whole * (SOURCE_ROWS / ROWS), "what a full batch comes to").to.be.above(MAX_BATCH_BYTES);
    expect(Math.max(...sizes)).to.be.below(MAX_BATCH_BYTES / 50);
    expect(turns).to.be.at.least(5);
  });
});
