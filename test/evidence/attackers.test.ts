import type { MspId, TransactionId } from "@wanlian/model/identifiers.js";
import type { Act } from "@wanlian/model/kernel/act.js";
import { Certificate } from "@wanlian/protocol/identities/certificate.js";
import type { EvidenceFile } from "@wanlian/verify/evidence-file.js";
import type { StepName } from "@wanlian/verify/step.js";
import { verifyEvidence } from "@wanlian/verify/verify.js";
import { expect } from "chai";
import { CHAINCODE, TestLedger, type TestOfficer, writesOf } from "../client/test-ledger.js";
import { BUREAU, CONSUMER, PROVIDER } from "../exchange/exchange-world.js";
import { EvidenceWorld } from "./evidence-world.js";
import { Forger } from "./forger.js";

/** Attackers with the keys of one orderer, of the provider's node, of its log and of its peer; and with altered software. */
describe("attackers on evidence", () => {
  let world: EvidenceWorld;
  let genuine: EvidenceFile;

  before(async () => {
    world = await EvidenceWorld.make();
    const signed = await world.lookUp(await world.exchange.grant(["code", "name"]));
    await world.witness();
    genuine = await world.evidence(signed);
  });
  after(() => world.remove());

  const failing = async (bundle: EvidenceFile, why = /^/): Promise<StepName[]> => {
    const { verdict, steps } = await verifyEvidence(bundle, world.trust);
    expect(verdict, JSON.stringify(steps, null, 1)).to.equal("refuted");
    const found = steps.filter(({ outcome }) => outcome === "fails");
    expect(found[0]?.text.en).to.match(why);
    return found.map(({ name }) => name);
  };

  /** An act that was anchored, written again by somebody, in a block that the attacker's orderer made. */
  async function again(
    department: string,
    by: TestOfficer,
    endorsers: readonly string[],
    change: (act: Act) => Act = (act) => act,
  ) {
    const { ledger, acts } = world.exchange;
    const anchored = acts.findLast(
      ({ noun, case: id, type }) => noun === "log" && id === department && type === "anchor",
    );
    const act = change(anchored ?? expect.fail("no anchor"));
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

  const officer = () => world.exchange.ledger.officer(BUREAU, "3009", "user");
  const inOwnName = (act: Act) => ({ ...act, author: { ...act.author, officer: "3009" } }) as Act;
  const ofBlocksToCome = (act: Act) => {
    const { ledger, ...rest } = act.body as { ledger: { blocks: number } };
    return { ...act, body: { ...rest, ledger: { ...ledger, blocks: ledger.blocks + 1000 } } } as unknown as Act;
  };
  for (const [what, by, change, why] of [
    ["in another department's name", () => node(PROVIDER), undefined, /in the name of node/],
    ["by an officer in its node's name", officer, undefined, /in the name of node/],
    ["by an officer who is not its node", officer, inOwnName, /is not its node/],
    ["of blocks that are still to come", () => node(BUREAU), ofBlocksToCome, /blocks after its own anchor/],
  ] as const) {
    it(`cannot make a witness ${what}`, async () => {
      const { bundle, place } = await again(BUREAU, await by(), [PROVIDER, BUREAU], change);
      const bent = { ...bundle, witnesses: [place] };
      expect(await failing(bent, why)).to.deep.equal(["witnesses"]);
    });
  }

  it("cannot make a witness of the orderer's organisation, which is no member", async () => {
    const orderer = await world.exchange.ledger.officer("OrdererMSP", "node", "node");
    const asOwn = (act: Act): Act =>
      ({ ...act, case: "OrdererMSP", author: { ...act.author, department: "OrdererMSP" } }) as Act;
    const { bundle, place } = await again(BUREAU, orderer, [PROVIDER, BUREAU], asOwn);
    const bent = { ...bundle, witnesses: [...bundle.witnesses, place] };
    expect(await failing(bent, /OrdererMSP is no member/)).to.deep.equal(["witnesses"]);
  });

  it("cannot have one department witness twice", async () => {
    const { bundle, place } = await again(BUREAU, await node(BUREAU), [PROVIDER, BUREAU]);
    const bent = { ...bundle, witnesses: [...bundle.witnesses, place] };
    expect(await failing(bent, /BureauMSP is named twice/)).to.deep.equal(["witnesses"]);
  });

  for (const [what, step, department, change, why] of [
    [
      "another act of the log as its anchor",
      "anchor",
      PROVIDER,
      { type: "rotate" },
      /is no anchor of the log of Civil/,
    ],
    ["another case's anchor as the log's", "anchor", PROVIDER, { case: CONSUMER }, /is no anchor of the log of Civil/],
    ["another noun's anchor as the log's", "anchor", PROVIDER, { noun: "member" }, /is no anchor of the log of Civil/],
    ["another act of its log as a witness's anchor", "witnesses", BUREAU, { type: "rotate" }, /no anchor of a dep/],
    ["another log's anchor as a witness's own", "witnesses", BUREAU, { case: CONSUMER }, /no anchor of a dep/],
    ["another noun's anchor as a witness's", "witnesses", BUREAU, { noun: "member" }, /no anchor of a dep/],
  ] as const) {
    it(`cannot pass ${what}`, async () => {
      const bend = (act: Act): Act => ({ ...act, ...change }) as Act;
      const { bundle, place } = await again(department, await node(department), [PROVIDER, BUREAU], bend);
      const bent = step === "anchor" ? { ...bundle, anchor: place } : { ...bundle, witnesses: [place] };
      expect(await failing(bent, why)).to.deep.equal([step]);
    });
  }

  for (const value of ["null", "5", "[]", "{}", '"text"', "no JSON", '{"noun":"log","case":"CivilMSP"}']) {
    it(`cannot pass for an act what is none: ${value}`, async () => {
      const { ledger } = world.exchange;
      const sets = (id: TransactionId) => {
        const act = { noun: "log", case: PROVIDER, number: 9 } as unknown as Act;
        const { writes = [], ...rest } = writesOf(act, id);
        return { [CHAINCODE]: { ...rest, writes: writes.map((one) => ({ ...one, value: Buffer.from(value) })) } };
      };
      const made = ledger.forge(await node(PROVIDER), sets, { endorsers: [PROVIDER, BUREAU] });
      const fork = ledger.fork();
      const block = Number(fork.append([{ envelope: made.envelope, code: 0 }]));
      const blocks = { ...genuine.blocks, [block]: Buffer.from(fork.blocks[block] as Uint8Array).toString("base64") };
      const anchor = { transaction: made.transactionId as TransactionId, block };
      expect(await failing({ ...genuine, blocks, anchor }, /writes no single act/)).to.deep.equal(["anchor"]);
    });
  }

  it("cannot anchor a log in the name of its department by another's node", async () => {
    const bend = (act: Act): Act => ({ ...act, author: { ...act.author, department: BUREAU } }) as Act;
    const { bundle, place } = await again(PROVIDER, await node(BUREAU), [PROVIDER, BUREAU], bend);
    expect(await failing({ ...bundle, anchor: place }, /is no anchor of the log of Civil/)).to.deep.equal(["anchor"]);
  });

  it("cannot prove a record by the log of a department that is no party of the access", async () => {
    const bent = { ...genuine, department: BUREAU, anchor: genuine.witnesses[0] ?? expect.fail("no witness") };
    expect(await failing(bent, /BureauMSP is no party of the access/)).to.deep.equal(["anchor"]);
  });

  it("cannot prove by the act before the anchor of another log, or of no log", async () => {
    for (const [noun, id, why] of [
      ["log", CONSUMER, /is not the act before the log's anchor/],
      ["member", PROVIDER, /is no act of a case of log/],
    ] as const) {
      const bent = await withBefore(noun, id);
      expect(await failing(bent, why)).to.deep.equal(["ledgerPosition"]);
    }
  });

  /** The file with the first act of another case as the one before the anchor. */
  async function withBefore(noun: string, id: string): Promise<EvidenceFile> {
    const forger = new Forger(world);
    return await forger.preceded(genuine, await forger.place(noun, id, 1));
  }

  it("cannot show another certificate than the one that is named, though the key is the same", async () => {
    const { ledger, officer, provider, consumer } = world.exchange;
    const nodes = [provider, consumer].map(({ exchange }) => ledger.officerOf(exchange.options.nodeSigner));
    const [providers = officer, consumers = officer] = nodes;
    for (const [step, number, role, holder] of [
      ["request", "3001", "user", officer],
      ["record", "node", "node", providers],
      ["receipt", "node", "node", consumers],
    ] as const) {
      const second = await ledger.certifyAgain(holder, number, role);
      const named = Certificate.fromPem(holder.signer.certificate).fingerprint as keyof typeof genuine.certificates;
      expect(genuine.certificates).to.have.property(named);
      const bundle = { ...genuine, certificates: { ...genuine.certificates, [named]: second } };
      expect(await failing(bundle), number).to.deep.equal([step]);
    }
  });

  it("cannot plead a later anchor, before which the log knew more, for one that held the record first", async () => {
    const own = await EvidenceWorld.make();
    try {
      const grant = await own.exchange.grant(["code", "name"]);
      const first = await own.lookUp(grant);
      await own.witness();
      const second = await own.lookUp(grant);
      await own.witness();
      // The second is the first that its anchor holds: at the very size of the one before.
      const { verdict, steps } = await verifyEvidence(await own.evidence(second), own.trust);
      expect(verdict, JSON.stringify(steps, null, 1)).to.equal("proven");
      const history = {
        ...own.parts.history,
        rulesAt: (height: number) => own.parts.history.rulesAt(height),
        ruleAt: (...asked: Parameters<typeof own.parts.history.ruleAt>) => own.parts.history.ruleAt(...asked),
        anchors: async (department: MspId) => {
          const anchors = await own.parts.history.anchors(department);
          return department === PROVIDER ? anchors.slice(1) : anchors;
        },
      };
      const late = await own.evidence(first, own.exchange.provider, () => true, { ...own.parts, history });
      const verified = await verifyEvidence(late, own.trust);
      const failing = verified.steps.filter(({ outcome }) => outcome === "fails");
      expect(failing.map(({ name }) => name)).to.deep.equal(["ledgerPosition"]);
      expect(failing[0]?.text.en).to.match(/an earlier anchor holds the record/);
    } finally {
      await own.remove();
    }
  });

  for (const party of [PROVIDER, CONSUMER]) {
    it(`cannot be their own witness: ${party}`, async () => {
      const { bundle, place } = await again(party, await node(party), [PROVIDER, BUREAU]);
      const bent = { ...bundle, witnesses: [...bundle.witnesses, place] };
      expect(await failing(bent, /is a party of the access/)).to.deep.equal(["witnesses"]);
    });
  }
});
