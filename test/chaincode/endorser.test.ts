import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Endorser } from "@wanlian/chaincode/endorser.js";
import { LedgerError } from "@wanlian/model/errors.js";
import type { Instant } from "@wanlian/model/identifiers.js";
import { type Head, type Heads, NO_ACTS } from "@wanlian/model/kernel/heads.js";
import { caseName } from "@wanlian/model/kernel/key.js";
import { expect } from "chai";
import { everything } from "../model/everything.js";

/** A demo channel's clock is free. */
const DEMO_TIME = "2026-09-28T01:00:00Z" as Instant;

describe("an endorser's own checks", () => {
  let directory: string;
  before(async () => {
    directory = await mkdtemp(join(tmpdir(), "wanlian-endorser-"));
  });
  after(() => rm(directory, { recursive: true, force: true }));

  it("keep back no command of any noun that the rules allow", async () => {
    const { acts } = everything();
    const [opening] = acts;
    const genesisPolicy = join(directory, "policy.json");
    await writeFile(genesisPolicy, JSON.stringify(opening?.body));
    const endorser = new Endorser({ genesisPolicy });
    const known = new Map<string, Head>();
    const heads: Heads = (ref) => known.get(caseName(ref)) ?? NO_ACTS;
    const keptBack = new Map<string, string>();
    for (const act of acts) {
      const { noun, type, body, basis, number, state } = act;
      try {
        endorser.check({ noun, case: act.case, type, body, basis }, heads, DEMO_TIME);
      } catch (error) {
        if (!(error instanceof LedgerError)) throw error;
        keptBack.set(`${noun}:${type}`, error.code);
      }
      known.set(caseName(act), { ...NO_ACTS, act: number, next: number + 1, state });
    }
    expect([...keptBack]).to.deep.equal([]);
  });
});
