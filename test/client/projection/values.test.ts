import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openDatabase } from "@wanlian/client/projection/database/database.js";
import type { NodeDatabase } from "@wanlian/client/projection/database/schema.js";
import { removeDerivedFile } from "@wanlian/client/projection/database/sqlite.js";
import { expect } from "chai";
import { type Kysely, sql } from "kysely";

describe("embedded SQL", () => {
  let directory: string;
  let db: Kysely<NodeDatabase>;
  before(async () => {
    directory = await mkdtemp(join(tmpdir(), "wanlian-values-"));
    db = await openDatabase({ directory, url: undefined });
  });
  after(() => rm(directory, { recursive: true, force: true }));

  const read = async (value: unknown) => {
    const { rows } = await sql<{ value: unknown }>`select ${value} as value`.execute(db);
    return rows[0]?.value;
  };

  for (const [title, value, kept] of [
    ["a text", "宛城区", "宛城区"],
    ["a number", 7, 7],
    ["bytes", Uint8Array.of(0, 255), Uint8Array.of(0, 255)],
    ["no bytes", new Uint8Array(), new Uint8Array()],
    ["null", null, null],
    ["nothing, as null", undefined, null],
  ] as const) {
    it(`holds ${title}`, async () => {
      const found = await read(value);
      expect(found instanceof Uint8Array ? Uint8Array.from(found) : found).to.deep.equal(kept);
    });
  }

  for (const value of [{}, [1], new Date(0)]) {
    it(`holds no ${value.constructor.name}, and says so instead of guessing`, async () => {
      const said = await read(value).catch((error: unknown) => error);
      expect(String(said)).to.match(/^TypeError: a object cannot be stored in SQL/);
    });
  }

  it("writes by more kinds of statements than it keeps prepared, and by one again that failed", async () => {
    await sql`create table main.kept (id integer primary key)`.execute(db);
    const write = (at: number) => sql.raw(`insert into kept (id) values (${at})`).execute(db);
    for (let at = 0; at < 70; at += 1) await write(at);
    expect(await write(0).catch((error: unknown) => String(error))).to.match(/UNIQUE/);
    await sql`delete from kept where id = 0`.execute(db);
    await write(0);
    const { rows } = await sql<{ count: number }>`select count(*) as count from kept`.execute(db);
    expect(rows).to.deep.equal([{ count: 70 }]);
  });

  it("leaves nothing of the derived tables where they are thrown away, and the node's own alone", async () => {
    await db.destroy();
    removeDerivedFile(directory);
    expect((await readdir(directory)).filter((name) => !name.startsWith("local.db"))).to.deep.equal([]);
    expect(await readdir(directory)).to.include("local.db");
    removeDerivedFile(directory);
  });
});
