import type { CountedLog } from "@wanlian/client/supervision";
import { usageDraft } from "@wanlian/client/supervision";
import type { MspId } from "@wanlian/model/identifiers.js";
import { model2 } from "@wanlian/model/model-2/model.js";
import type { UsageStatement } from "@wanlian/model/reading.js";
import { expect } from "chai";
import { CIVIL as CIVIL_ID, DIVISIONS, divisions, HEALTH as HEALTH_ID, POLICY_1 } from "../../model/bodies.js";
import { officer, World } from "../../model/world.js";

const [CIVIL, HEALTH] = [CIVIL_ID as MspId, HEALTH_ID as MspId];

type Cell = Awaited<ReturnType<CountedLog["counts"]>>[number];

const cell = (more: Partial<Cell> = {}): Cell => ({
  ...{
    hour: "2026-09-28T09",
    provider: CIVIL,
    consumer: HEALTH,
    officer: "0402",
    operator: "",
    machine: 0,
    dataset: DIVISIONS,
  },
  ...{ grant_case: "", purpose: "verification", scenario: "births", way: "lookup", road: "gateway" },
  ...{ result: "served", reason: "", accesses: 1, row_count: 1, empty: 0, ...more },
});

/** A log that holds these sums of September, at positions 40 to 59, and asks to be asked for that month alone. */
function logOf(cells: readonly Cell[]): CountedLog {
  const september = ({
    since,
    until,
  }: {
    readonly since?: string | undefined;
    readonly until?: string | undefined;
  }) => {
    expect([since, until]).to.deep.equal(["2026-08-31T16:00:00Z", "2026-09-30T15:59:59Z"]);
  };
  return {
    counts: async (filter, limit, after) => {
      september(filter);
      const { provider, consumer } = filter;
      const own = cells.filter(
        (one) =>
          (provider === undefined || one.provider === provider) &&
          (consumer === undefined || one.consumer === consumer),
      );
      const from = after === undefined ? 0 : own.indexOf(after) + 1;
      return own.slice(from, from + limit);
    },
    find: async (filter) => {
      september(filter);
      return cells.length === 0 ? [] : [{ position: 59 } as Awaited<ReturnType<CountedLog["find"]>>[number]];
    },
    positions: async () => (cells.length === 0 ? [] : [40]),
  };
}

const draft = (cells: readonly Cell[], statements: readonly UsageStatement[] = [], department: MspId = CIVIL) =>
  usageDraft(logOf(cells), department, "2026-09", statements);
const statement = (body: unknown): UsageStatement => ({ department: CIVIL, month: "2026-09", body });

describe("a month of use, drafted from the node's own log", () => {
  it("adds up what was served and what was not, by dataset, counterpart, type, purpose and scenario", async () => {
    const { lines, bodies, log } = await draft([
      cell({ hour: "2026-09-28T09", accesses: 3, row_count: 5 }),
      cell({ hour: "2026-09-29T10", officer: "0403", accesses: 2, row_count: 2 }),
      cell({ result: "refused", reason: "QUOTA_EXCEEDED", accesses: 4, row_count: 0 }),
      cell({ result: "stopped", way: "download", accesses: 1, row_count: 900 }),
      cell({ scenario: "pensions" }),
      cell({ dataset: "" }),
    ]);
    expect(lines).to.have.length(1);
    expect(lines[0]).to.deep.equal({
      ...{ side: "provided", dataset: DIVISIONS, counterpart: HEALTH },
      counts: [
        { call: "download", purpose: "verification", scenario: "births", served: 0, refused: 1, rows: 0 },
        { call: "lookup", purpose: "verification", scenario: "births", served: 5, refused: 4, rows: 7 },
        { call: "lookup", purpose: "verification", scenario: "pensions", served: 1, refused: 0, rows: 1 },
      ],
    });
    expect(log).to.deep.equal({ from: 40, to: 60 });
    expect(bodies).to.deep.equal([{ code: "2026-09", log, lines }]);
  });

  it("leaves out, and says so, what a platform told in other words than a statement has", async () => {
    const told = [cell({ road: "platform", purpose: "" }), cell({ road: "platform", scenario: "" })];
    const { lines, leftOut } = await draft([cell(), ...told, cell({ road: "platform", purpose: "治理" })]);
    expect(leftOut).to.equal(3);
    expect(lines[0]?.counts.map(({ served }) => served)).to.deep.equal([1]);
    expect((await draft(told)).bodies).to.deep.equal([{ code: "2026-09", log: { from: 40, to: 60 }, lines: [] }]);
  });

  it("is what the rules take, and what both sides draft from the same accesses does not differ", async () => {
    const world = World.withDataset(divisions, { ...POLICY_1, model: 2 });
    world.tick("2026-10-05T01:00:00Z");
    const cells = [cell({ accesses: 3, row_count: 5 }), cell({ result: "failed", accesses: 2, row_count: 0 })];
    const statements: UsageStatement[] = [];
    for (const department of [CIVIL, HEALTH]) {
      const { bodies } = await draft(cells, [], department);
      for (const body of bodies) {
        world.act(officer(department, "node"), { noun: "usage", type: "state", body });
        statements.push({ department, month: "2026-09", body });
      }
    }
    expect(statements).to.have.length(2);
    expect(model2.reading.usageDifferences?.(statements)).to.deep.equal([]);
  });

  it("has nothing left to file once it was stated, and of what changed since the changed lines alone", async () => {
    const cells = [cell(), cell({ consumer: "PoliceMSP" as MspId })];
    const { bodies } = await draft(cells);
    const stated = bodies.map(statement);
    expect(await draft(cells, stated)).to.deep.include({ isStated: true, open: [], bodies: [] });
    const { open, bodies: amending } = await draft([...cells, cell({ accesses: 7 })], stated);
    expect(open.map(({ counterpart }) => counterpart)).to.deep.equal([HEALTH]);
    expect(amending[0]).to.not.have.property("code");
    expect(await draft([...cells, cell({ accesses: 7 })], [...stated, ...amending.map(statement)])).to.deep.include({
      bodies: [],
    });
  });

  it("states a month in which nothing was used, too", async () => {
    expect((await draft([])).bodies).to.deep.equal([{ code: "2026-09", log: { from: 0, to: 0 }, lines: [] }]);
  });

  it("parts what one act has no room for, by lines and by bytes, and says what no line has room for", async () => {
    const datasets = Array.from({ length: 230 }, (_, at) => cell({ dataset: `${CIVIL}/d${at}` as Cell["dataset"] }));
    const { bodies } = await draft(datasets);
    expect(bodies.map(({ lines }) => (lines as unknown[]).length)).to.deep.equal([100, 100, 30]);
    expect(bodies.map((body) => "code" in body)).to.deep.equal([true, false, false]);
    const many = Array.from({ length: 60 }, (_, at) => cell({ scenario: "场景".repeat(30) + at, accesses: at + 1 }));
    const { lines, leftOut } = await draft(many);
    expect(leftOut).to.equal(10);
    expect(Math.min(...(lines[0]?.counts.map(({ served }) => served) ?? []))).to.equal(11);
    const wide = Array.from({ length: 9 }, (_, at) =>
      many.map((one) => ({ ...one, dataset: `${CIVIL}/w${at}` as Cell["dataset"] })),
    );
    for (const body of (await draft(wide.flat())).bodies)
      expect(Buffer.byteLength(JSON.stringify(body))).to.be.lessThan(60 * 1024);
  });
});
