import { judgeCall } from "@wanlian/client/audit/judge-calls.js";
import type { LedgerPast } from "@wanlian/client/read";
import type { PlatformCall } from "@wanlian/verify";
import { expect } from "chai";

const BLOCK = "ab".repeat(32);
const GRANT = "a1".repeat(32);
const RELEASE = "b1".repeat(32);
const MANDATE = "c1".repeat(32);
const [EARLIER, THEN, LATER, LATEST] = ["07:50", "08:00", "08:05", "08:10"].map((at) => `2026-03-02T${at}:00Z`);

/** What the auditor's own ledger says. */
interface Past {
  readonly hash?: string | undefined;
  /** Of the height that the node looked at, and of the one after. */
  readonly times?: readonly [string | undefined, string | undefined];
  readonly refusal?: string;
  readonly mandate?: string;
  readonly unknown?: boolean;
}

describe("a call over another road, judged by the auditor's ledger", () => {
  /** What is found, and by which cases it was looked up. */
  async function judged(changes: object, facts: object, past: Past) {
    const asked: object[] = [];
    const { times = [THEN, LATER], hash = BLOCK, refusal, mandate } = past;
    const reading = {
      application: () => ({ purpose: "p", scenario: "s", mandate }),
      refusalOfUse: () => refusal,
    };
    const history = {
      blockHash: async (number: number) => (number === 8 ? hash : undefined),
      rulesAt: async (height: number) => {
        const time = times[height - 9];
        return time === undefined ? undefined : { time };
      },
      ruleAt: async (use: object, height: number) => {
        asked.push({ ...use, height });
        return past.unknown ? undefined : { reading, cases: { application: {} } };
      },
    } as unknown as LedgerPast;
    const call = {
      facts: { ...{ dataset: "CivilMSP/births", consumer: "PoliceMSP", result: "served", time: THEN }, ...facts },
      details: {},
      checked: { ...{ height: 9, block: BLOCK, time: THEN, grant: GRANT, release: RELEASE } },
      taken: LATEST,
      ...changes,
    } as unknown as PlatformCall;
    return { found: await judgeCall(call, history), asked };
  }

  const notGranted = { kind: "CALL_NOT_GRANTED", because: "PURPOSE_NOT_GRANTED", consumer: "PoliceMSP" };
  const refused = "PURPOSE_NOT_GRANTED";
  const table: [title: string, changes: object, facts: object, past: Past, found: object[]][] = [
    ["nothing where it was granted", {}, {}, {}, []],
    [
      "that its node had another chain",
      {},
      {},
      { hash: "cd".repeat(32) },
      [{ kind: "CHAIN_DIFFERS", block: 8, hash: BLOCK }],
    ],
    [
      "that its node was ahead of all that the auditor has",
      {},
      {},
      { times: [undefined, undefined] },
      [{ kind: "CHAIN_DIFFERS", block: 8, hash: BLOCK }],
    ],
    [
      "that it states another time",
      {},
      { time: LATER },
      { times: [EARLIER, LATEST] },
      [{ kind: "TIME_DIFFERS", stated: THEN, was: EARLIER }],
    ],
    [
      "that it was judged by what came after it",
      {},
      { time: EARLIER },
      {},
      [{ kind: "OLD_HEIGHT", height: 9, known: 10 }],
    ],
    ["that it was judged by what was over", {}, { time: LATER }, {}, [{ kind: "OLD_HEIGHT", height: 9, known: 10 }]],
    ["nothing where the next tick came after it", {}, { time: THEN }, { times: [THEN, LATER] }, []],
    ["nothing where the node could not see the next tick", { taken: LATER }, { time: LATER }, {}, []],
    ["nothing where there is no next", {}, { time: LATER }, { times: [THEN, undefined] }, []],
    ["that it was not granted", { reason: refused }, {}, { refusal: refused }, [notGranted]],
    [
      "nothing where what was not granted was refused",
      { reason: refused },
      { result: "refused" },
      { refusal: refused },
      [],
    ],
    [
      "that its node called granted what was not",
      {},
      { result: "refused" },
      { refusal: refused },
      [{ kind: "CALL_MISJUDGED", stated: "", was: refused }],
    ],
    [
      "that its node gives another reason",
      { reason: "EXPIRED" },
      { result: "refused" },
      { refusal: refused },
      [{ kind: "CALL_MISJUDGED", stated: "EXPIRED", was: refused }],
    ],
    [
      "that its node called not granted what was",
      { reason: refused },
      {},
      {},
      [{ kind: "CALL_MISJUDGED", stated: refused, was: "" }],
    ],
    ["nothing where its node counted more calls than were granted", { reason: "QUOTA_EXCEEDED" }, {}, {}, []],
    [
      "that its node pleads the number of calls where there is another reason",
      { reason: "QUOTA_EXCEEDED" },
      { result: "refused" },
      { refusal: refused },
      [{ kind: "CALL_MISJUDGED", stated: "QUOTA_EXCEEDED", was: refused }],
    ],
    [
      "that the ledger has no such grant",
      { reason: "UNKNOWN_GRANT" },
      {},
      { unknown: true },
      [{ ...notGranted, because: "UNKNOWN_GRANT" }],
    ],
  ];
  for (const [title, changes, facts, past, found] of table) {
    it(`is found: ${title}`, async () => {
      expect((await judged(changes, facts, past)).found).to.deep.equal(found);
    });
  }

  const use = { grant: GRANT, release: RELEASE, dataset: "CivilMSP/births", consumer: "PoliceMSP", height: 9 };

  it("is looked up by the cases that it names, and by no others", async () => {
    expect((await judged({}, {}, {})).asked).to.deep.equal([use]);
    const nothing = { checked: { height: 9, block: BLOCK, time: THEN } };
    expect((await judged(nothing, {}, {})).asked).to.deep.equal([{ ...use, grant: "", release: "" }]);
  });

  it("is looked up by the grant's mandate too, where it has one", async () => {
    expect((await judged({}, {}, { mandate: MANDATE })).asked).to.deep.equal([use, { ...use, mandate: MANDATE }]);
  });
});
