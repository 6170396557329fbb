import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openDatabase } from "@wanlian/client/projection/database/database.js";
import { expect } from "chai";

const A_LONG_STRETCH_MS = 300;

describe("embedded SQL", () => {
  it("lets others have their turn while statements follow each other for long, in one SQL transaction too", async () => {
    const directory = await mkdtemp(join(tmpdir(), "wanlian-turns-"));
    const db = await openDatabase({ directory, url: undefined });
    let turns = 0;
    let isWorking = true;
    const others = () => {
      turns += 1;
      if (isWorking) setImmediate(others);
    };
    setImmediate(others);
    try {
      await db.transaction().execute(async (sql) => {
        const end = performance.now() + A_LONG_STRETCH_MS;
        while (performance.now() < end) await sql.selectFrom("checkpoint").selectAll().execute();
      });
      expect(turns).to.be.at.least(2);
    } finally {
      isWorking = false;
      await db.destroy();
      await rm(directory, { recursive: true, force: true });
    }
  });
});
