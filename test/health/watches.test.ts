import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { watchCertificates, watchDisk } from "@wanlian/client/health";
import { LedgerAccessError } from "@wanlian/client/ledger";
import { Conditions } from "@wanlian/client/node/conditions.js";
import { watchEndorsers } from "@wanlian/client/node/endorser-watch.js";
import { certificatesOf } from "@wanlian/client/running/health.js";
import { expect } from "chai";
import { pino } from "pino";
import { TestAuthority } from "../protocol/authority.js";

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
      throw new LedgerAccessError("NO_ENDORSEMENT", "too few", { details });
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

describe("the watch over certificates", () => {
  /** What is said at each of two looks, at certificates that end so many days from now. */
  async function saidOf(...looks: (readonly (readonly [string, number])[])[]): Promise<string[]> {
    const stopping = new AbortController();
    const said: string[] = [];
    const now = Date.parse("2026-12-01T00:00:00Z");
    const certificates = async () => {
      const next = looks.shift() ?? expect.fail("asked after the end");
      if (looks.length === 0) stopping.abort();
      return next.map(([holder, days]) => ({ holder, notAfter: new Date(now + days * 86_400_000) }));
    };
    const watch = {
      ...{ certificates, now: () => now, everyMs: 1, seen: () => undefined },
      report: (code: string, message: string) => said.push(`${code}: ${message}`),
      settle: (code: string) => said.push(`${code} is over`),
    };
    await watchCertificates(watch, stopping.signal);
    return said;
  }

  it("names those that end within thirty days or have ended, and no longer once they are renewed", async () => {
    const said = await saidOf(
      [
        ["node", 29],
        ["exchange", 31],
        ["0201", -1],
      ],
      [
        ["node", 365],
        ["0201", 365],
      ],
    );
    expect(said[0]).to.match(/^CERTIFICATE_ENDS: certificates end: node 2026-12-30, 0201 2026-11-30; have/);
    expect(said[1]).to.equal("CERTIFICATE_ENDS is over");
  });

  it("tells of one that cannot be read beside those that end, which it does not hide", async () => {
    const stopping = new AbortController();
    const [said, seen]: [string[], string[]] = [[], []];
    const directory = await mkdtemp(join(tmpdir(), "wanlian-certificates-"));
    const cert = join(directory, "node.pem");
    const officers = join(directory, "officers");
    const notAfter = new Date("2026-12-20T00:00:00Z");
    await writeFile(cert, TestAuthority.root("Civil").issue("node", { notAfter }).pem);
    await mkdir(join(officers, "0201"), { recursive: true });
    await writeFile(join(officers, "0201", "certificate.pem"), "damaged");
    const watch = {
      ...{ everyMs: 1, now: () => Date.parse("2026-12-01T00:00:00Z") },
      certificates: () =>
        certificatesOf({ identity: { cert, key: "" }, tls: undefined, exchange: undefined, officers }),
      seen: (ends: ReadonlyMap<string, Date>) => seen.push(...ends.keys()),
      report: (_code: string, message: string) => {
        said.push(message);
        stopping.abort();
      },
      settle: () => expect.fail("a certificate cannot be read"),
    };
    await watchCertificates(watch, stopping.signal);
    await rm(directory, { recursive: true });
    expect(seen).to.deep.equal(["node"]);
    expect(said[0]).to.match(/^the certificate of 0201 cannot be read: .+; certificates end: node 2026-12-20; have/);
  });

  it("says what cannot be read, and goes on", async () => {
    const stopping = new AbortController();
    const said: string[] = [];
    const watch = {
      ...{ everyMs: 1, seen: () => undefined },
      certificates: async () => {
        if (said.length > 0) stopping.abort();
        throw new Error("the file is gone");
      },
      report: (_code: string, message: string) => said.push(message),
      settle: () => said.push("settled"),
    };
    await watchCertificates(watch, stopping.signal);
    expect(said).to.deep.equal(Array(2).fill("a certificate cannot be read: the file is gone"));
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
