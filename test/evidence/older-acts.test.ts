import type { Command } from "@wanlian/client/core/services.js";
import type { Instant, TransactionId } from "@wanlian/model/identifiers.js";
import type { CaseKind, EvidenceFile } from "@wanlian/verify/evidence-file.js";
import type { SignedRecord } from "@wanlian/verify/records/access-record.js";
import type { StepName } from "@wanlian/verify/step.js";
import { verifyEvidence } from "@wanlian/verify/verify.js";
import { expect } from "chai";
import { openPolicy, tick } from "../client/test-ledger.js";
import { BUREAU, CONSUMER, DATASET, OPENING } from "../exchange/exchange-world.js";
import { EvidenceWorld } from "./evidence-world.js";
import { type Forged, Forger } from "./forger.js";

/** Where both parties' nodes say that they looked. */
interface Looked {
  readonly height: number;
  readonly block: string;
  readonly time: Instant;
}

/**
 * Both parties collude, and so does whoever makes the file: it shows each case by an act that was no more its last one
 * when the provider looked. A block earlier it was, and then the same is proven.
 */
describe("evidence by acts that were no more the last", () => {
  let world: EvidenceWorld;
  let forger: Forger;
  let grant: TransactionId;
  let mandate: TransactionId;
  /** A look-up by the grant, by the proxy's, and by one that nothing happens to. */
  const likes = new Map<string, SignedRecord>();
  const records = new Map<string, readonly [before: Forged, after: Forged]>();

  const administrator = (department: string) => world.exchange.ledger.officer(department, "9001", "administrator");
  const body = { name: CONSUMER, level: "municipal", head: "1", deputy: "5", stewards: ["3"] };
  const { calendar: _1, bureau: _2, founders: _3, demo: _4, opened: _5, ...RULES } = openPolicy().body;
  const AMENDED = { ...RULES, ...OPENING, purposes: ["verification", "lookup"], from: "2026-03-03" };

  /** In an order in which none of them is a reason against the next. */
  const CHANGES: readonly {
    readonly noun: CaseKind;
    readonly id: () => string;
    readonly step: StepName;
    readonly by: "grant" | "proxy" | "other";
    readonly change: () => Promise<unknown>;
  }[] = [
    {
      noun: "policy",
      id: () => "policy",
      step: "policy",
      by: "grant",
      change: async () =>
        act(await administrator(BUREAU), { noun: "policy", case: "policy", type: "amend", body: AMENDED }),
    },
    {
      noun: "clock",
      id: () => "clock",
      step: "time",
      by: "grant",
      change: async () =>
        act(await world.exchange.ledger.officer(BUREAU, "9000", "node"), tick("2026-03-02T01:10:00Z")),
    },
    {
      noun: "mandate",
      id: () => mandate,
      step: "grantStood",
      by: "proxy",
      change: async () =>
        act(await world.exchange.ledger.officer(BUREAU, "2001", "steward"), {
          noun: "mandate",
          case: mandate,
          type: "revoke",
          body: {},
        }),
    },
    {
      noun: "member",
      id: () => CONSUMER,
      step: "grantStood",
      by: "grant",
      change: async () => act(await administrator(CONSUMER), { noun: "member", case: CONSUMER, type: "update", body }),
    },
    {
      noun: "application",
      id: () => grant,
      step: "grantStood",
      by: "grant",
      change: () =>
        act(world.exchange.steward, {
          noun: "application",
          case: grant,
          type: "suspend",
          body: { reasons: { digest: "cd".repeat(32) } },
        }),
    },
    {
      noun: "release",
      id: () => world.exchange.release,
      step: "grantStood",
      by: "other",
      change: () =>
        act(world.exchange.steward, {
          noun: "release",
          case: world.exchange.release,
          type: "withdraw",
          body: { reasons: { digest: "cd".repeat(32) } },
        }),
    },
  ];
  const act = (by: Parameters<typeof world.exchange.act>[0], command: Command) => world.exchange.act(by, command);
  const looked = (): Looked => world.exchange.provider.view.position();

  async function recordAt({ height, block, time }: Looked, like: SignedRecord): Promise<Forged> {
    const ledger = { height, block, time } as never;
    const { act: cited, policy } = like.record.checked;
    return await forger.forge(like, {
      request: { ledger },
      record: { checked: { act: cited, policy, height, block, time } },
    });
  }

  before(async function () {
    this.timeout(60_000);
    world = await EvidenceWorld.make();
    forger = new Forger(world);
    const before = looked();
    grant = await world.exchange.grant(["code", "name"]);
    const direct = await world.lookUp(grant);
    likes.set("grant", direct);
    likes.set("other", await world.lookUp(await world.exchange.grant(["code", "name"])));
    records.set("begun", [await recordAt(before, direct), await recordAt(looked(), direct)]);
    const principal = await world.exchange.ledger.officer(BUREAU, "2001", "steward");
    const period = { from: "2026-03-02T00:00:00Z", to: "2026-12-31T00:00:00Z" };
    const delegation = {
      agent: CONSUMER,
      datasets: [DATASET],
      purposes: ["verification"],
      reason: "acts for the bureau",
    };
    mandate = await act(principal, {
      noun: "mandate",
      case: null,
      type: "delegate",
      body: { ...delegation, ...period },
    });
    likes.set("proxy", await world.lookUp(await world.proxyGrant(mandate), { principal: BUREAU, mandate }));
    for (const { noun, by, change } of CHANGES) {
      const like = likes.get(by) ?? expect.fail("no such look-up");
      const [earlier, time] = [looked(), world.exchange.ledger.time];
      await change();
      records.set(noun, [
        await recordAt(earlier, like),
        await recordAt({ ...looked(), time: noun === "clock" ? time : looked().time }, like),
      ]);
    }
    await world.witness();
  });
  after(() => world.remove());

  for (const { noun, id, step } of CHANGES) {
    it(`is found out by the blocks between: ${noun}`, async () => {
      const [before, after] = records.get(noun) ?? expect.fail("not forged");
      expect(await failing(await showing(before))).to.deep.equal([]);
      const [[name, text] = [], ...more] = await failing(await showing(after));
      expect(more).to.deep.equal([]);
      expect(name).to.equal(step);
      expect(text).to.match(new RegExp(`act 2 in block \\d+ changed ${noun} ${id()} before it was checked`));
    });

    async function showing(forged: Forged): Promise<EvidenceFile> {
      const place = await forger.place(noun, id(), 1);
      const { height } = forged.signed.record.checked;
      return await forger.showing(await forger.evidence(forged), height, [{ noun, case: id(), act: place }]);
    }
  }

  it("shows no act that is not below the height checked", async () => {
    const [before, after] = records.get("begun") ?? expect.fail("not forged");
    const showing = async (forged: Forged) =>
      forger.showing(await forger.evidence(forged), forged.signed.record.checked.height, [
        { noun: "application", case: grant, act: await forger.place("application", grant, 1) },
      ]);
    expect(await failing(await showing(after))).to.deep.equal([]);
    const [[name, text] = []] = await failing(await showing(before));
    expect([name, text]).to.deep.equal(["grant", `the act of application ${grant} is later than the height checked`]);
  });

  it("shows by a later act alone that rests on the one shown", async () => {
    const [before] = records.get("member") ?? expect.fail("not forged");
    const { height } = before.signed.record.checked;
    const since = async (place: Promise<EvidenceFile["anchor"]>) =>
      forger.showing(await forger.evidence(before), height, [
        { noun: "member", case: CONSUMER, act: await forger.place("member", CONSUMER, 1), since: await place },
      ]);
    expect(await failing(await since(forger.place("application", grant, 1)))).to.deep.equal([]);
    const [[name, text] = []] = await failing(await since(forger.place("policy", "policy", 2)));
    expect(name).to.equal("grantStood");
    expect(text).to.match(/the act in block \d+ does not rest on act 1 of member PoliceMSP/);
  });

  async function failing(file: EvidenceFile): Promise<[StepName, string][]> {
    const { verdict, steps } = await verifyEvidence(file, world.trust);
    const found = steps.filter(({ outcome }) => outcome === "fails");
    expect(verdict, JSON.stringify(steps, null, 1)).to.equal(found.length === 0 ? "proven" : "refuted");
    return found.map(({ name, text }) => [name, text.en]);
  }
});
