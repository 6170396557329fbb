import type { TransactionId } from "@wanlian/model/identifiers.js";
import type { EvidenceBundle } from "@wanlian/verify/bundle.js";
import type { StepName } from "@wanlian/verify/step.js";
import { verifyEvidence } from "@wanlian/verify/verify.js";
import { expect } from "chai";
import { CHAINCODE, TestLedger, type TestOfficer, writesOf } from "../client/test-ledger.js";
import { BUREAU, CONSUMER, PROVIDER } from "../exchange/exchange-world.js";
import { EvidenceWorld } from "./evidence-world.js";

/** Attackers with the keys of one orderer, of the provider's node, of its log and of its peer; and with altered software. */
describe("attackers on evidence", () => {
  let world: EvidenceWorld;
  let genuine: EvidenceBundle;

  before(async () => {
    world = await EvidenceWorld.make();
    const signed = await world.lookUp(await world.exchange.grant(["code", "name"]));
    await world.witness();
    genuine = await world.evidence(signed);
  });
  after(() => world.remove());

  const failing = async (bundle: EvidenceBundle): Promise<StepName[]> => {
    const { verdict, steps } = await verifyEvidence(bundle, world.trust);
    expect(verdict, JSON.stringify(steps, null, 1)).to.equal("refuted");
    return steps.filter(({ outcome }) => outcome === "fails").map(({ name }) => name);
  };

  /** An act that was anchored, written again by somebody, in a block that the attacker's orderer made. */
  async function again(department: string, by: TestOfficer, endorsers: readonly string[]) {
    const { ledger, acts } = world.exchange;
    const anchored = acts.findLast(({ act }) => act.noun === "log" && act.case === department && act.type === "anchor");
    const act = anchored?.act ?? expect.fail("no anchor");
    const made = ledger.forge(by, (id) => ({ [CHAINCODE]: writesOf(act, id) }), { endorsers });
    const fork = ledger.fork();
    const block = Number(fork.append([{ envelope: made.envelope, code: 0 }]));
    const bundle = structuredClone(genuine);
    bundle.blocks[String(block)] = Buffer.from(fork.blocks[block] as Uint8Array).toString("base64");
    return { bundle, place: { transaction: made.transactionId as TransactionId, block } };
  }
  const node = (department: string) => world.exchange.ledger.officer(department, "node", "node");

  it("who make up a channel with a k of their own prove nothing to whoever has pinned the real one", async () => {
    const made = await EvidenceWorld.make({ ledger: (honest) => TestLedger.madeUp(honest, 1) });
    try {
      const signed = await made.lookUp(await made.exchange.grant(["code", "name"]));
      await made.witness();
      const bundle = await made.evidence(signed);
      // To whoever takes the file's own word for the beginning it is proven: so that is never taken.
      expect((await verifyEvidence(bundle, made.trust)).verdict).to.equal("proven");
      expect(await failing(bundle)).to.deep.equal(["configuration"]);
      // Nor under the real genesis block with the rest made up.
      const grafted = { ...bundle, blocks: { ...bundle.blocks, "0": genuine.blocks["0"] as string } };
      expect(await failing(grafted)).not.to.deep.equal([]);
    } finally {
      await made.remove();
    }
  });

  it("cannot anchor with their own peer's endorsement alone", async () => {
    const { bundle, place } = await again(PROVIDER, await node(PROVIDER), [PROVIDER]);
    expect(await failing({ ...bundle, anchor: place })).to.deep.equal(["anchor"]);
  });

  it("cannot have an anchor count that is in no department's ledger, whoever endorsed it", async () => {
    const { bundle, place } = await again(PROVIDER, await node(PROVIDER), [PROVIDER, BUREAU]);
    const { verdict, steps } = await verifyEvidence({ ...bundle, anchor: place }, world.trust);
    expect(verdict).not.to.equal("proven");
    expect(steps.find(({ name }) => name === "anchor")?.outcome).to.equal("holds");
    expect(steps.find(({ name }) => name === "counted")?.outcome).to.equal("notProven");
  });

  for (const [what, by] of [
    ["in another department's name", () => node(PROVIDER)],
    ["by an officer who is not its node", () => world.exchange.ledger.officer(BUREAU, "3009", "user")],
  ] as const) {
    it(`cannot make a witness ${what}`, async () => {
      const { bundle, place } = await again(BUREAU, await by(), [PROVIDER, BUREAU]);
      expect(await failing({ ...bundle, witnesses: [place] })).to.deep.equal(["witnesses"]);
    });
  }

  for (const party of [PROVIDER, CONSUMER]) {
    it(`cannot be their own witness: ${party}`, async () => {
      const { bundle, place } = await again(party, await node(party), [PROVIDER, BUREAU]);
      expect(await failing({ ...bundle, witnesses: [...bundle.witnesses, place] })).to.deep.equal(["witnesses"]);
    });
  }
});
