import { copyFile, mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openDatabase } from "@wanlian/client/projection/database/database.js";
import { expect } from "chai";
import { sql } from "kysely";

/** Places in a file at which a bit is flipped, spread over it, its first and last byte among them. To make derived tables anew takes longest. */
const PLACES = { "local.db": 24, "projection.db": 6 };

describe("a node's tables on a disk that gives back something else", () => {
  let written: string;
  let dir: string;
  before(async () => {
    written = await mkdtemp(join(tmpdir(), "wanlian-sealed-"));
    const db = await openDatabase({ directory: written, url: undefined });
    for (let at = 0; at < 40; at += 1) {
      const text = { digest: String(at), salt: "", content: "text ".repeat(400), officer: "", filing: "", kept: "" };
      await db.insertInto("local.texts").values(text).execute();
    }
    await sql`create table main.filler as select randomblob(300000) as bytes`.execute(db);
    await db.destroy();
  });
  after(() => rm(written, { recursive: true }));
  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), "wanlian-flipped-"));
    for (const name of await readdir(written)) await place(name, await readFile(join(written, name)));
  });
  afterEach(() => rm(dir, { recursive: true }));

  /** As it lies there, with the time at which it was written. */
  async function place(name: string, bytes: Uint8Array): Promise<void> {
    const { mtimeMs } = await stat(join(written, name));
    await writeFile(join(dir, name), bytes);
    // In the middle of its millisecond, wherever a fraction is rounded to.
    await utimes(join(dir, name), mtimeMs / 1000, (Math.floor(mtimeMs) + 0.5) / 1000);
  }

  async function flip(name: string, at: number): Promise<void> {
    const bytes = await readFile(join(written, name));
    bytes.writeUInt8(bytes.readUInt8(at) ^ 1, at);
    await place(name, bytes);
  }

  const placesIn = async (name: keyof typeof PLACES) => {
    const { size } = await stat(join(written, name));
    return Array.from({ length: PLACES[name] }, (_, at) => Math.floor((at * (size - 1)) / (PLACES[name] - 1)));
  };

  /** What opening says, and what is there then. */
  async function opened() {
    const damage: string[] = [];
    try {
      const db = await openDatabase({ directory: dir, url: undefined, onDamage: (said) => damage.push(said) });
      const texts = await db.selectFrom("local.texts").selectAll().execute();
      const kept = await sql<{ name: string }>`select name from main.sqlite_master where name = 'filler'`.execute(db);
      await db.destroy();
      return { refused: undefined, damage, texts: texts.length, derived: kept.rows.length };
    } catch (error) {
      return { refused: String(error), damage, texts: 0, derived: 0 };
    }
  }

  /** Whether what was said names the place. */
  function names(said: string | undefined, file: string, at: number): boolean {
    const [, from, to] = /bytes (\d+) to (\d+) are not what was written/.exec(said ?? "") ?? [];
    return said?.includes(file) === true && Number(from) <= at && at <= Number(to);
  }

  it("is as it was where nothing was changed", async () => {
    expect(await opened()).to.deep.equal({ refused: undefined, damage: [], texts: 40, derived: 1 });
    expect(await opened(), "closed and opened again").to.deep.equal({
      refused: undefined,
      damage: [],
      texts: 40,
      derived: 1,
    });
  });

  it("refuses its own tables wherever a bit was flipped, with file and place, each time anew", async () => {
    const missed: number[] = [];
    for (const at of await placesIn("local.db")) {
      await flip("local.db", at);
      const first = await opened();
      const second = await opened();
      const found = [first, second].every(
        ({ refused }) => /STORE_FAILED|restore it from a backup/.test(refused ?? "") && names(refused, "local.db", at),
      );
      if (!found) missed.push(at);
    }
    expect(missed).to.deep.equal([]);
  });

  it("throws derived tables away wherever a bit was flipped, says so with file and place, and keeps its own", async () => {
    const missed: number[] = [];
    for (const at of await placesIn("projection.db")) {
      await place("projection.db.seal", await readFile(join(written, "projection.db.seal")));
      await place("local.db.seal", await readFile(join(written, "local.db.seal")));
      await place("local.db", await readFile(join(written, "local.db")));
      await flip("projection.db", at);
      const { refused, damage, texts, derived } = await opened();
      if (refused !== undefined || texts !== 40 || derived !== 0 || !names(damage[0], "projection.db", at))
        missed.push(at);
    }
    expect(missed).to.deep.equal([]);
  });

  it("takes up files that were put in their place, and those of a node that was killed", async () => {
    await copyFile(join(written, "local.db"), join(dir, "local.db"));
    await rm(join(dir, "projection.db.seal"));
    expect(await opened()).to.deep.equal({ refused: undefined, damage: [], texts: 40, derived: 1 });
  });

  it("refuses what SQLite's own check finds in its own tables after a kill", async () => {
    await rm(join(dir, "local.db.seal"));
    const bytes = await readFile(join(dir, "local.db"));
    // The header of every page but the first: no table is whole.
    for (let at = 4096; at < bytes.length; at += 4096) bytes.writeUInt8(0xff, at);
    await writeFile(join(dir, "local.db"), bytes);
    expect((await opened()).refused).to.match(/local\.db is damaged/);
  });
});
