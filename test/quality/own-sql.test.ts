import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Workbench } from "@wanlian/client/quality/engine/workbench.js";
import { expect } from "chai";
import { check, only } from "./checking.js";

const CSV = "no,name,amount\n1,a,10\n2,b,20\n3,c,30\n";

describe("own SQL", () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "wanlian-own-"));
    await writeFile(join(folder, "secret.csv"), "no,name\n1,secret\n");
  });
  after(async () => await rm(folder, { recursive: true, force: true }));

  const run = async (query: string) => only(await check({ folder, csv: CSV, rules: [{ check: "sql", query }] }));
  const refusal = async (query: string): Promise<string> =>
    await run(query).then(
      () => "accepted",
      (error: { code?: string }) => error.code ?? String(error),
    );

  const ALLOWED = [
    ["a condition", "select no from data where cast(amount as int) > 15", 2],
    ["a window", "select no from (select no, row_number() over (order by no) as n from data) where n > 1", 2],
    ["a part of its own", "with big as (select * from data where amount = '30') select * from big", 1],
    ["a join with itself", "select a.no from data a join data b on a.amount < b.amount group by a.no", 2],
    ["a set operation", "select no from data except select no from data where name in ('a', 'b')", 1],
    ["sorted", "select distinct no, cast(amount as decimal(9, 2)) from data order by no desc", 3],
    ["a subquery", "select no from data where amount = (select max(amount) from data)", 1],
  ] as const;
  for (const [what, query, failing] of ALLOWED) {
    it(`may be ${what}`, async () => expect((await run(query)).failing).to.equal(failing));
  }

  const REFUSED = [
    ["read a file", "select * from read_csv('SECRET')"],
    ["read a file's text", "select * from read_text('SECRET')"],
    ["read a file by its name", `select * from 'SECRET'`],
    ["read a file by the name of a part", `with "SECRET" as (select 1) select * from "SECRET"`],
    ["read a file in a subquery", "select no from data where exists (select 1 from read_text('SECRET'))"],
    ["list files", "select * from glob('/*')"],
    ["go to the network", "select * from read_csv('http://127.0.0.1:1/x.csv')"],
    ["see the engine's tables", "select * from duckdb_settings()"],
    ["see the schema", "select * from information_schema.tables"],
    ["name the file behind the table", "select * from source"],
    ["name the table through a schema", "select * from main.data"],
    ["write a file", "copy data to 'SECRET'"],
    ["attach a database", "attach 'SECRET' as x"],
    ["change a setting", "set enable_external_access = true"],
    ["load an extension", "load httpfs"],
    ["be two statements", "select 1 from data; select 2 from data"],
    ["leave its brackets", "select no from data) as x; drop table data; --"],
    ["drop the table", "drop table data"],
    ["read the environment", "select getenv('HOME') from data"],
    ["read a setting", "select current_setting('temp_directory') from data"],
    ["ask the clock", "select no from data where now() > timestamp '2020-01-01'"],
    ["ask the day", "select no from data where current_date > date '2020-01-01'"],
    ["ask who asks", "select no from data where current_user = 'x'"],
    ["leave it to chance", "select no from data where random() > 0.5"],
    ["take a sample", "select no from data using sample 1"],
    ["choose rows at will", "select no from data limit 1"],
    ["make rows", "select * from range(10)"],
    ["run in circles", "with recursive x as (select 1 as n union all select n + 1 from x) select n from x"],
    ["hide a file in a part", "with x as (select * from read_text('SECRET')) select * from x"],
    ["hide a clock in an order", "select no from data order by now()"],
    [
      "hide chance in a window",
      "select no from (select no, row_number() over (order by random()) as n from data) where n = 1",
    ],
    ["choose rows by distinct on", "select distinct on (name) no from data"],
    ["give more rows than there are", "select a.no from data a, data b"],
    ["speak of a column that is not there", "select nobody from data"],
    ["make no sense", "select from where"],
    ["describe", "describe data"],
    ["ask for parameters", "select no from data where no = $1"],
  ] as const;
  for (const [what, query] of REFUSED) {
    it(`may not ${what}`, async () => {
      expect(await refusal(query.replaceAll("SECRET", join(folder, "secret.csv")))).to.equal("QUERY_REFUSED");
    });
  }

  it("finds nothing outside even where its syntax is not looked at: the workbench is locked", async () => {
    const bench = await Workbench.open();
    try {
      await bench.lock();
      const secret = join(folder, "secret.csv");
      const escapes = [
        `select * from read_csv('${secret}')`,
        `select * from '${secret}'`,
        `select * from glob('${folder}/*')`,
        `copy (select 1) to '${folder}/out.csv'`,
        `attach '${folder}/out.db' as x`,
        "set enable_external_access = true",
        "set temp_directory = '/tmp'",
        "install httpfs",
        "reset lock_configuration",
      ];
      for (const sql of escapes) {
        const outcome = await bench.rows(sql).then(
          () => "accepted",
          (error: Error) => error.message,
        );
        expect(outcome, sql).to.match(/disabled|configuration has been locked|not allowed/i);
      }
    } finally {
      await bench.close();
    }
  });
});
