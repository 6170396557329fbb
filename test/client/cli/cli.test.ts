import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { appendFile, chmod, mkdtemp, open, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { SourceList } from "@wanlian/client/exchange/sources/index.js";
import type { DatasetId, Digest } from "@wanlian/model/identifiers.js";
import { expect } from "chai";
import { createConnection } from "mysql2/promise";
import pg from "pg";
import { JsonService } from "../../exchange/json-service.js";
import { rulesText } from "../../quality/checking.js";
import { workbook } from "../../sheets/workbook.js";
import {
  type ApiWorld,
  apiWorld,
  BUREAU,
  CIVIL,
  DATASET,
  ENTRY,
  HEALTH,
  objectionTo,
  openChannel,
} from "../api/world.js";
import { PASSPHRASE } from "../keys/officer.js";
import { mariadbPrograms, startMariadb } from "../mariadb.js";
import { postgresPrograms, startPostgres } from "../postgres.js";
import { type Ran, runWanlian } from "./wanlian.js";

describe("wanlian", () => {
  let world: ApiWorld;
  let directory: string;
  let file: string;

  before(async () => {
    world = await apiWorld();
    await openChannel(world);
    directory = await mkdtemp(join(tmpdir(), "wanlian-cli-"));
    file = join(directory, "list.csv");
    await writeFile(file, "code,name\n411300,南阳市\n411302,宛城区\n");
    expect((await wanlian("login", "CA-1")).code).to.equal(0);
  });
  after(async () => {
    await world.stop();
    await rm(directory, { recursive: true, force: true });
  });

  async function wanlian(...argv: string[]): Promise<Ran & { json(): unknown }> {
    const ran = await runWanlian(argv, {
      WANLIAN_NODE: world.base.replace("/api/v1", ""),
      WANLIAN_SESSION: join(directory, "session.json"),
      WANLIAN_PASSPHRASE: PASSPHRASE,
      LANG: "en_GB.UTF-8",
    });
    return { ...ran, json: () => JSON.parse(ran.out) };
  }

  it("keeps the session's token for its owner only, and neither token nor passphrase on the screen", async () => {
    const ran = await wanlian("login", "CA-1");
    expect(ran.out).to.include("steward user");
    const session = join(directory, "session.json");
    expect((await stat(session)).mode & 0o077).to.equal(0);
    const [token] = Object.values<string>(JSON.parse(await readFile(session, "utf8")));
    expect(token).to.match(/^[\w-]{43}$/);
    expect(ran.out + ran.err)
      .not.to.include(token)
      .and.not.include(PASSPHRASE);
    expect((await wanlian("--json", "whoami")).json()).to.have.nested.property("session.officer", "CA-1");
  });

  it("registers a dataset, and a release whose digests come from a file", async () => {
    const body = JSON.stringify({ ...ENTRY, name: undefined });
    const dataset = await wanlian(
      "--json",
      "dataset",
      "register",
      "--code",
      "divisions",
      "--name",
      ENTRY.name,
      "--body",
      body,
    );
    expect(dataset.err).to.equal("");
    expect(dataset.json()).to.have.nested.property("act.case", DATASET);
    const period = JSON.stringify({ from: "2022-01-01", to: "2022-12-31" });
    const release = await wanlian(
      "--json",
      "release",
      "register",
      "--dataset",
      DATASET,
      "--period",
      period,
      "--file",
      file,
    );
    expect(release.err).to.equal("");
    const column = createHash("sha256").update("411300\n411302\n").digest("hex");
    expect(release.json()).to.have.nested.property("act.body.fields[0].digest", column);
    expect(release.json()).to.have.nested.property("act.body.rows", 2);
  });

  it("checks a file against a release: all of it, some of its fields, and one that was altered", async () => {
    const release = await latestRelease();
    const whole = await wanlian("release", "check", file, "--release", release);
    expect([whole.code, whole.err]).to.deep.equal([0, ""]);
    const part = join(directory, "part.csv");
    await writeFile(part, "name\n南阳市\n宛城区\n");
    expect((await wanlian("release", "check", part, "--release", release)).out).to.match(/code +not in the file/);
    await writeFile(part, "name\n南阳市\n卧龙区\n");
    const altered = await wanlian("release", "check", part, "--release", release);
    expect(altered.code).to.equal(1);
    expect(altered.out).to.match(/name +DIFFERENT/);
    expect(altered.err).to.include("is not what release");
    await writeFile(part, "name\n南阳市\n");
    expect((await wanlian("release", "check", part, "--release", release)).code).to.equal(1);
  });

  it("checks a release's row tree for whoever was given its key", async () => {
    const release = await latestRelease();
    const [folder] = (await readdir(directory)).filter((name) => name.startsWith(`${basename(file)}.rows-`));
    const key = join(directory, folder ?? "", "key");
    const whole = await wanlian("release", "check", file, "--release", release, "--key", key);
    expect([whole.code, whole.err]).to.deep.equal([0, ""]);
    expect(whole.out).to.match(/row tree\) +as registered/);
    const other = join(directory, "other-key");
    await writeFile(other, `${"00".repeat(32)}\n`);
    const wrong = await wanlian("release", "check", file, "--release", release, "--key", other);
    expect(wrong.code).to.equal(1);
    expect(wrong.out).to.match(/row tree\) +DIFFERENT/);
  });

  it("shows tasks, and grants what was applied for without repeating it", async () => {
    const frequency = { calls: 10, per: "day" };
    const wish = { dataset: DATASET, fields: ["code"], purpose: "verification", scenario: "births", duty: "law" };
    const applied = await world.ledger.act(HEALTH, ["user"], {
      noun: "application",
      type: "apply",
      body: { ...wish, from: "2026-09-23", to: "2026-12-31", frequency, kind: "ordinary" },
    });
    const tasks = await wanlian("tasks");
    expect(tasks.out).to.include(applied.case).and.include("grant refuse requestMore");
    expect(tasks.out).to.match(/CivilMSP\/\S+ · HealthMSP +awaiting reply +reply to application/);
    const listed = await wanlian("--lang", "zh", "application", "list");
    expect(listed.out).to.match(/CivilMSP\/\S+ · HealthMSP +待答复/);
    const preview = await wanlian("--json", "application", "grant", applied.case, "--preview");
    expect(preview.json()).to.have.nested.property("act.state.status", "granted");
    const granted = await wanlian("--json", "application", "grant", applied.case, "--to", "2026-10-31");
    expect(granted.err).to.equal("");
    expect(granted.json()).to.have.nested.property("act.body.to", "2026-10-31");
    expect(granted.json()).to.have.nested.property("act.body.fields[0]", "code");
    expect((await wanlian("grants", DATASET)).out).to.include(HEALTH);
    expect((await wanlian("application", "show", applied.case)).out).to.match(/status +granted/);
  });

  it("says in a command's help who may give it and when, and calls needed only what is", async () => {
    const { out } = await wanlian("application", "grant", "--help");
    expect(out).to.include("Who: steward of provider\nWhen: awaiting reply\n");
    expect(out).to.match(/--fields <a,b…> +optional/);
    expect((await wanlian("application", "apply", "--help")).out)
      .to.match(/--fields <a,b…> +required/)
      .and.include("When: before there is one");
  });

  it("answers an objection with text that stays at the node", async () => {
    const release = await latestRelease();
    const raised = await world.ledger.act(HEALTH, ["user"], {
      noun: "objection",
      type: "raise",
      body: objectionTo(release),
    });
    expect((await wanlian("objection", "accept", raised.case)).code).to.equal(0);
    const reasons = "The county became a city.";
    const concluded = await wanlian(
      "--json",
      "objection",
      "conclude",
      raised.case,
      "--outcome",
      "substantiated",
      "--reasons",
      reasons,
    );
    expect(concluded.out).not.to.include(reasons);
    expect(concluded.json()).to.have.nested.property("act.state.status", "correcting");
    expect((await wanlian("catalogue", "区划")).out).to.match(/open objections/);
    const short = raised.case.slice(0, 12);
    expect((await wanlian("objection", "show", short)).out).to.include(raised.case);
    expect((await wanlian("objection", "texts", short.toUpperCase())).out).to.include(reasons);
    const unknown = await wanlian("objection", "show", "ffffffff");
    expect([unknown.code, unknown.err]).to.deep.equal([2, "No objection begins with ffffffff; check the id.\n"]);
    const history = await wanlian("objection", "history", short);
    expect(history.out.match(/objection\.(raise|accept|conclude)/g)).to.deep.equal([
      "objection.raise",
      "objection.accept",
      "objection.conclude",
    ]);
  });

  it("gives the catalogue in a form that other systems read, and nothing beside it", async () => {
    const catalogue = JSON.parse((await wanlian("catalogue", "--as", "dcat")).out) as Record<string, unknown>;
    expect(catalogue["@type"]).to.equal("dcat:Catalog");
    expect((await wanlian("catalogue", "--as", "dcat", "--provider", CIVIL)).code).to.equal(2);
  });

  it("traces, lists what is overdue, shows the node's condition, in both languages", async () => {
    expect((await wanlian("trace", "dataset", DATASET)).out).to.include("application.grant");
    expect((await wanlian("trace", "officer", CIVIL, "CA-1", "--noun", "objection")).out).to.include(
      "objection.conclude",
    );
    await world.ledger.act(BUREAU, ["node"], { noun: "clock", type: "tick", body: { time: "2026-11-20T01:00:00Z" } });
    expect((await wanlian("overdue", "--owner", CIVIL)).out).to.match(/correction +\d{4}-\d\d-\d\d \d\d:\d\d overdue/);
    expect((await wanlian("status")).out)
      .to.match(/^\[demo channel.*\n/)
      .and.include("2026-11-20T01:00:00Z");
    expect((await wanlian("--lang", "zh", "status")).out)
      .to.include("演示通道")
      .and.include("账本时间");
    const since = "2026-11-20T01:00:00Z";
    world.ledger.conditions = [{ code: "DISK_NEARLY_FULL", message: "3 % of /data is left", since }];
    expect((await wanlian("status")).out).to.include("The disk is nearly full (3 % of /data is left)");
    expect((await wanlian("--lang", "zh", "status")).out).to.include("磁盘将满（3 % of /data is left）");
    world.ledger.conditions = [];
    expect((await wanlian("notices")).out).to.include("objection.raise");
    expect((await wanlian("policy", "show")).out).to.include(BUREAU);
  });

  it("says what is wrong in one line, in both languages, and with an exit code", async () => {
    const cases: [string[], number, RegExp, RegExp][] = [
      [["nonsense"], 2, /unknown command/, /^错误：没有命令 nonsense$/],
      [["objection", "raise", "--row-count", "many"], 2, /--row-count: "many" is no whole number/, /“many”不是整数。$/],
      [["dataset", "register", "--body", "{"], 2, /is no JSON: character 2/, /^\{ 不是 JSON。$/],
      [["dataset", "register", "--body", '{"a":1,"a":2}'], 2, /"a" stands twice/, /不是 JSON。$/],
      [["dataset", "register", "--name", "\ufffd\ufffd"], 2, /not UTF-8/, /不是 UTF-8/],
      [
        ["dataset", "register", "--code", "x"],
        1,
        /^BAD_REQUEST: The request is not as the document has it; correct the place named \(body/,
        /^BAD_REQUEST: 请求不符合接口文档；请按所指位置改正 \(body/,
      ],
      [
        ["dataset", "withdraw", `${HEALTH}/births`],
        1,
        /^(NOT_OWNER|NOT_FOUND): /,
        /^(NOT_OWNER|NOT_FOUND): \p{Script=Han}/u,
      ],
      [
        ["--node", "http://127.0.0.1:1", "status"],
        1,
        /^No node answers at http:\/\/127\.0\.0\.1:1\.$/,
        /^http:\/\/127\.0\.0\.1:1 没有节点应答。$/,
      ],
      [
        ["csv", "digest", "nowhere.csv"],
        1,
        /cannot be read/,
        /^SOURCE_MISSING: 数据来源无法读取；请稍后重试或联系该部门 \(/,
      ],
    ];
    for (const [argv, code, message, chinese] of cases) {
      expect((await wanlian("--lang", "zh", ...argv)).err.trimEnd(), argv.join(" ")).to.match(chinese);
      const ran = await wanlian(...argv);
      expect([ran.code, ran.out], argv.join(" ")).to.deep.equal([code, ""]);
      expect(ran.err.trim()).to.match(message);
    }
    const problem = await wanlian("--json", "dataset", "withdraw", `${CIVIL}/nowhere`);
    expect(JSON.parse(problem.err)).to.include({ code: "NOT_FOUND", status: 404 });
  });

  it("takes texts and rules from files in UTF-8 alone: nothing of another encoding gets lost on the ledger", async () => {
    const gbk = join(directory, "gbk.txt");
    await writeFile(gbk, Buffer.from([0xb3, 0xf6, 0xc9, 0xfa]));
    const height = world.ledger.shared.ledger.blocks.length;
    for (const argv of [
      ["dataset", "withdraw", DATASET, "--reasons", `@${gbk}`],
      ["quality", "quick", "code=1", "--rules", gbk],
      ["assessment", "keep-report", "a".repeat(64), gbk],
    ]) {
      const ran = await wanlian(...argv);
      expect([ran.code, ran.out], argv.join(" ")).to.deep.equal([2, ""]);
      expect(ran.err)
        .to.contain(gbk)
        .and.to.match(/is not UTF-8; save it as UTF-8|is not JSON/);
      expect((await wanlian("--lang", "zh", ...argv)).err).to.match(/不是 (UTF-8|JSON)/);
    }
    expect(world.ledger.shared.ledger.blocks.length).to.equal(height);
  });

  it("tells the key with which a filing whose outcome is open can be repeated", async () => {
    world.ledger.pending = true;
    const open = await wanlian("dataset", "withdraw", DATASET, "--idempotency-key", "withdraw-once");
    expect(open.code).to.equal(1);
    expect(open.err).to.include("--idempotency-key withdraw-once");
  });

  it("puts a release's file on the node's list of sources, and no other file", async () => {
    const release = await latestRelease();
    const sources = join(directory, "sources.json");
    expect((await wanlian("source", "add", file, "--release", release, "--sources", sources)).err).to.equal("");
    expect(JSON.parse(await readFile(sources, "utf8"))).to.have.nested.property("[0].place.path", file);
    const other = join(directory, "other.csv");
    await writeFile(other, "code,name\n411300,南阳市\n411302,卧龙区\n");
    const refused = await wanlian("source", "add", other, "--release", release, "--sources", sources);
    expect([refused.code, refused.out]).to.deep.equal([1, ""]);
    expect(await readFile(sources, "utf8")).not.to.include("other.csv");
  });

  it("recognises the encoding of a file that is handed in, and says it", async () => {
    const gbk = join(directory, "gbk.csv");
    await writeFile(gbk, Buffer.from("636f64652c6e616d650a30312cc4cfd1f40a", "hex"));
    const utf8 = join(directory, "utf8.csv");
    await writeFile(utf8, "code,name\n01,南阳\n");
    const [first, second] = [await wanlian("csv", "digest", gbk), await wanlian("csv", "digest", utf8)];
    expect(first.out).to.equal(second.out);
    expect([first.err.includes("GB18030"), second.err]).to.deep.equal([true, ""]);
    await writeFile(gbk, Buffer.from("636f64652c6e616d650a30312cff0a", "hex"));
    expect((await wanlian("csv", "digest", gbk)).err).to.match(/byte 14, in line 2/);
  });

  it("drafts a catalogue entry from a file: fields and their types, persons' numbers with care, the rest to be filled in", async () => {
    const people = join(directory, "people.csv");
    await writeFile(
      people,
      "姓名,身份证号,出生日期,金额\n张三,11010519491231002X,1949-12-31,12.5\n李四,440524188001010014,1880-01-01,7\n",
    );
    const draft = (await wanlian("dataset", "draft", people)).json() as { fields: unknown };
    expect(draft.fields).to.deep.equal([
      { name: "姓名", type: "字符型", meaning: "", sensitivity: 1 },
      { name: "身份证号", type: "字符型", meaning: "", sensitivity: 3 },
      { name: "出生日期", type: "日期型", meaning: "", sensitivity: 1 },
      { name: "金额", type: "数值型", meaning: "", sensitivity: 1 },
    ]);
    const asItIs = await wanlian("dataset", "register", "--body", JSON.stringify(draft));
    expect(
      [asItIs.code, asItIs.err.includes("BAD_REQUEST") || asItIs.err.includes("document")],
      asItIs.err,
    ).to.deep.equal([1, true]);
    expect((await wanlian("dataset", "draft")).code, "neither file nor table").to.equal(2);
  });

  it("registers a release from a Parquet file, and puts that file on the list and no other", async () => {
    const sources = join(directory, "parquet-sources.json");
    const [right, wrong] = [join(directory, "right.parquet"), join(directory, "wrong.parquet")];
    const connection = await (await DuckDBInstance.create(":memory:")).connect();
    const rows = `read_csv('${file}', all_varchar = true, header = true)`;
    await connection.run(`copy (select * from ${rows}) to '${right}' (format parquet)`);
    await connection.run(`copy (select * from ${rows} limit 1) to '${wrong}' (format parquet)`);
    connection.closeSync();
    const release = await registerFrom("--file", right);
    const add = (path: string) => wanlian("source", "add", path, "--release", release, "--sources", sources);
    expect((await add(wrong)).err).to.include("is not release");
    expect((await add(right)).err).to.equal("");
    expect(JSON.parse(await readFile(sources, "utf8"))).to.have.nested.property("[0].place.path", right);
  });

  it("registers a release from a PostgreSQL table, and puts it on the list in its order, its address kept from others", async function () {
    this.timeout(60_000);
    const programs = postgresPrograms();
    if (programs === undefined) this.skip();
    const server = await startPostgres(programs);
    try {
      const client = new pg.Client({ connectionString: server.url });
      await client.connect();
      await client.query("create table places (n int primary key, back int unique not null, code text, name text)");
      const [, ...lines] = (await readFile(file, "utf8")).trim().split("\n");
      for (const [at, line] of lines.entries()) {
        await client.query("insert into places values ($1, $2, $3, $4)", [at, -at, ...line.split(",")]);
      }
      await client.end();
      const sources = join(directory, "table-sources.json");
      const address = join(directory, "address");
      await writeFile(address, `${server.url}\n`, { mode: 0o644 });
      const table = ["--url-file", address, "--tree", join(directory, "places")];
      const unsafe = await register("--table", "public.places", ...table, "--order-by", "n", "--columns", "code,name");
      expect(unsafe.err).to.include("chmod 600");
      await chmod(address, 0o600);
      const release = await registerFrom(
        "--table",
        "public.places",
        ...table,
        "--order-by",
        "n",
        "--columns",
        "code,name",
      );
      const add = (...options: string[]) =>
        wanlian("source", "add-table", "public.places", "--release", release, "--sources", sources, ...options);
      expect((await add(...table, "--order-by", "back")).err, "another order").to.include("is not release");
      expect((await add("--order-by", "n")).code, "no address").to.equal(2);
      expect((await add(...table, "--order-by", "n")).err).to.equal("");
      const list = await SourceList.open(sources);
      const [entry] = JSON.parse(await readFile(sources, "utf8")) as { dataset: DatasetId; rowRoot: Digest }[];
      const { source } = await list.find(entry?.dataset as DatasetId, entry?.rowRoot as Digest);
      expect(await source.find({ code: "411300" }, ["name"], 2)).to.deep.equal([["南阳市"]]);
      await list.close();
      const rules = join(directory, "places.yaml");
      await writeFile(rules, rulesText([{ check: "notNull", column: "name" }], ["code"]));
      const of = ["--data-table", "public.places", "--url-file", address, "--order-by", "n", "--columns", "code,name"];
      const stated = await wanlian("assessment", "state", ...of, "--by", rules, "--release", release);
      expect(stated.err, "a check of the table is of its release").to.equal("");
      const fewer = await wanlian("assessment", "state", ...of.slice(0, 6), "--by", rules, "--release", release);
      expect(fewer.err).to.include("is not release");
    } finally {
      await server.stop();
    }
  });

  it("drafts, registers, lists and checks a table in MariaDB", async function () {
    this.timeout(120_000);
    const programs = mariadbPrograms();
    if (programs === undefined) this.skip();
    const server = await startMariadb(programs);
    try {
      const client = await createConnection(server.url.replace("mariadb:", "mysql:"));
      await client.query("create database registers");
      await client.query(
        "create table registers.places (code varchar(6) primary key, name varchar(20) charset utf8mb4)",
      );
      const [, ...lines] = (await readFile(file, "utf8")).trim().split("\n");
      for (const line of lines) await client.query("insert into registers.places values (?, ?)", line.split(","));
      await client.end();
      const sources = join(directory, "mariadb-sources.json");
      const address = join(directory, "mariadb-address");
      await writeFile(address, `${server.url}\n`, { mode: 0o600 });
      const reached = ["--server", "mariadb", "--url-file", address, "--order-by", "code"];
      const named = ["--table", "registers.places", ...reached];
      const draft = (await wanlian("dataset", "draft", ...named)).json() as { fields: { name: string }[] };
      expect(draft.fields.map(({ name }) => name)).to.deep.equal(["code", "name"]);
      const tree = ["--tree", join(directory, "mariadb-places")];
      const release = await registerFrom(...named, ...tree);
      const add = ["source", "add-table", "registers.places", "--release", release, "--sources", sources];
      expect((await wanlian(...add, ...reached, ...tree)).err).to.equal("");
      const list = await SourceList.open(sources);
      const [entry] = JSON.parse(await readFile(sources, "utf8")) as { dataset: DatasetId; rowRoot: Digest }[];
      const { source } = await list.find(entry?.dataset as DatasetId, entry?.rowRoot as Digest);
      expect(await source.find({ code: "411300" }, ["name"], 2)).to.deep.equal([["南阳市"]]);
      await list.close();
      const rules = join(directory, "places.yaml");
      const title = "title: { zh: 区划, en: places }";
      const rule = "{ id: form, check: division, column: code, dimension: compliance }";
      await writeFile(rules, `version: 1\nid: places\nrevision: 1\n${title}\nkey: [code]\nrules: [${rule}]\n`);
      const check = await wanlian("quality", "check-table", "registers.places", ...reached, "--rules", rules, "--json");
      expect(check.err).to.equal("");
      expect((check.json() as { report: { table: { rows: number } } }).report.table.rows).to.equal(lines.length);
      const wrongServer = ["--server", "postgres", ...reached.slice(2)];
      expect(
        (await wanlian("quality", "check-table", "registers.places", ...wrongServer, "--rules", rules)).code,
      ).to.equal(1);
    } finally {
      await server.stop();
    }
  });

  it("registers a release from a workbook and from a service, and puts them on the list and no others", async () => {
    const [, ...lines] = (await readFile(file, "utf8")).trim().split("\n");
    const cells = lines.map((line) => line.split(","));
    const sources = join(directory, "more-sources.json");
    const sheet = join(directory, "places.xlsx");
    await writeFile(sheet, workbook([["code", "name"], ...cells]));
    const fromSheet = await registerFrom("--file", sheet);
    const add = (...what: string[]) => wanlian("source", ...what, "--sources", sources);
    expect((await add("add", sheet, "--release", fromSheet)).err).to.equal("");

    const answer = { data: { items: cells.map(([code, name]) => ({ code, name })) } };
    const service = createServer((_request, response) => response.end(JSON.stringify(answer))).listen(0, "127.0.0.1");
    await once(service, "listening");
    const url = `http://127.0.0.1:${(service.address() as AddressInfo).port}/places`;
    try {
      const where = ["--list", "data.items", "--tree", join(directory, "service")];
      const fromService = await registerFrom("--service", url, ...where);
      expect((await add("add-service", url, ...where, "--release", fromService)).err).to.equal("");
      expect((await add("add-service", url, "--release", fromService)).code, "no tree").to.equal(2);
      answer.data.items.pop();
      expect((await add("add-service", url, ...where, "--release", fromService)).err).to.include("is not release");
    } finally {
      service.close();
    }
    const kinds = (JSON.parse(await readFile(sources, "utf8")) as { place: { kind: string } }[]).map(
      ({ place }) => place.kind,
    );
    expect(kinds).to.deep.equal(["excel", "http"]);
    expect((await register("--file", file, "--service", url)).code, "both").to.equal(2);
  });

  it("drafts an objection of the cells that are likely wrong, and raises it as it stands", async () => {
    const lines = Array.from({ length: 40 }, (_, at) => `${4113 + (at % 4)},市${at === 30 ? "x" : at % 4}`);
    const towns = join(directory, "towns.csv");
    await writeFile(towns, `code,name\n${lines.join("\n")}\n`);
    const release = await registerFrom("--file", towns);
    const draft = join(directory, "objection.json");
    const found = await wanlian("quality", "find", towns, "--objection", draft, "--release", release);
    expect(found.err).to.equal("");
    const body = JSON.parse(await readFile(draft, "utf8")) as Record<string, unknown>;
    expect(body).to.deep.include({ release, fields: ["name"], rowCount: 1, rows: [30] });
    const evidence = await readFile(`${draft}.evidence.txt`);
    expect(body.evidence).to.equal(createHash("sha256").update(evidence).digest("hex"));
    expect(evidence.toString()).to.include("31\tname\t市x\t市2");
    const preview = await wanlian("objection", "raise", "--body", `@${draft}`, "--preview");
    expect(preview.err, "only a consumer can raise it").to.match(/CivilMSP|own/);
    expect((await wanlian("quality", "find", towns, "--objection", draft)).code, "of no release").to.equal(2);
  });

  it("states what a check of a file came to, before a release that cites it and of one that there is", async () => {
    const rules = join(directory, "rules.yaml");
    await writeFile(rules, rulesText([{ check: "notNull", column: "name" }], ["code"]));
    const report = join(directory, "report.json");
    const state = (...more: string[]) =>
      wanlian("--json", "assessment", "state", "--data", file, "--by", rules, "--as-of", "2026-09-21", ...more);
    const stated = await state("--dataset", DATASET, "--out", report);
    expect(stated.err).to.equal("");
    const { act } = stated.json() as { act: { case: string; body: Record<string, unknown> } };
    expect(act.body).to.deep.include({ kind: "selfCheck", rows: 2, outcomes: { rules: 1, failed: 0, errors: 0 } });
    expect(act.body.report).to.equal(
      createHash("sha256")
        .update(await readFile(report))
        .digest("hex"),
    );
    const shown = await wanlian("assessment", "report", act.case, "--out", `${report}.again`);
    expect(shown.out, "its report is at the node").to.include(String(act.body.report));
    expect(await readFile(`${report}.again`, "utf8")).to.equal(await readFile(report, "utf8"));
    const release = await registerFrom("--file", file, "--assessment", act.case);
    const again = await state("--release", release);
    expect((again.json() as { act: { body: object } }).act.body).to.deep.include({ root: act.body.root, release });
    const none = join(directory, "none.yaml");
    await writeFile(none, rulesText([{ check: "codes", column: "name", values: ["邓州"] }], ["code"]));
    for (const [more, rows] of [
      [[], 2],
      [["--without-rows"], 0],
    ] as const) {
      const failed = ["assessment", "state", "--data", file, "--by", none, "--as-of", "2026-09-21"];
      const { act: found } = (await wanlian("--json", ...failed, "--dataset", DATASET, ...more)).json() as {
        act: { case: string };
      };
      const { report: its } = (await wanlian("--json", "assessment", "report", found.case)).json() as {
        report: { results: { failing: number; sample: unknown[] }[] };
      };
      expect(its.results.map(({ failing, sample }) => [failing, sample.length])).to.deep.equal([[2, rows]]);
      const wrong = await wanlian("assessment", "keep-report", found.case, report);
      expect(wrong.err, "the report of another check").to.include("it is not the report with the digest");
    }
    const changed = join(directory, "changed.csv");
    await writeFile(changed, "code,name\n411300,南阳\n411302,宛城区\n");
    const other = await wanlian("assessment", "state", "--data", changed, "--by", rules, "--release", release);
    expect(other.err).to.include("its column name differs");
    expect((await wanlian("assessment", "show", act.case)).out).to.include("10000");
  });

  it("states what a check of a service came to, by another table too, of the columns that a release has", async () => {
    const codes = join(directory, "codes.csv");
    await writeFile(codes, "code\n411300\n");
    const rules = join(directory, "among.yaml");
    await writeFile(
      rules,
      rulesText([{ check: "reference", columns: ["code"], table: "codes", to: ["code"] }], ["code"]),
    );
    const [, ...lines] = (await readFile(file, "utf8")).trim().split("\n");
    const service = await JsonService.start(
      lines.map((line) => ({ code: line.split(",")[0], name: line.split(",")[1] })),
    );
    const state = (...what: string[]) =>
      wanlian("--json", "assessment", "state", "--dataset", DATASET, "--by", rules, "--as-of", "2026-09-21", ...what);
    const stated = async (...what: string[]) => {
      const ran = await state(...what, "--table", `codes=${codes}`);
      expect(ran.err).to.equal("");
      return (ran.json() as { act: { body: { root: string; outcomes: { failed: number } } } }).act.body;
    };
    try {
      const ofFile = await stated("--data", file);
      expect(ofFile.outcomes.failed).to.equal(1);
      expect((await stated("--data-service", service.url)).root).to.equal(ofFile.root);
      const part = await stated("--data-service", service.url, "--columns", "code");
      expect(part.root).not.to.equal(ofFile.root);
      expect(part.root).to.equal((await stated("--data", file, "--columns", "code")).root);
      const height = world.ledger.shared.ledger.blocks.length;
      expect((await state("--data-service", service.url)).err, "no table").to.include("for which no file is given");
      const other = await state("--data-service", service.url, "--columns", "nobody");
      expect([other.code, other.err]).to.deep.equal([2, 'The data has no column "nobody".\n']);
      expect((await state("--data-service", service.url, "--data", file)).code, "both").to.equal(2);
      const rule = rulesText([{ check: "notNull", column: "code" }], ["code"]);
      await writeFile(rules, rule);
      let asked = 0;
      service.answer = (response) => response.end(JSON.stringify([{ code: String(++asked) }]));
      expect((await state("--data-service", service.url)).err).to.include("changed while it was checked");
      expect(world.ledger.shared.ledger.blocks.length).to.equal(height);
    } finally {
      service.stop();
    }
  });

  it("states nothing where rules and data do not go together, or the data is written to meanwhile", async () => {
    const data = join(directory, "moving.csv");
    const rules = join(directory, "unfit.yaml");
    const state = ["assessment", "state", "--data", data, "--by", rules, "--dataset", DATASET, "--as-of", "2026-09-21"];
    const height = world.ledger.shared.ledger.blocks.length;
    const said = async (rule: Record<string, unknown>) => {
      await writeFile(data, "code,name\n411300,南阳市\n");
      await writeFile(rules, rulesText([rule], ["code"]));
      return (await wanlian("--lang", "zh", ...state)).err;
    };
    expect(await said({ check: "notNull", column: "nobody" })).to.match(/^RULES_DO_NOT_FIT: /);
    expect(await said({ check: "format", column: "name", pattern: "(a{1000}){1000}" })).to.match(/^RULES_MALFORMED: /);
    for (const query of [
      "select code from read_csv('/etc/passwd')",
      "select code from 'https://elsewhere.example/a.csv'",
    ])
      expect(await said({ check: "sql", query }), query).to.match(/^QUERY_REFUSED: /);
    expect(await said({ check: "notNull", column: "name", message: "no words" })).to.match(/^RULES_MALFORMED: /);
    // Between the digest and the check the rules are read: here from a pipe that waits until the data has changed.
    await writeFile(data, "code,name\n411300,南阳市\n");
    await rm(rules);
    expect(spawnSync("mkfifo", [rules]).status).to.equal(0);
    const stating = wanlian("--lang", "zh", ...state);
    const pipe = await open(rules, "w");
    await appendFile(data, "411302,宛城区\n");
    await pipe.writeFile(rulesText([{ check: "notNull", column: "name" }], ["code"]));
    await pipe.close();
    expect((await stating).err).to.match(/^SOURCE_CHANGED: /);
    await rm(data);
    expect((await wanlian("--lang", "zh", ...state)).err).to.match(/^SOURCE_MISSING: /);
    expect(world.ledger.shared.ledger.blocks.length).to.equal(height);
  });

  it("works on officers' keys without a node", async () => {
    const officers = join(directory, "officers");
    const request = join(directory, "request.pem");
    const ran = await wanlian("key", "request", "CA-9", "--officers", officers, "--out", request);
    expect([ran.code, ran.out]).to.deep.equal([0, "CA-9\n"]);
    expect(await readFile(request, "utf8")).to.include("BEGIN CERTIFICATE REQUEST");
    expect((await wanlian("--json", "key", "list", "--officers", officers)).json()).to.deep.equal([]);
  });

  async function register(...from: string[]): Promise<Ran & { json(): unknown }> {
    const period = JSON.stringify({ from: "2023-01-01", to: "2023-12-31" });
    return await wanlian("--json", "release", "register", "--dataset", DATASET, "--period", period, ...from);
  }

  async function registerFrom(...from: string[]): Promise<string> {
    const ran = await register(...from);
    expect(ran.err).to.equal("");
    return (ran.json() as { act: { case: string } }).act.case;
  }

  async function latestRelease(): Promise<string> {
    const { body } = await world.call("GET", "/catalogue", { token: await world.logIn("CA-1") });
    return (body as { items: { latestRelease: string }[] }).items[0]?.latestRelease ?? "";
  }
});
