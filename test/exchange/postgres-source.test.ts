import { PostgresSource } from "@wanlian/client/exchange/sources/databases/postgres-source.js";
import type { TablePlace } from "@wanlian/client/quality";
import { decodeColumn } from "@wanlian/client/sheets/column.js";
import { expect } from "chai";
import pg from "pg";
import { type PostgresServer, postgresPrograms, startPostgres } from "../client/postgres.js";
import { MISFITS, refusalOf } from "../quality/misfits.js";

/** A value of each type, and its canonical text: docs/formats/database-text.md. */
const TYPES: readonly [type: string, value: string, text: string | null][] = [
  ["boolean", "true", "true"],
  ["smallint", "-7", "-7"],
  ["bigint", "9223372036854775807", "9223372036854775807"],
  ["numeric(9, 2)", "1.5", "1.50"],
  ["numeric", "1e3", "1000"],
  ["real", "0.1", "0.1"],
  ["double precision", "0.1::float8 + 0.2::float8", "0.30000000000000004"],
  ["double precision", "'NaN'", "NaN"],
  ["money", "1234.5", "$1,234.50"],
  ["text", "e'a\\nb'", "a\nb"],
  ["text", "''", ""],
  ["text", "null", null],
  ["varchar(5)", "'ab '", "ab "],
  ["char(5)", "'ab'", "ab"],
  ["bytea", "'\\x00ff'", "\\x00ff"],
  ["date", "'2026-03-02'", "2026-03-02"],
  ["time", "'08:30'", "08:30:00"],
  ["timestamp", "'2026-03-02 08:30'", "2026-03-02 08:30:00"],
  ["timestamptz", "'2026-03-02 00:30+00'", "2026-03-02 08:30:00+08"],
  ["timestamptz", "'2026-03-02 00:30:00.25+00'", "2026-03-02 08:30:00.25+08"],
  ["interval", "'1 year 2 days 03:04'", "P1Y2DT3H4M"],
  ["uuid", "'A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11'", "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11"],
  ["inet", "'192.168.0.1'", "192.168.0.1/32"],
  ["cidr", "'10.0.0.0/8'", "10.0.0.0/8"],
  ["json", '\'{"b":1, "a":2}\'', '{"b":1, "a":2}'],
  ["jsonb", '\'{"b":1, "a":2}\'', '{"a": 2, "b": 1}'],
  ["integer[]", "'{1,null,3}'", "{1,NULL,3}"],
  ["int4range", "'[1,3]'", "[1,4)"],
  ["bit(3)", "'101'", "101"],
  ["regclass", "'public.things'", "public.things"],
];

describe("PostgreSQL as a source", () => {
  const programs = postgresPrograms();
  let server: PostgresServer;
  let client: pg.Client;
  const opened: PostgresSource[] = [];

  before(async function () {
    this.timeout(60_000);
    if (programs === undefined) this.skip();
    server = await startPostgres(programs);
    client = new pg.Client({ connectionString: server.url });
    await client.connect();
    await client.query("create table things (id int)");
  });
  after(async () => {
    for (const source of opened) await source.close();
    await client?.end();
    await server?.stop();
  });

  const open = (table: string, orderBy: string[]) => {
    const source = new PostgresSource({ url: server.url, table: ["public", table], orderBy });
    opened.push(source);
    return source;
  };
  const column = async (source: PostgresSource, field: string) => {
    const values: (string | null)[] = [];
    for await (const batch of source.read([field])) values.push(...decodeColumn(batch.columns[0] as Uint8Array));
    return values;
  };
  const codeOf = async (act: Promise<unknown>) =>
    await act.then(
      () => "accepted",
      (error: { code?: string }) => error.code,
    );

  it("gives every type as the same text, whatever the role's own settings are", async () => {
    const columns = TYPES.map(([type], at) => `c${at} ${type}`);
    await client.query(`create table types (id int primary key, ${columns.join(", ")})`);
    await client.query(
      `insert into types values (1, ${TYPES.map(([type, value]) => `(${value})::${type}`).join(", ")})`,
    );
    const settings: readonly Record<string, string>[] = [
      {},
      {
        TimeZone: "America/New_York",
        DateStyle: "SQL, DMY",
        IntervalStyle: "postgres_verbose",
        extra_float_digits: "-10",
        bytea_output: "escape",
        search_path: "public",
      },
    ];
    for (const own of settings) {
      for (const [name, value] of Object.entries(own)) await client.query(`alter role test set ${name} = '${value}'`);
      const source = open("types", ["id"]);
      for (const [at, [type, , text]] of TYPES.entries()) {
        expect(await column(source, `c${at}`), type).to.deep.equal([text]);
      }
    }
    await client.query("alter role test reset all");
  });

  it("orders texts by their bytes, whatever the column's collation, and numbers as numbers", async () => {
    await client.query(`create collation if not exists local (provider = icu, locale = 'zh')`).catch(() => undefined);
    await client.query('create table words (word text collate "en_US.utf8" primary key)').catch(async () => {
      await client.query("create table words (word text collate local primary key)");
    });
    await client.query("insert into words values ('b'), ('A'), ('a'), ('B'), ('中'), ('_')");
    expect(await column(open("words", ["word"]), "word")).to.deep.equal(["A", "B", "_", "a", "b", "中"]);
    await client.query("create table counts (n int primary key)");
    await client.query("insert into counts values (10), (9), (100)");
    expect(await column(open("counts", ["n"]), "n")).to.deep.equal(["9", "10", "100"]);
  });

  it("refuses an order that does not tell every two rows apart, and takes it once it does", async () => {
    await client.query("create table doubles (a int, b int)");
    await client.query("insert into doubles values (1, 1), (1, 2), (null, 3)");
    expect(await codeOf(column(open("doubles", ["a"]), "b"))).to.equal("SOURCE_MALFORMED");
    expect(await column(open("doubles", ["a", "b"]), "b")).to.deep.equal(["3", "1", "2"]);
    await client.query("insert into doubles values (null, 3)");
    expect(await codeOf(column(open("doubles", ["a", "b"]), "b")), "nulls are told apart by nothing").to.equal(
      "SOURCE_MALFORMED",
    );
  });

  it("believes an index that keeps rows apart, and none that does so for some rows alone", async () => {
    await client.query("create table partly (a int not null, b int)");
    await client.query("create unique index on partly (a) where b > 0");
    await client.query("insert into partly values (1, 0), (1, 0)");
    expect(await codeOf(column(open("partly", ["a"]), "a"))).to.equal("SOURCE_MALFORMED");
    await client.query("create table nullable (a int unique)");
    await client.query("insert into nullable values (null), (null)");
    expect(await codeOf(column(open("nullable", ["a"]), "a"))).to.equal("SOURCE_MALFORMED");
  });

  it("reads views, materialized views, partitioned and foreign tables", async () => {
    await client.query("create table base (n int primary key)");
    await client.query("insert into base values (2), (1)");
    await client.query("create view seen as select n from base");
    await client.query("create materialized view kept as select n from base");
    await client.query("create table parts (n int primary key) partition by range (n)");
    await client.query("create table part1 partition of parts for values from (0) to (10)");
    await client.query("insert into parts values (2), (1)");
    const kinds = ["seen", "kept", "parts"];
    const foreign = await client.query("create extension postgres_fdw").then(
      () => true,
      () => false,
    );
    if (foreign) {
      const host = new URL(server.url.replace("@/", "@x/")).searchParams.get("host");
      await client.query(
        `create server self foreign data wrapper postgres_fdw options (host '${host}', dbname 'postgres')`,
      );
      await client.query("create user mapping for test server self options (user 'test')");
      await client.query("create foreign table far (n int) server self options (table_name 'base')");
      kinds.push("far");
    }
    for (const kind of kinds) expect(await column(open(kind, ["n"]), "n"), kind).to.deep.equal(["1", "2"]);
    expect(await codeOf(column(open("base_pkey", ["n"]), "n")), "an index is no table").to.equal("SOURCE_MISSING");
  });

  it("sees a column that came, and one that went, since it last looked", async () => {
    await client.query("create table moving (n int primary key, old text)");
    await client.query("insert into moving values (1, 'x')");
    const source = open("moving", ["n"]);
    expect(await column(source, "old")).to.deep.equal(["x"]);
    await client.query("alter table moving rename column old to new");
    expect(await column(source, "new")).to.deep.equal(["x"]);
    expect(await codeOf(column(source, "old"))).to.equal("FIELD_UNKNOWN");
  });

  it("is refused a check whose rules do not go together with it", async () => {
    await client.query("create table checked (no text primary key, name text)");
    await client.query("insert into checked values ('1', 'a'), ('2', 'b')");
    process.env.CHECKED_URL = server.url;
    const place: TablePlace = {
      kind: "postgres",
      urlFrom: "CHECKED_URL",
      schema: "public",
      table: "checked",
      orderBy: ["no"],
    };
    for (const [what, rule, code] of MISFITS) expect((await refusalOf(place, rule)).code, what).to.equal(code);
    delete process.env.CHECKED_URL;
  });

  it("refuses a database that does not know how its text is encoded", async () => {
    await client.query("create database bytes encoding 'SQL_ASCII' template template0 lc_collate 'C' lc_ctype 'C'");
    const source = new PostgresSource({
      url: server.url.replace("/postgres?", "/bytes?"),
      table: ["public", "t"],
      orderBy: ["n"],
    });
    opened.push(source);
    expect(await codeOf(source.find({ n: "1" }, ["n"], 1))).to.equal("SOURCE_MALFORMED");
  });
});
