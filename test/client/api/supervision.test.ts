import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { pdfTexts } from "../../pdf/pdf-text.js";
import { runWanlian } from "../cli/wanlian.js";
import { type PostgresServer, postgresPrograms, startPostgres } from "../postgres.js";
import { FakeChannel } from "./fake-ledger.js";
import { type ApiWorld, apiWorld, BUREAU, CIVIL, DATASET, ENTRY, HEALTH, openChannel } from "./world.js";

const programs = postgresPrograms();
const PERIOD = { from: "2026-09-21", to: "2026-09-30" };
const digest = (digit: string) => digit.repeat(64);

interface Figures {
  readonly department: string;
  readonly met: number[];
  readonly total: number[];
}
interface Computed {
  readonly digest: string;
  readonly body: { readonly figures: readonly Figures[] };
  readonly items: readonly { department: string; indicator: string; met: number; total: number }[];
}

interface Publication {
  readonly same: boolean;
  readonly differences: readonly { readonly department: string; readonly indicator: string }[];
  readonly words: readonly { readonly department: string; readonly said: string; readonly figure?: object }[];
}
type Figure = Computed["items"][number];
interface Report {
  readonly digest: string;
  readonly figures: readonly Figure[];
  readonly city: readonly Omit<Figure, "department">[];
  readonly publications: readonly Publication[];
}

// The bureau's node has embedded SQL, the health commission's the other kind where there is one.
for (const sql of ["embedded SQL", "PostgreSQL"] as const) {
  const register = sql === "PostgreSQL" && programs === undefined ? describe.skip : describe;
  register(`supervision, at the bureau's node and another on ${sql}`, () => {
    let bureau: ApiWorld;
    let health: ApiWorld;
    let postgres: PostgresServer | undefined;
    let directory: string;
    const token = { bureau: "", health: "" };

    before(async () => {
      directory = await mkdtemp(join(tmpdir(), "wanlian-supervision-"));
      if (sql === "PostgreSQL" && programs !== undefined) postgres = await startPostgres(programs);
      const channel = await FakeChannel.open();
      bureau = await apiWorld({ department: BUREAU, channel, enrolled: { "0101": ["steward", "administrator"] } });
      const url = postgres === undefined ? {} : { databaseUrl: postgres.url };
      health = await apiWorld({ department: HEALTH, channel, enrolled: { "0402": ["user", "administrator"] }, ...url });
      await openChannel(bureau);
      token.bureau = await bureau.logIn("0101");
      token.health = await health.logIn("0402");
      const { ledger } = bureau;
      await ledger.act(CIVIL, ["steward"], {
        noun: "dataset",
        type: "register",
        body: { ...ENTRY, code: "divisions" },
      });
      const account = {
        kind: "overreach",
        severity: 1,
        noticed: "2026-09-21T00:30:00Z",
        account: { digest: digest("a") },
      };
      const incident = await ledger.act(CIVIL, ["steward"], { noun: "incident", type: "report", body: account });
      const id = String((incident as unknown as { readonly case: string }).case);
      const answered = {
        stage: "application",
        responsible: HEALTH,
        principle: "uses",
        reasons: { digest: digest("b") },
      };
      await ledger.act(BUREAU, ["steward"], { noun: "incident", type: "investigate", case: id, body: {} });
      await ledger.act(BUREAU, ["steward"], { noun: "incident", type: "assign", case: id, body: answered });
      await ledger.act(BUREAU, ["node"], {
        ...{ noun: "clock", case: "clock", type: "tick" },
        body: { time: "2026-10-05T01:00:00Z" },
      });
    });
    after(async () => {
      await bureau.stop();
      await health.stop();
      await postgres?.stop();
      await rm(directory, { recursive: true });
    });

    const get = async <T>(path: string, at: "bureau" | "health" = "health"): Promise<T> => {
      const world = at === "bureau" ? bureau : health;
      return (await world.call("GET", path, { token: token[at] })).body as T;
    };
    const computed = (at: "bureau" | "health") => get<Computed>(`/indicators?from=${PERIOD.from}&to=${PERIOD.to}`, at);
    const environment = () => ({ WANLIAN_NODE: health.base.replace(/\/api\/v1$/, ""), WANLIAN_TOKEN: token.health });

    it("gives the same figures of a period at both nodes, to the digit, each from its own fold", async () => {
      const [one, other] = [await computed("bureau"), await computed("health")];
      expect(one.digest).to.match(/^[0-9a-f]{64}$/);
      expect(other).to.deep.equal(one);
      const of = (department: string, indicator: string) =>
        one.items.find((item) => item.department === department && item.indicator === indicator);
      expect(of(CIVIL, "listed")).to.include({ met: 0, total: 1 });
      expect(of(HEALTH, "remedied")).to.include({ met: 0, total: 1 });
    });

    it("adds the city's use up at the bureau as at every node, by month, and shows no record of anybody's", async () => {
      const use = (query: string, at: "bureau" | "health") =>
        get<{ readonly items: unknown }>(`/city-use?${query}`, at);
      const count = { call: "lookup", purpose: "lookup", scenario: "s", served: 12, refused: 1, rows: 30 };
      const line = { side: "provided", dataset: DATASET, counterpart: HEALTH };
      const other = { ...count, purpose: "verification", served: 20 };
      const stating = (by: string, code: string, lines: object[]) =>
        bureau.ledger.act(by, ["steward"], {
          ...{ noun: "usage", type: "state" },
          body: { code, log: { from: 0, to: 13 }, lines },
        });
      await stating(CIVIL, "2026-06", [{ ...line, counts: [count] }]);
      await stating(CIVIL, "2026-07", [{ ...line, counts: [count, other] }]);
      await stating(HEALTH, "2026-07", [{ ...line, side: "used", counterpart: CIVIL, counts: [count, other] }]);
      const [one, same] = [await use("by=purpose", "bureau"), await use("by=purpose", "health")];
      const june = { month: "2026-06", of: "lookup", served: 12, refused: 1, rows: 30, unconfirmed: 12 };
      const july = [
        { month: "2026-07", of: "verification", served: 20, refused: 1, rows: 30, unconfirmed: 0 },
        { month: "2026-07", of: "lookup", served: 12, refused: 1, rows: 30, unconfirmed: 0 },
      ];
      expect(one.items).to.deep.equal([june, ...july]);
      expect(same).to.deep.equal(one);
      expect((await use("by=provider&from=2026-07&to=2026-07", "bureau")).items).to.deep.equal([
        { month: "2026-07", of: CIVIL, served: 32, refused: 2, rows: 60, unconfirmed: 0 },
      ]);
      for (const wrong of ["by=officer", "by=record", "from=2026-13", "from=2026-9"])
        expect((await bureau.call("GET", `/city-use?${wrong}`, { token: token.bureau })).status, wrong).to.equal(400);
      const shown = await runWanlian(["--lang", "zh", "usage", "city", "--by", "consumer"], environment());
      expect([shown.code, shown.err]).to.deep.equal([0, ""]);
      expect(shown.out).to.include("2026-07").and.include(HEALTH).and.include("32/60").and.include("对方未确认");
    });

    it("confirms what the bureau publishes as it is", async () => {
      const { body, digest: own } = await computed("bureau");
      const published = await bureau.file(token.bureau, "/evaluations", body);
      const id = String(published.get("act.case"));
      const checked = await get<{ readonly same: boolean; readonly digest: string }>(`/evaluations/${id}/check`);
      expect(checked).to.include({ same: true, digest: own });
      const confirmed = await health.file(token.health, `/evaluations/${id}/confirm`, { digest: checked.digest });
      expect(confirmed.status, JSON.stringify(confirmed.body)).to.equal(201);
      const { code } = await runWanlian(["evaluation", "check", id], environment());
      expect(code).to.equal(0);
    });

    it("finds the figure that the bureau has falsified, and contests it", async () => {
      const { body } = await computed("bureau");
      const figures = body.figures.map((own) =>
        own.department === CIVIL ? { ...own, met: [1, ...own.met.slice(1)] } : own,
      );
      const published = await bureau.file(token.bureau, "/evaluations", { ...body, figures });
      const id = String(published.get("act.case"));
      const checked = await get<Record<string, unknown>>(`/evaluations/${id}/check`);
      expect(checked.same).to.equal(false);
      expect(checked.items).to.deep.equal([
        { department: CIVIL, indicator: "listed", published: [1, 1], computed: [0, 1] },
      ]);
      const { code, out } = await runWanlian(["--lang", "zh", "evaluation", "check", id], environment());
      expect(code).to.equal(1);
      expect(out).to.include("清单完备").and.include("1/1 → 0/1");
      const figure = { department: CIVIL, indicator: "listed", met: 0, total: 1 };
      const contested = await health.file(token.health, `/evaluations/${id}/contest`, {
        ...{ digest: checked.digest, ...figure },
      });
      expect(contested.status, JSON.stringify(contested.body)).to.equal(201);
      const shown = await bureau.call("GET", `/evaluations/${id}`, { token: token.bureau });
      expect(shown.get("case.state.contestedBy")).to.deep.equal([HEALTH]);
    });

    it("reports on the city: figures, what is overdue, what was published, and what each node says of it", async () => {
      const asked = `/supervision-report?from=${PERIOD.from}&to=${PERIOD.to}`;
      const [one, other] = [await get<Report>(asked, "bureau"), await get<Report>(asked, "health")];
      expect(other).to.deep.equal(one);
      expect(one.digest).to.equal((await computed("bureau")).digest);
      const sum = (of: "met" | "total") =>
        one.figures.filter(({ indicator }) => indicator === "listed").reduce((all, figure) => all + figure[of], 0);
      expect(one.city.find(({ indicator }) => indicator === "listed")).to.include({
        met: sum("met"),
        total: sum("total"),
      });
      const [falsified, honest] = one.publications;
      expect(honest).to.deep.include({ same: true, differences: [] });
      expect(falsified?.same).to.equal(false);
      expect(falsified?.differences.map(({ department, indicator }) => [department, indicator])).to.deep.equal([
        [CIVIL, "listed"],
      ]);
      const said = (publication: Publication | undefined) =>
        Object.fromEntries(publication?.words.map(({ department, said: word }) => [department, word]) ?? []);
      expect(said(honest)[HEALTH]).to.equal("confirmed");
      expect(said(falsified)).to.include({ [HEALTH]: "contested", [CIVIL]: "nothing" });
      const contested = falsified?.words.find(({ department }) => department === HEALTH);
      expect(contested?.figure).to.deep.equal({ department: CIVIL, indicator: "listed", met: 0, total: 1 });
    });

    it("shows the bureau what is overdue at another department, and nobody else", async () => {
      const overdue = { noun: "dataset", case_id: DATASET, kind: "made-up", start: "", due: "2026-09-01T00:00:00Z" };
      const row = { ...overdue, working_days: 0, provisional: 0, follows_notices: 0, ended: "", owner: CIVIL } as const;
      for (const { db } of [bureau, health]) await db.insertInto("deadlines").values(row).execute();
      const kinds = async (node: "bureau" | "health") => {
        const { items } = await get<{ items: { deadline: { kind: string } }[] }>("/tasks", node);
        return items.map(({ deadline }) => deadline.kind);
      };
      expect(await kinds("bureau")).to.include("made-up");
      expect(await kinds("health")).not.to.include("made-up");
      for (const { db } of [bureau, health]) await db.deleteFrom("deadlines").where("kind", "=", "made-up").execute();
    });

    it("reports on one department what is its own, and refuses one that was no member", async () => {
      const asked = `/supervision-report?from=${PERIOD.from}&to=${PERIOD.to}&department=`;
      const own = await get<Report>(asked + HEALTH);
      expect(new Set(own.figures.map(({ department }) => department))).to.deep.equal(new Set([HEALTH]));
      expect(own.publications[0]?.differences, "differences of another").to.deep.equal([]);
      expect(own.publications[0]?.same).to.equal(false);
      const refused = async (path: string) => (await health.call("GET", path, { token: token.health })).get("code");
      expect(await refused(`${asked}NobodyMSP`)).to.equal("NO_SUCH_CASE");
      expect(await refused("/supervision-report?from=2026-10-01&to=2026-09-01")).to.equal("BAD_REQUEST");
      expect(await refused("/indicators?from=2026-13-01&to=2026-09-01")).to.equal("BAD_REQUEST");
    });

    it("prints it in Chinese, the same bytes each time, with what stands on the page", async () => {
      const out = join(directory, "report.pdf");
      const asked = ["evaluation", "report", "--from", PERIOD.from, "--to", PERIOD.to];
      const written = async (...more: string[]) => {
        const { err } = await runWanlian(["--lang", "zh", ...asked, ...more, "--out", out], environment());
        expect(err).to.equal("");
        return await readFile(out);
      };
      const bytes = await written();
      expect(Buffer.compare(bytes, await written())).to.equal(0);
      const text = pdfTexts(bytes).join("").replaceAll(/\s/g, "");
      for (const words of [
        "督查报告：全市",
        "2026年9月21日至2026年9月30日",
        "期末已登记的数据资源中，有可用批次的",
        "不一致",
        "质疑",
      ])
        expect(text).to.include(words);
      expect(text).to.include((await computed("health")).digest);
      const own = pdfTexts(await written("--department", HEALTH))
        .join("")
        .replaceAll(/\s/g, "");
      expect(own).to.include("督查报告：").and.not.include("督查报告：全市");
      const shown = await runWanlian(["--lang", "zh", ...asked], environment());
      expect(shown.out).to.include("清单完备").and.include("期末已登记的数据资源").and.include("质疑");
    });

    it("writes what publishing would say into a file, and shows the figures in the officer's words", async () => {
      const out = join(directory, "body.json");
      const asked = ["evaluation", "compute", "--from", PERIOD.from, "--to", PERIOD.to, "--out", out];
      const shown = await runWanlian(["--lang", "zh", ...asked], environment());
      expect(shown.err).to.equal("");
      expect(shown.out).to.include("清单完备");
      expect(JSON.parse(await readFile(out, "utf8"))).to.deep.equal((await computed("health")).body);
    });

    it("shows on every node where a provider understates what a consumer states", async () => {
      const count = { call: "lookup", purpose: "verification", scenario: "births", served: 9, refused: 0, rows: 9 };
      const month = (side: string, counterpart: string, served: number) => ({
        ...{ code: "2026-09", log: { from: 0, to: 20 } },
        lines: [{ side, dataset: DATASET, counterpart, counts: [{ ...count, served }] }],
      });
      const { ledger } = bureau;
      await ledger.act(CIVIL, ["node"], { noun: "usage", type: "state", body: month("provided", HEALTH, 2) });
      expect(await get<{ items: unknown[] }>("/usage-differences")).to.deep.include({ items: [] });
      await ledger.act(HEALTH, ["node"], { noun: "usage", type: "state", body: month("used", CIVIL, 9) });
      for (const at of ["bureau", "health"] as const) {
        const { items } = await get<{ items: object[] }>("/usage-differences?month=2026-09", at);
        expect(items, at).to.have.length(1);
        expect(items[0]).to.deep.include({ provided: { served: 2, rows: 9 }, used: { served: 9, rows: 9 } });
      }
      expect((await get<{ items: object[] }>("/usage-differences?month=2026-08")).items).to.deep.equal([]);
      const { out } = await runWanlian(["--lang", "zh", "usage", "differences"], environment());
      expect(out).to.include("2/9").and.include("9/9");
    });
  });
}
