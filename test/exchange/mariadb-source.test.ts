import { MariadbSource } from "@wanlian/client/exchange/sources/databases/mariadb-source.js";
import type { TablePlace } from "@wanlian/client/quality";
import { decodeColumn } from "@wanlian/client/sheets/column.js";
import { expect } from "chai";
import { type Connection, createConnection } from "mysql2/promise";
import { type MariadbServer, mariadbPrograms, startMariadb } from "../client/mariadb.js";
import { MISFITS, refusalOf } from "../quality/misfits.js";

/** A value of each type, and its canonical text: docs/formats/database-text.md. */
const TYPES: readonly [type: string, value: string, text: string | null][] = [
  ["boolean", "true", "1"],
  ["tinyint", "-7", "-7"],
  ["bigint", "9223372036854775807", "9223372036854775807"],
  ["bigint unsigned", "18446744073709551615", "18446744073709551615"],
  ["int(6) zerofill", "42", "000042"],
  ["decimal(9, 2)", "1.5", "1.50"],
  ["decimal(65, 30)", "'0.1'", "0.100000000000000000000000000000"],
  ["float", "16777217", "16777216"],
  ["float", "0.1", "0.10000000149011612"],
  ["double", "0.1e0 + 0.2e0", "0.30000000000000004"],
  ["double", "1e300", "1e300"],
  ["text", "'a\\nb'", "a\nb"],
  ["text", "''", ""],
  ["text", "null", null],
  ["varchar(5) character set utf8mb4", "'宛城😀'", "宛城😀"],
  ["varchar(5) character set gbk", "convert('宛城' using gbk)", "宛城"],
  ["varchar(5)", "'ab '", "ab "],
  ["char(5)", "'ab'", "ab"],
  ["enum('b','a')", "'a'", "a"],
  ["set('b','a')", "'a,b'", "b,a"],
  ["varbinary(4)", "x'00ff'", "\\x00ff"],
  ["binary(3)", "x'00'", "\\x000000"],
  ["blob", "x''", "\\x"],
  ["date", "'2026-03-02'", "2026-03-02"],
  ["time", "'08:30'", "08:30:00"],
  ["time(3)", "'-838:59:59.5'", "-838:59:59.500"],
  ["datetime", "'2026-03-02 08:30'", "2026-03-02 08:30:00"],
  ["datetime(6)", "'2026-03-02 08:30:00.25'", "2026-03-02 08:30:00.250000"],
  ["timestamp null", "'2026-03-02 00:30:00'", "2026-03-02 08:30:00+08"],
  ["timestamp(2) null", "'2026-03-02 00:30:00.25'", "2026-03-02 08:30:00.25+08"],
  ["timestamp null", "null", null],
  ["year", "2026", "2026"],
  ["bit(5)", "b'101'", "00101"],
  ["bit(64)", "0xffffffffffffffff", "1".repeat(64)],
  ["uuid", "'A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11'", "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11"],
  ["inet6", "'::ffff:192.168.0.1'", "::ffff:192.168.0.1"],
  ["json", '\'{"b":1, "a":2}\'', '{"b":1, "a":2}'],
];

describe("MariaDB as a source", () => {
  const programs = mariadbPrograms();
  let server: MariadbServer;
  let client: Connection;
  const opened: MariadbSource[] = [];

  before(async function () {
    this.timeout(120_000);
    if (programs === undefined) this.skip();
    server = await startMariadb(programs);
    client = await createConnection({ uri: server.url.replace("mariadb:", "mysql:"), charset: "utf8mb4" });
    await client.query("create database registers");
    await client.query("use registers");
  });
  after(async () => {
    for (const source of opened) await source.close();
    await client?.end();
    await server?.stop();
  });

  const open = (table: string, orderBy: string[], url = server.url) => {
    const source = new MariadbSource({ url, table: ["registers", table], orderBy });
    opened.push(source);
    return source;
  };
  const column = async (source: MariadbSource, field: string) => {
    const values: (string | null)[] = [];
    for await (const batch of source.read([field])) values.push(...decodeColumn(batch.columns[0] as Uint8Array));
    return values;
  };
  const codeOf = async (act: Promise<unknown>) =>
    await act.then(
      () => "accepted",
      (error: { code?: string }) => error.code,
    );

  it("gives every type as the same text, whatever the server's own settings are, and finds it by that text", async () => {
    await client.query("set time_zone = '+00:00'");
    const columns = TYPES.map(([type], at) => `c${at} ${type}`);
    await client.query(`create table types (id int primary key, ${columns.join(", ")})`);
    await client.query(`insert into types values (1, ${TYPES.map(([, value]) => value).join(", ")})`);
    const settings = [
      [],
      [
        "time_zone = '-05:00'",
        "sql_mode = 'PAD_CHAR_TO_FULL_LENGTH,ANSI_QUOTES,NO_BACKSLASH_ESCAPES'",
        "character_set_results = 'latin1'",
        "lc_time_names = 'zh_CN'",
        "sql_select_limit = 0",
        "div_precision_increment = 0",
      ],
    ];
    for (const own of settings) {
      for (const setting of own.filter((one) => !one.includes("character_set_results"))) {
        await client.query(`set global ${setting}`);
      }
      const source = open("types", ["id"]);
      for (const [at, [type, , text]] of TYPES.entries()) {
        expect(await column(source, `c${at}`), type).to.deep.equal([text]);
        if (text === null) continue;
        expect(await source.find({ [`c${at}`]: text }, ["id"], 2), `${type} by its text`).to.deep.equal([["1"]]);
        expect(await source.find({ [`c${at}`]: `${text} ` }, ["id"], 2), `${type} by another`).to.deep.equal([]);
      }
    }
    const defaults = ["time_zone = default", "sql_mode = default", "sql_select_limit = default"];
    for (const setting of defaults) await client.query(`set global ${setting}`);
  });

  it("orders texts by their bytes, whatever the column's collation, and numbers as numbers", async () => {
    await client.query(
      "create table words (word varchar(20) character set utf8mb4 collate utf8mb4_bin primary key, other varchar(20))",
    );
    await client.query(
      "insert into words values ('b', 'x'), ('A', 'x'), ('a', 'x'), ('B', 'x'), ('中', 'x'), ('_', 'x')",
    );
    await client.query(
      "alter table words modify word varchar(20) character set utf8mb4 collate utf8mb4_general_ci, drop primary key",
    );
    expect(await column(open("words", ["word"]), "word")).to.deep.equal(["A", "B", "_", "a", "b", "中"]);
    await client.query("create table counts (n int primary key)");
    await client.query("insert into counts values (10), (9), (100), (-1)");
    expect(await column(open("counts", ["n"]), "n")).to.deep.equal(["-1", "9", "10", "100"]);
  });

  it("orders long texts by all of their bytes", async () => {
    await client.query("create table longer (id int primary key, word text)");
    const start = "x".repeat(2000);
    await client.query("insert into longer values (1, ?), (2, ?), (3, ?)", [`${start}c`, `${start}a`, `${start}b`]);
    const source = open("longer", ["word"]);
    expect(await column(source, "id")).to.deep.equal(["2", "3", "1"]);
    await client.query("alter table longer modify word longtext");
    await client.query("insert into longer values (4, repeat('y', 131073))");
    expect(await codeOf(column(source, "id")), "longer than a sort looks at").to.equal("SOURCE_MALFORMED");
  });

  it("finds what is equal to the byte, not what a collation holds for equal", async () => {
    await client.query("create table names (name varchar(20) collate latin1_swedish_ci, index (name))");
    await client.query("insert into names values ('Muller'), ('muller'), ('Muller ')");
    const source = open("names", ["name"]);
    expect(await source.find({ name: "Muller" }, ["name"], 9)).to.deep.equal([["Muller"]]);
    expect(await source.find({ name: "Muller " }, ["name"], 9)).to.deep.equal([["Muller "]]);
    expect(await source.find({ name: "MULLER" }, ["name"], 9)).to.deep.equal([]);
    expect(await source.find({ name: "' or 1 = 1 -- " }, ["name"], 9)).to.deep.equal([]);
    expect(await column(source, "name"), "nor does one order stand for two").to.deep.equal([
      "Muller",
      "Muller ",
      "muller",
    ]);
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
    await client.query("create table nullable (a int unique)");
    await client.query("insert into nullable values (null), (null)");
    expect(await codeOf(column(open("nullable", ["a"]), "a"))).to.equal("SOURCE_MALFORMED");
  });

  it("reads views, and many rows in one snapshot", async () => {
    await client.query("create table base (n int primary key)");
    await client.query("insert into base select seq from seq_1_to_12000");
    await client.query("create view seen as select n from base where n <= 3");
    expect(await column(open("seen", ["n"]), "n")).to.deep.equal(["1", "2", "3"]);
    const source = open("base", ["n"]);
    let rows = 0;
    for await (const batch of source.read(["n"])) {
      if (rows === 0) await client.query("delete from base where n > 6000");
      rows += batch.rows;
    }
    expect(rows).to.equal(12_000);
    expect(await column(source, "n")).to.have.length(6000);
    expect(await codeOf(column(open("nothing", ["n"]), "n"))).to.equal("SOURCE_MISSING");
  });

  it("lets go of the connection when whoever reads stops", async () => {
    const source = open("base", ["n"]);
    for (let times = 0; times < 6; times += 1) for await (const _ of source.read(["n"])) break;
    expect(await source.find({ n: "7" }, ["n"], 1)).to.deep.equal([["7"]]);
  });

  it("sees a column that came, and one that went, since it last looked", async () => {
    await client.query("create table moving (n int primary key, old text)");
    await client.query("insert into moving values (1, 'x')");
    const source = open("moving", ["n"]);
    expect(await column(source, "old")).to.deep.equal(["x"]);
    await client.query("alter table moving change old `new``name` text");
    expect(await column(source, "new`name")).to.deep.equal(["x"]);
    expect(await codeOf(column(source, "old"))).to.equal("FIELD_UNKNOWN");
    expect(await source.fields()).to.deep.equal(["n", "new`name"]);
  });

  it("is refused a check whose rules do not go together with it", async () => {
    await client.query("create table checked (no varchar(9) primary key, name varchar(9))");
    await client.query("insert into checked values ('1', 'a'), ('2', 'b')");
    process.env.CHECKED_URL = server.url;
    const place: TablePlace = {
      kind: "mariadb",
      urlFrom: "CHECKED_URL",
      schema: "registers",
      table: "checked",
      orderBy: ["no"],
    };
    for (const [what, rule, code] of MISFITS) expect((await refusalOf(place, rule)).code, what).to.equal(code);
    delete process.env.CHECKED_URL;
  });

  it("refuses a type that has no one text, and says which", async () => {
    await client.query("create table places (id int primary key, place point)");
    const error = await column(open("places", ["id"]), "place").catch((cause: Error) => cause);
    expect(error).to.include({ code: "SOURCE_MALFORMED" });
    expect(String(error)).to.contain('"place" is of the type point');
    expect(await codeOf(column(open("places", ["id"]), "id")), "others can be read").to.equal("accepted");
  });

  it("says when the database cannot be reached", async () => {
    const away = open("base", ["n"], "mariadb://root@127.0.0.1:1/registers");
    expect(await codeOf(away.fields())).to.equal("SOURCE_MISSING");
  });
});
