import { watchDisk } from "@wanlian/client/health";
import { LedgerAccessError } from "@wanlian/client/ledger";
import { Conditions } from "@wanlian/client/node/conditions.js";
import { watchEndorsers } from "@wanlian/client/node/endorser-watch.js";
import { expect } from "chai";
import { pino } from "pino";

const log = pino({ level: "silent" });
const GIBIBYTE = 1024 ** 3;

describe("the watch over endorsers", () => {
  /** Asks as often as there are outcomes; the conditions' codes after each. */
  async function codesAfter(outcomes: readonly ("answer" | "fail" | "not due")[]): Promise<string[][]> {
    const conditions = new Conditions();
    const stopping = new AbortController();
    const seen: string[][] = [];
    let at = -1;
    const isDue = () => {
      if (at >= 0) seen.push(conditions.list().map(({ code, message }) => `${code}: ${message}`));
      at += 1;
      if (at === outcomes.length) stopping.abort();
      return at < outcomes.length && outcomes[at] !== "not due";
    };
    const ask = async () => {
      if (outcomes[at] === "answer") return;
      const details = [{ address: "127.0.0.1:7", department: "HealthMSP", message: "connection refused" }];
      throw new LedgerAccessError("NO_ENDORSEMENT", "too few", details);
    };
    await watchEndorsers({ isDue, ask, conditions, log, everyMs: 1 }, stopping.signal);
    return seen;
  }

  const TOO_FEW = "TOO_FEW_ENDORSERS: nothing can be filed: too few; HealthMSP 127.0.0.1:7: connection refused";

  it("says while too few answer, and who does not", async () => {
    expect(await codesAfter(["answer", "fail", "fail", "answer"])).to.deep.equal([[], [TOO_FEW], [TOO_FEW], []]);
  });

  it("goes on where a peer answers what nobody can read", async () => {
    const conditions = new Conditions();
    const stopping = new AbortController();
    let asked = 0;
    const ask = async () => {
      asked += 1;
      if (asked === 2) stopping.abort();
      throw new RangeError("offset beyond the end");
    };
    await watchEndorsers({ isDue: () => true, ask, conditions, log, everyMs: 1 }, stopping.signal);
    expect([asked, ...conditions.list().map(({ code }) => code)]).to.deep.equal([2, "TOO_FEW_ENDORSERS"]);
  });

  it("asks nobody while an answer would tell nothing", async () => {
    expect(await codesAfter(["not due", "not due"])).to.deep.equal([[], []]);
  });
});

describe("the watch over the disk", () => {
  it("says while less than a gibibyte is free, to the byte", async () => {
    const stopping = new AbortController();
    const free = [GIBIBYTE, GIBIBYTE - 1, GIBIBYTE];
    const said: string[] = [];
    const freeBytes = async () => {
      const next = free.shift();
      if (free.length === 0) stopping.abort();
      return next ?? expect.fail("asked after the end");
    };
    const watch = {
      folder: "/data",
      report: (code: string, message: string) => said.push(`${code}: ${message}`),
      settle: (code: string) => said.push(`${code} is over`),
    };
    await watchDisk({ ...watch, freeBytes, everyMs: 1 }, stopping.signal);
    expect(said).to.deep.equal([
      "DISK_NEARLY_FULL is over",
      "DISK_NEARLY_FULL: only 1023 MiB are free where /data lies; free some space before nothing can be written",
      "DISK_NEARLY_FULL is over",
    ]);
  });

  it("asks the system where nothing else is said", async () => {
    const stopping = new AbortController();
    let heard = 0;
    const hear = () => {
      heard += 1;
      stopping.abort();
    };
    await watchDisk({ folder: ".", report: hear, settle: hear }, stopping.signal);
    expect(heard).to.equal(1);
  });
});
