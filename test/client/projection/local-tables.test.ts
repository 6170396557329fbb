import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { NodeError } from "@wanlian/client/core/node-error.js";
import { openDatabase } from "@wanlian/client/projection/database/database.js";
import { LOCAL_VERSION } from "@wanlian/client/projection/database/migrations.js";
import type { NodeDatabase } from "@wanlian/client/projection/database/schema.js";
import { expect } from "chai";
import { type Kysely, sql } from "kysely";
import { type PostgresServer, postgresPrograms, startPostgres } from "../postgres.js";

const programs = postgresPrograms();

/** The tables as the first nodes had them, before versions were kept. */
const VERSION_1 = [
  "drop table local.texts",
  "drop table local.version",
  `create table local.texts (digest text not null, salt text not null, content text not null, noun text not null,
    case_id text not null, number bigint not null, time text not null, constraint texts_key primary key (digest))`,
  "insert into local.texts values ('d1', 's1', 'kept', 'demand', 'c', 2, '2026-09-21T01:00:00Z')",
];

for (const kind of ["embedded SQL", "PostgreSQL"] as const) {
  describe(`the node's own tables on ${kind}`, () => {
    let directory: string;
    let server: PostgresServer | undefined;
    let db: Kysely<NodeDatabase> | undefined;

    before(async function () {
      this.timeout(30_000);
      directory = await mkdtemp(join(tmpdir(), "wanlian-tables-"));
      if (kind === "embedded SQL") return;
      if (programs === undefined) this.skip();
      server = await startPostgres(programs);
    });
    afterEach(async () => {
      await db?.destroy();
      db = undefined;
    });
    after(async () => {
      await server?.stop();
      await rm(directory, { recursive: true, force: true });
    });

    const open = async () => {
      db = await openDatabase({ directory, url: server?.url });
      return db;
    };
    const run = async (...statements: string[]) => {
      const opened = await open();
      for (const statement of statements) await sql.raw(statement).execute(opened);
      await opened.destroy();
    };

    it("of the first version are brought to today's, with all that is in them", async () => {
      const index = kind === "PostgreSQL" ? "texts_by_noun_case_id" : "local.texts_by_noun_case_id";
      await run(
        ...VERSION_1,
        `create index ${index} on ${kind === "PostgreSQL" ? "local.texts" : "texts"} (noun, case_id)`,
      );
      const opened = await open();
      expect(await opened.selectFrom("local.texts").selectAll().execute()).to.deep.equal([
        { digest: "d1", salt: "s1", content: "kept", officer: "", filing: "", kept: "2026-09-21T01:00:00Z" },
      ]);
      expect(await opened.selectFrom("local.version").selectAll().execute()).to.deep.equal([
        { id: 1, version: LOCAL_VERSION },
      ]);
    });

    it("stay as they are when it is opened again", async () => {
      const opened = await open();
      expect((await opened.selectFrom("local.texts").select("digest").execute()).length).to.equal(1);
    });

    it("of a later version are refused, and left alone", async () => {
      await run(`update local.version set version = ${LOCAL_VERSION + 1}`);
      expect(await refusal(open())).to.match(/^STORE_FAILED .* of version/);
      expect(await refusal(open()), "untouched").to.match(/^STORE_FAILED .* of version/);
    });
  });
}

describe("a node's PostgreSQL", () => {
  let server: PostgresServer;
  let directory: string;
  const opened: Kysely<NodeDatabase>[] = [];

  before(async function () {
    this.timeout(30_000);
    if (programs === undefined) this.skip();
    server = await startPostgres(programs);
    directory = await mkdtemp(join(tmpdir(), "wanlian-owner-"));
  });
  afterEach(async () => {
    for (const db of opened.splice(0)) await db.destroy();
  });
  after(async () => {
    await server?.stop();
    await rm(directory, { recursive: true, force: true });
  });

  const open = async () => {
    const db = await openDatabase({ directory, url: server.url });
    opened.push(db);
    return db;
  };
  const height = (db: Kysely<NodeDatabase>) => db.selectFrom("checkpoint").select("height").executeTakeFirst();
  /** Ends the connection that holds the lock, as a restart or a broken line would. */
  const breakHold = (db: Kysely<NodeDatabase>) =>
    sql`select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory' and granted`.execute(db);
  const isHeld = async (db: Kysely<NodeDatabase>) =>
    (await sql`select 1 from pg_locks where locktype = 'advisory'`.execute(db)).rows.length > 0;
  const broken = async (db: Kysely<NodeDatabase>) => {
    const [held] = (await sql<{ pid: number }>`select pid from pg_locks where locktype = 'advisory'`.execute(db)).rows;
    await breakHold(db);
    const isThere = sql`select 1 from pg_locks where locktype = 'advisory' and pid = ${held?.pid}`;
    while ((await isThere.execute(db)).rows.length > 0);
  };

  it("is one node's at a time", async () => {
    const first = await open();
    expect(await refusal(open())).to.match(/^CONFIGURATION another node is using this database/);
    expect(await height(first)).to.equal(undefined);
    await first.destroy();
    opened.splice(0);
    expect(await height(await open())).to.equal(undefined);
  });

  it("is taken again when the connection that held it ended", async () => {
    const db = await open();
    await broken(db);
    while (!(await isHeld(db)));
    expect(await refusal(open())).to.match(/^CONFIGURATION/);
  });

  it("that another node took meanwhile is not written any more", async () => {
    const first = await open();
    // Before the first asks for anything again, somebody else is there.
    const [, other] = await first.connection().execute(async (held) => {
      await broken(held);
      return [held, await open()] as const;
    });
    expect(await refusal(height(first))).to.match(/^CONFIGURATION/);
    expect(await height(other)).to.equal(undefined);
  });
});

const refusal = (doing: Promise<unknown>): Promise<string> =>
  doing.then(
    () => "none",
    (error: unknown) => {
      if (error instanceof NodeError) return `${error.code} ${error.message}`;
      throw error;
    },
  );
