import { baselineOf, type Cell, findingsAcross, findingsOf, type WarningKind } from "@wanlian/client/warnings";
import { DEFAULT_EARLY_WARNING } from "@wanlian/model/early-warning.js";
import { WARNINGS, wordsIn } from "@wanlian/words/index.js";
import { expect } from "chai";

const POLICY = { ...DEFAULT_EARLY_WARNING, fewest: 10, quietFewest: 5 };
const DAY = "2026-09-28";

interface Made extends Partial<Cell> {
  readonly day?: string;
  readonly at?: number;
}

function cell({ day = DAY, at = 10, ...more }: Made): Cell {
  return {
    ...{ hour: `${day}T${String(at).padStart(2, "0")}`, officer: "01", operator: "", machine: 0, grant_case: "g" },
    ...{ purpose: "lookup", scenario: "counter", way: "lookup", road: "gateway", result: "served", reason: "" },
    ...{ accesses: 1, row_count: 0, empty: 0 },
    ...more,
  };
}

/** Days of the same, before the day that is looked at. */
const days = (count: number, ...cells: Made[]): Cell[] =>
  Array.from({ length: count }, (_, at) => `2026-09-${String(at + 1).padStart(2, "0")}`).flatMap((day) =>
    cells.map((made) => cell({ ...made, day })),
  );

/** Ten accesses a day, by two officers. */
const HISTORY = days(10, { accesses: 6, row_count: 6 }, { accesses: 4, row_count: 4, officer: "02" });

interface Case {
  readonly what: string;
  readonly history?: readonly Cell[];
  readonly today: readonly Made[];
  readonly more?: Partial<Parameters<typeof findingsOf>[0]>;
  readonly found: readonly WarningKind[];
}

const CASES: readonly Case[] = [
  { what: "as much as usual", today: [{ accesses: 10, row_count: 10 }], found: [] },
  { what: "thrice the usual, and no more", today: [{ accesses: 30, row_count: 30 }], found: [] },
  { what: "more than thrice the usual", today: [{ accesses: 31, row_count: 30 }], found: ["VOLUME"] },
  {
    what: "more than thrice the usual, each officer no busier than ever",
    today: Array.from({ length: 8 }, (_, at) => ({ accesses: 4, row_count: 3, officer: `1${at}` })),
    found: ["VOLUME"],
  },
  {
    what: "more, of which all were refused for what one may not",
    today: [{ accesses: 9, result: "refused" }],
    found: [],
  },
  { what: "few accesses for many rows", today: [{ accesses: 2, row_count: 31 }], found: ["ROWS"] },
  { what: "much by whoever is new: there is no usual", history: days(6, {}), today: [{ accesses: 500 }], found: [] },
  { what: "five at night where nobody ever was", today: [{ accesses: 5, at: 22 }], found: ["QUIET_HOURS"] },
  { what: "five until six in the morning", today: [{ accesses: 5, at: 5 }], found: ["QUIET_HOURS"] },
  { what: "five after six in the morning", today: [{ accesses: 5, at: 6 }], found: [] },
  { what: "four at night", today: [{ accesses: 4, at: 23 }], found: [] },
  {
    what: "a machine's night",
    history: days(10, { accesses: 20, row_count: 20, at: 2, officer: "M" }, { accesses: 5 }),
    today: [{ accesses: 20, row_count: 20, at: 2, officer: "M" }],
    found: [],
  },
  {
    what: "an officer's night beside the machine's",
    history: days(10, { accesses: 20, row_count: 20, at: 2, officer: "M" }, { accesses: 5 }),
    today: [
      { accesses: 20, row_count: 20, at: 2, officer: "M" },
      { accesses: 5, at: 3 },
    ],
    found: ["QUIET_HOURS"],
  },
  { what: "four look-ups of ten that find nothing", today: [{ accesses: 10, empty: 4 }], found: ["SCANNING"] },
  { what: "three look-ups of ten that find nothing", today: [{ accesses: 10, empty: 3 }], found: [] },
  {
    what: "four of ten, where that is usual",
    history: days(10, { accesses: 10, empty: 4 }),
    today: [{ accesses: 10, empty: 4 }],
    found: [],
  },
  {
    what: "keys one after the other that are all found",
    today: [{ accesses: 10, row_count: 10 }],
    more: { run: { asked: 10, following: 3 } },
    found: ["SCANNING"],
  },
  {
    what: "two of ten keys near each other",
    today: [{ accesses: 10, row_count: 10 }],
    more: { run: { asked: 10, following: 2 } },
    found: [],
  },
  {
    what: "checks, half of which are answered no",
    history: days(10, { accesses: 10, way: "verification" }),
    today: [{ accesses: 10, empty: 5, way: "verification" }],
    found: ["NEGATIVES"],
  },
  {
    what: "checks, four of ten answered no",
    history: days(10, { accesses: 10, way: "verification" }),
    today: [{ accesses: 10, empty: 4, way: "verification" }],
    found: [],
  },
  {
    what: "three refusals of ten",
    today: [{ accesses: 7 }, { accesses: 3, result: "refused", reason: "FIELD_NOT_GRANTED" }],
    found: ["REFUSALS"],
  },
  { what: "two refusals of ten", today: [{ accesses: 8 }, { accesses: 2, result: "refused" }], found: [] },
  {
    what: "nine refusals of ten, every day",
    history: days(10, { accesses: 9, result: "refused" }, { accesses: 1 }),
    today: [{ accesses: 1 }, { accesses: 9, result: "refused" }],
    found: ["REFUSALS"],
  },
  {
    what: "four refusals of ten, where that is usual",
    history: days(10, { accesses: 4, result: "refused" }, { accesses: 6 }),
    today: [{ accesses: 6 }, { accesses: 4, result: "refused" }],
    found: [],
  },
  {
    what: "half of it for another purpose",
    history: days(10, { accesses: 10 }),
    today: [{ accesses: 5 }, { accesses: 5, purpose: "analysis" }],
    found: ["PURPOSE_DRIFT"],
  },
  {
    what: "four of ten for another purpose",
    history: days(10, { accesses: 10 }),
    today: [{ accesses: 6 }, { accesses: 4, purpose: "analysis" }],
    found: [],
  },
  {
    what: "a field that was never asked for",
    today: [{ accesses: 10 }],
    more: { fields: [{ field: "id", firstDay: DAY, uses: 4 }] },
    found: ["FIELD_DRIFT"],
  },
  {
    what: "a field that was asked for before, and one asked for thrice",
    today: [{ accesses: 10 }],
    more: {
      fields: [
        { field: "id", firstDay: "2026-09-27", uses: 400 },
        { field: "name", firstDay: DAY, uses: 3 },
      ],
    },
    found: [],
  },
  {
    what: "more than twice the usual of a grant that ends in a fortnight",
    today: [{ accesses: 21, row_count: 10 }],
    more: { ends: new Map([["g", "2026-10-12"]]) },
    found: ["ENDING"],
  },
  {
    what: "the same a day earlier",
    today: [{ accesses: 21, row_count: 10 }],
    more: { ends: new Map([["g", "2026-10-13"]]) },
    found: [],
  },
  {
    what: "an officer with more than five times what three others do",
    history: days(10, ...["01", "02", "03"].map((officer) => ({ officer, accesses: 2 })), {
      accesses: 30,
      officer: "M",
    }),
    today: [{ accesses: 11, officer: "04" }],
    found: ["UNLIKE_PEERS"],
  },
  {
    what: "a machine that always does",
    history: days(10, ...["01", "02", "03"].map((officer) => ({ officer, accesses: 2 })), {
      accesses: 30,
      officer: "M",
    }),
    today: [{ accesses: 60, officer: "M" }],
    found: [],
  },
  {
    what: "an officer with only two others",
    history: days(10, ...["01", "02"].map((officer) => ({ officer, accesses: 5 }))),
    today: [{ accesses: 29, officer: "04" }],
    found: [],
  },
];

describe("early warning", () => {
  for (const { what, history = HISTORY, today, more = {}, found } of CASES) {
    it(`${found.length === 0 ? "says nothing of" : `says ${found.join(", ")} of`} ${what}`, () => {
      const nothing = { run: { asked: 0, following: 0 }, fields: [], ends: new Map() };
      const watched = { day: DAY, cells: today.map(cell), usual: baselineOf(history, POLICY), ...nothing, ...more };
      const findings = findingsOf(watched, POLICY);
      expect(findings.map(({ kind }) => kind)).to.deep.equal(found);
      for (const { kind, figures } of findings) {
        const { zh, en } = WARNINGS[kind]?.why ?? expect.fail(`${kind} has no words`);
        const named = [...`${zh}${en}`.matchAll(/\{(\w+)\}/g)].map(([, name = ""]) => name);
        expect(Object.keys(figures)).to.include.members(named);
        expect(wordsIn("zh").whyWarned(kind, figures)).to.not.match(/[{}[\]]|undefined/);
      }
    });
  }

  it("says nothing of what was nought of nought", () => {
    const figures = { lookups: 0, empty: 0, emptyShare: 40, usual: 0, asked: 40, following: 39, runShare: 30 };
    expect(wordsIn("zh").whyWarned("SCANNING", figures)).to.equal(
      "本节点所答40次中39次的键值前后相连（达30%即预警）。",
    );
    expect(wordsIn("en").whyWarned("SCANNING", { ...figures, lookups: 9, empty: 4, asked: 0 })).to.equal(
      "4 of 9 look-ups found nothing (40% are enough; usual: 0%).",
    );
  });

  it("adds up what is tried at many doors, a little at each", () => {
    const cells = Array.from({ length: 10 }, (_, at) =>
      cell({ result: "refused", reason: "UNKNOWN_GRANT", grant_case: `${at}` }),
    );
    const usual = baselineOf([], POLICY);
    expect(findingsAcross({ day: DAY, cells, usual }, POLICY)).to.deep.include.members([
      {
        ...{ kind: "REFUSALS", day: DAY, officer: "", grant: "" },
        figures: { accesses: 10, refused: 10, refusedShare: 30, reason: "UNKNOWN_GRANT" },
      },
    ]);
    expect(findingsAcross({ day: DAY, cells: cells.slice(1), usual }, POLICY)).to.deep.equal([]);
  });

  it("names whom it is about, and nobody where it is about all", () => {
    const history = days(10, ...["01", "02", "03"].map((officer) => ({ officer, accesses: 2 })));
    const usual = baselineOf(history, POLICY);
    const watched = { day: DAY, cells: [cell({ accesses: 15, officer: "04" })], usual };
    const [finding] = findingsOf({ ...watched, run: { asked: 0, following: 0 }, fields: [], ends: new Map() }, POLICY);
    expect(finding).to.deep.equal({
      ...{ kind: "UNLIKE_PEERS", day: DAY, officer: "04", grant: "" },
      figures: { accesses: 15, usual: 2, times: 5, peers: 3, own: 0 },
    });
  });
});
