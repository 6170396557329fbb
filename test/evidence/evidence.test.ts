import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { mayOpen } from "@wanlian/client/evidence/may-open.js";
import { evidenceOfOwn } from "@wanlian/client/evidence/own-records.js";
import { LEDGER_ERROR_CODES, LedgerError } from "@wanlian/model/errors.js";
import type { Digest } from "@wanlian/model/identifiers.js";
import type { PolicyState } from "@wanlian/model/model-1/policy/policy-schema.js";
import type { Role } from "@wanlian/model/roles.js";
import { addSeconds } from "@wanlian/model/time/instant.js";
import { ProtocolError } from "@wanlian/protocol/errors.js";
import { Block } from "@wanlian/protocol/messages/common.js";
import type { EvidenceFile } from "@wanlian/verify/evidence-file.js";
import { explain } from "@wanlian/verify/explanation.js";
import { wordsOfRules } from "@wanlian/verify/rules-words.js";
import type { StepName } from "@wanlian/verify/step.js";
import { differencesOf, trustFileOf, trustOf } from "@wanlian/verify/trust.js";
import { verifyEvidence } from "@wanlian/verify/verify.js";
import { expect } from "chai";
import { makeAuditor } from "../audit/audit-world.js";
import type { TestOfficer } from "../client/test-ledger.js";
import { CONSUMER, PROVIDER } from "../exchange/exchange-world.js";
import { commandLine } from "./command-line.js";
import { EvidenceWorld } from "./evidence-world.js";
import { inBrowser } from "./in-browser.js";

const HAN = /\p{Script=Han}/u;
/** Five English words on end: what nobody has put into Chinese. */
const SENTENCE = /(?:\b[a-z]+ ){5}/;

/** Where a rule is broken that a code names, the English words alone go into it. */
const CODE = /（[A-Z_]+）/;
/** What a text says in figures, which both languages have to say alike. */
const figuresIn = (text: string): string[] => (text.match(/[0-9a-f]{12,}|[0-9]+/g) ?? []).sort();

describe("evidence of an access", () => {
  let world: EvidenceWorld;
  let served: EvidenceFile;
  let refused: EvidenceFile;
  let opening: EvidenceFile;
  let closing: EvidenceFile;
  let compared: EvidenceFile;

  before(async () => {
    world = await EvidenceWorld.make();
    const grant = await world.exchange.grant(["code", "name"]);
    const first = await world.lookUp(grant);
    const second = await world.lookUp(grant, { fields: ["id"] });
    const [begun, ended] = await world.download(grant);
    const [, end] = await world.compare(grant);
    await world.witness();
    compared = await world.evidence(end);
    served = await world.evidence(first);
    refused = await world.evidence(second);
    opening = await world.evidence(begun);
    closing = await world.evidence(ended);
  });
  after(() => world.remove());

  const verified = async (bundle: EvidenceFile, trust = world.trust) => {
    const verification = await verifyEvidence(bundle, trust);
    const named = (outcome: string) =>
      verification.steps.filter((step) => step.outcome === outcome).map(({ name }) => name);
    const said = JSON.stringify(verification.steps, null, 1);
    for (const { text } of verification.steps) {
      expect(text.zh, said).to.match(HAN).and.not.match(SENTENCE);
      if (!CODE.test(text.zh)) expect(figuresIn(text.zh), said).to.deep.equal(figuresIn(text.en));
    }
    return { ...verification, fails: named("fails"), notProven: named("notProven"), said };
  };
  const altered = (change: (bundle: EvidenceFile) => unknown, from = served): EvidenceFile => {
    const copy = structuredClone(from);
    change(copy);
    return copy;
  };

  it("proves all that a look-up demands, against what was pinned alone", async () => {
    const { verdict, steps, said } = await verified(served);
    expect(verdict, said).to.equal("proven");
    const open = steps.filter(({ outcome }) => outcome !== "holds").map(({ name }) => name);
    expect(open).to.deep.equal(["opening", "answer"]);
  });

  it("says which block was the last that the grant was checked against", async () => {
    const { steps, record } = await verified(served);
    const { height } = record?.record.checked ?? expect.fail("no record");
    const { text } = steps.find(({ name }) => name === "ledgerPosition") ?? expect.fail("no such step");
    expect(text.en).to.include(`checked against block ${height - 1},`);
  });

  it("proves a refusal, for which no grant is demanded", async () => {
    const { verdict, steps, said } = await verified(refused);
    expect(verdict, said).to.equal("proven");
    const open = steps.filter(({ outcome }) => outcome === "notDemanded").map(({ name }) => name);
    expect(open).to.deep.equal(["opening", "grant", "grantStood", "answer"]);
  });

  it("proves a comparison by keyed digests, as any transfer", async () => {
    const { verdict, said, record } = await verified(compared);
    expect(verdict, said).to.equal("proven");
    expect(record?.record).to.include({ kind: "closing", result: "served", rows: 1 });
    expect(record?.record.request).to.deep.include({ way: "comparison", by: ["code"] });
  });

  it("proves a transfer's beginning, and its end by the grant at its beginning", async () => {
    expect((await verified(opening)).verdict).to.equal("proven");
    const { verdict, steps, said } = await verified(closing);
    expect(verdict, said).to.equal("proven");
    expect(steps.filter(({ outcome }) => outcome !== "holds").map(({ name }) => name)).to.deep.equal(["answer"]);
  });

  it("proves the same from the consumer's log", async () => {
    const { record } = await verified(served);
    const bundle = await world.evidence(record ?? expect.fail("no record"), world.exchange.consumer);
    const { verdict, said } = await verified(bundle);
    expect(verdict, said).to.equal("proven");
  });

  it("comes to the same in a browser", async () => {
    const page = await inBrowser(`
      import { explain } from "@wanlian/verify/explanation.js";
      import { parseEvidence } from "@wanlian/verify/evidence-file.js";
      import { parseTrust } from "@wanlian/verify/trust.js";
      import { verifyEvidence } from "@wanlian/verify/verify.js";
      export async function verify(file, roots) {
        const verification = await verifyEvidence(parseEvidence(JSON.parse(file)), parseTrust(JSON.parse(roots)));
        return JSON.stringify([verification, explain(verification)]);
      }`);
    for (const bundle of [served, refused, closing, altered((one) => (one.certificates = {}))]) {
      const there = await page.verify?.(JSON.stringify(bundle), JSON.stringify(world.file));
      const here = await verifyEvidence(bundle, world.trust);
      expect(there).to.equal(JSON.stringify([here, explain(here)]));
    }
  });

  it("says in plain words what is proven, and only what its steps back", async () => {
    const said = (bundle: EvidenceFile, language: "zh" | "en") =>
      verifyEvidence(bundle, world.trust).then((one) =>
        explain(one)
          .proven.map((words) => words[language])
          .join("\n"),
      );
    const english = await said(served, "en");
    for (const word of [
      ...["CivilMSP/divisions", "code, name", "verification", "household registration", "1 rows"],
      ...["2 March 2026, 09:00 Beijing time", "demonstration", "countersigned", "grant of that time covers"],
    ]) {
      expect(english).to.include(word);
    }
    expect(await said(served, "zh"))
      .to.include("字段：code、name")
      .and.include("演示通道")
      .and.include("已提供，1行");
    const unsigned = altered((bundle) => (bundle.certificates = {}));
    expect(await said(unsigned, "en")).not.to.match(/divisions|rows|countersigned/);
  });

  describe("is not proven, and says so first, without", () => {
    const dropped: [string, StepName[], (bundle: EvidenceFile) => unknown, (() => EvidenceFile)?][] = [
      ["the countersignature", ["receipt"], (bundle) => delete bundle.receipt],
      ["the blocks between", ["time", "policy", "grant", "grantStood"], (bundle) => delete bundle.between],
      ["the grant", ["grant", "grantStood"], (bundle) => drop(bundle, "application")],
      ["the release", ["grant", "grantStood"], (bundle) => drop(bundle, "release")],
      ["the membership", ["grant", "grantStood"], (bundle) => drop(bundle, "member")],
      ["the clock", ["time", "policy", "grant", "grantStood"], (bundle) => drop(bundle, "clock")],
      ["the policy", ["policy"], (bundle) => drop(bundle, "policy")],
      ["certificates", ["request", "record", "receipt"], (bundle) => (bundle.certificates = {})],
      ["the beginning of a transfer", ["opening", "ledgerPosition"], (bundle) => delete bundle.opening, () => closing],
      ["the first block", ["configuration", "anchor"], (bundle) => delete bundle.blocks["0"]],
      ["the anchor's block", ["anchor", "witnesses"], (bundle) => delete bundle.blocks[String(bundle.anchor.block)]],
      ["witnesses", ["witnesses", "counted", "grant"], (bundle) => (bundle.witnesses = [])],
      ["leaves of the ledger tree", ["counted", "ledgerPosition"], (bundle) => (bundle.leaves = [])],
    ];
    const drop = (bundle: EvidenceFile, noun: string) =>
      (bundle.cases = bundle.cases.filter((one) => one.noun !== noun));
    for (const [what, missing, change, from] of dropped) {
      it(what, async () => {
        const { verdict, notProven, said, ...rest } = await verified(altered(change, from?.() ?? served));
        expect(verdict, said).to.equal("notProven");
        expect(notProven).to.include.members(missing);
        const closed = rest.steps.filter(({ outcome }) => outcome === "closed");
        expect(explain({ verdict, ...rest }).open).to.have.length(notProven.length + closed.length);
      });
    }
  });

  const flip = (base64: string, at: number) => {
    const bytes = Buffer.from(base64, "base64");
    bytes[at] = (bytes[at] as number) ^ 1;
    return bytes.toString("base64");
  };
  const caseOf = (bundle: EvidenceFile, noun: string) =>
    bundle.cases.find((one) => one.noun === noun) ?? expect.fail(`no ${noun}`);

  describe("does not hold with", () => {
    const forgeries: [string, StepName[], (bundle: EvidenceFile) => unknown][] = [
      [
        "a record with one row more",
        ["inclusion", "record", "receipt"],
        (bundle) => {
          const text = Buffer.from(bundle.record.entry, "base64").toString();
          bundle.record.entry = Buffer.from(text.replace('"rows":1', '"rows":2')).toString("base64");
        },
      ],
      ["what is no record", [], (bundle) => (bundle.record.entry = "")],
      ["a record at another place", ["inclusion"], (bundle) => (bundle.record.position += 1)],
      [
        "a block with a bit flipped",
        ["anchor"],
        (bundle) => {
          const number = String(bundle.anchor.block);
          bundle.blocks[number] = flip(bundle.blocks[number] as string, 400);
        },
      ],
      ["another act as the anchor", ["anchor"], (bundle) => (bundle.anchor = caseOf(bundle, "application").act)],
      ["another department's anchor", ["anchor"], (bundle) => (bundle.anchor = bundle.witnesses[0] ?? bundle.anchor)],
      ["the log of nobody concerned", ["anchor"], (bundle) => (bundle.department = "BureauMSP" as typeof PROVIDER)],
      ["the log of the other party", ["anchor"], (bundle) => (bundle.department = CONSUMER)],
      ["a party as witness", ["witnesses"], (bundle) => (bundle.witnesses = [bundle.anchor])],
      ["one department as two witnesses", ["witnesses"], (bundle) => bundle.witnesses.push(...bundle.witnesses)],
      [
        "a leaf that says the act was invalid",
        ["counted"],
        (bundle) => {
          for (const { leaf } of bundle.leaves) leaf.codes = leaf.codes.replace(/^00/, "0a");
        },
      ],
      [
        "another act as the grant",
        ["grant"],
        (bundle) => (caseOf(bundle, "application").act = caseOf(bundle, "release").act),
      ],
      [
        "another act before the anchor",
        ["ledgerPosition"],
        (bundle) => (bundle.before = caseOf(bundle, "release").act),
      ],
      ["a block left out of those between", ["time"], (bundle) => bundle.between?.leaves.splice(1, 1)],
      [
        "an act hidden in a block between",
        ["time"],
        (bundle) => {
          for (const leaf of bundle.between?.leaves ?? []) leaf.verdicts = "[]";
        },
      ],
      ["no proof of the blocks between", ["time"], (bundle) => bundle.between?.proofs.pop()],
      [
        "a countersignature with a bit flipped",
        ["receipt"],
        (bundle) => {
          const { receipt } = bundle;
          if (receipt !== undefined) bundle.receipt = { ...receipt, signature: flip(receipt.signature, 20) };
        },
      ],
      [
        "a countersignature in another spelling",
        ["receipt"],
        (bundle) => {
          const { receipt } = bundle;
          const bytes = Buffer.concat([Buffer.from(receipt?.signature ?? "", "base64"), Buffer.of(0)]);
          if (receipt !== undefined) bundle.receipt = { ...receipt, signature: bytes.toString("base64") };
        },
      ],
      [
        "another officer's certificate",
        ["request"],
        (bundle) => {
          const [one, other] = Object.keys(bundle.certificates) as (keyof EvidenceFile["certificates"])[];
          const certificates = { ...bundle.certificates };
          for (const id of Object.keys(certificates)) {
            certificates[id as typeof one & string] = bundle.certificates[
              (id === one ? other : one) as string
            ] as string;
          }
          bundle.certificates = certificates;
        },
      ],
    ];
    for (const [what, failing, change] of forgeries) {
      it(what, async () => {
        const { verdict, fails, said } = await verified(altered(change));
        expect(verdict, said).to.equal("refuted");
        expect(fails, said).to.include.members(failing);
      });
    }
  });

  it("says in Chinese whatever rules refuse that know English alone", () => {
    const protocol = ["MALFORMED", "INVALID_BLOCK", "INVALID_IDENTITY"] as const;
    const refusals = [
      ...protocol.map((code) => new ProtocolError(code, "what is wrong in English")),
      ...LEDGER_ERROR_CODES.map((code) => new LedgerError(code, "what is wrong in English")),
    ];
    for (const refusal of refusals) {
      const { zh, en } = wordsOfRules(refusal) ?? expect.fail(refusal.code);
      expect(zh).to.match(HAN).and.include(refusal.code).and.not.match(SENTENCE);
      expect(en).to.equal(refusal.message);
    }
    expect(wordsOfRules(new TypeError("a fault"))).to.equal(undefined);
  });

  it("holds for nobody who has pinned another beginning", async () => {
    const { roots, orderers, genesis } = world.file;
    const others = [
      { roots: { ...roots, [PROVIDER]: roots[CONSUMER as keyof typeof roots] ?? [] } },
      { channel: "other" },
      { orderers: [PROVIDER] },
      { chaincode: "other" },
      { genesis: genesis.replace(/^./, (digit) => (digit === "0" ? "1" : "0")) as typeof genesis },
    ];
    for (const other of others) {
      const file = { ...world.file, ...other };
      expect((await verified(served, trustOf(file))).fails).to.deep.equal(["configuration"]);
      expect(differencesOf(world.file, file)).to.have.length(1);
    }
    expect(differencesOf(world.file, { ...world.file, orderers: [...orderers].reverse() })).to.deep.equal([]);
  });

  it("is pinned by no genesis block that is not what its header says, or not whole", () => {
    const [bytes = new Uint8Array()] = world.exchange.ledger.blocks;
    const codeOf = (change: (block: Block) => unknown) => {
      const block = Block.decode(bytes);
      change(block);
      try {
        return trustFileOf(Block.encode(block), world.file.chaincode).genesis;
      } catch (error) {
        return error instanceof ProtocolError ? error.code : String(error);
      }
    };
    expect(codeOf(() => undefined)).to.equal(world.file.genesis);
    expect(codeOf(({ header }) => Object.assign(header ?? {}, { dataHash: new Uint8Array(32) }))).to.equal(
      "INVALID_BLOCK",
    );
    expect(codeOf((block) => Object.assign(block, { metadata: undefined }))).to.equal("INVALID_BLOCK");
    expect(codeOf((block) => Object.assign(block, { header: undefined }))).to.equal("INVALID_BLOCK");
  });

  it("is none of a record that the log lacks", async () => {
    const { records, index, vault, certificates, options } = world.exchange.provider.exchange;
    const own = { department: options.department, records, index, vault, certificates };
    const code = await evidenceOfOwn(own, "00".repeat(32) as Digest, world.parts, () => true).then(
      () => "made",
      (error: unknown) => (error instanceof LedgerError ? error.code : String(error)),
    );
    expect(code).to.equal("NOT_FOUND");
  });

  describe("on the command line, without any node", () => {
    let dir: string;
    let roots: string;
    before(async () => {
      dir = await mkdtemp(join(tmpdir(), "wanlian-verify-"));
      roots = await write("roots.json", world.file);
    });
    after(() => rm(dir, { recursive: true, force: true }));

    const write = async (name: string, value: unknown) => {
      await writeFile(join(dir, name), JSON.stringify(value));
      return join(dir, name);
    };

    it("says what is proven, what is not, and that it does not hold, each with its exit code", async () => {
      const good = await commandLine("verify", await write("good.json", served), "--roots", roots, "--lang", "en");
      expect(good.code, good.text).to.equal(0);
      expect(good.text)
        .to.match(/^Proven; what was looked up is kept closed\n/)
        .and.include("CivilMSP/divisions");
      const partly = altered((bundle) => delete bundle.between);
      const open = await commandLine("verify", await write("open.json", partly), "--roots", roots, "--lang", "zh");
      expect(open.code, open.text).to.equal(3);
      expect(open.text).to.match(/^未全部证明\n未成立或未证明：\n {2}\? 账本时间未证明/);
      const forged = altered((bundle) => bundle.witnesses.push(...bundle.witnesses));
      const bad = await commandLine("verify", await write("bad.json", forged), "--roots", roots, "--lang", "zh");
      expect(bad.code).to.equal(1);
      expect(bad.text).to.match(/^证据不成立\n未成立或未证明：\n {2}✘ 其他部门见证不成立/);
      const nonsense = await commandLine("verify", roots, "--roots", roots, "--lang", "en");
      expect(nonsense.code).to.equal(2);
      expect(nonsense.text).to.include("is no evidence file");
    });

    it("compares what two departments keep", async () => {
      const same = await commandLine("compare-roots", roots, await write("same.json", world.file), "--lang", "en");
      expect(same.code, same.text).to.equal(0);
      const other = { ...world.file, genesis: "0".repeat(64) };
      const differs = await commandLine("compare-roots", roots, await write("other.json", other), "--lang", "en");
      expect(differs.code).to.equal(1);
      expect(differs.text).to.include("differ: genesis");
    });
  });

  it("opens what was looked up only for those who may", async () => {
    const { record } = await verified(served);
    const signed = record ?? expect.fail("no record");
    const { ledger, provider, consumer, officer } = world.exchange;
    const opens = async (side: typeof provider, { signer }: Pick<TestOfficer, "signer">) =>
      (await world.evidence(signed, side, mayOpen(signer))).key !== undefined;
    expect(await opens(consumer, officer), "who asked").to.equal(true);
    for (const [side, department] of [
      [provider, PROVIDER],
      [consumer, CONSUMER],
    ] as const) {
      expect(await opens(side, await ledger.officer(department, "3009", "auditor")), "its auditor").to.equal(true);
      expect(await opens(side, await ledger.officer(department, "3009", "user")), "another user").to.equal(false);
      expect(await opens(side, await ledger.officer(department, "3008", "steward")), "a steward").to.equal(false);
    }
    const same = (department: string, ...roles: Role[]) => ledger.officer(department, "3001", ...roles);
    expect(await opens(provider, await same(PROVIDER, "user")), "a number like who asked").to.equal(false);
    expect(await opens(consumer, await same(CONSUMER, "steward")), "who asked, and is no user any more").to.equal(
      false,
    );
    const closed = await world.evidence(signed, provider, () => false);
    expect(served.key).to.match(/^[0-9a-f]{64}$/);
    expect(closed.key).to.equal(undefined);
    expect((await verified(closed)).verdict).to.equal("proven");
  });

  it("cannot be made yet where the log is not anchored, and says what is waited for", async () => {
    const signed = await world.lookUp(await world.exchange.grant(["code", "name"]));
    await world.exchange.provider.exchange.log.publish();
    const failure = await world.evidence(signed).catch((error: unknown) => error);
    expect(failure).to.have.property("code", "NOT_YET");
    expect(failure).to.have.nested.property("details.waitingFor", "anchor");
  });
});

describe("evidence of what a hostile provider served", () => {
  for (const ended of ["application", "release", "mandate"] as const) {
    it(`after the ${ended} had ended shows it, and so does an audit`, async () => {
      const world = await EvidenceWorld.make();
      try {
        const signed = await world.servedAfter(ended);
        expect(signed.record.result).to.equal("served");
        await world.witness();
        const { verdict, steps } = await verifyEvidence(await world.evidence(signed), world.trust);
        expect(verdict, JSON.stringify(steps, null, 1)).to.equal("refuted");
        const failing = steps.filter(({ outcome }) => outcome === "fails");
        expect(failing.map(({ name }) => name)).to.deep.equal(["grant"]);
        const auditor = await makeAuditor(world.exchange, "9100");
        expect(await auditor.findings()).to.include(`NOT_GRANTED ${PROVIDER}`);
      } finally {
        await world.remove();
      }
    });
  }

  /** Looks at the ledger as it was before, at the provider alone or at both parties, and has it witnessed. */
  async function atAnOldHeight(...parties: ("provider" | "consumer")[]) {
    const world = await EvidenceWorld.make();
    try {
      const grant = await world.exchange.grant(["code", "name"]);
      const old = world.exchange.provider.view.position();
      await world.lookUp(grant);
      await world.exchange.grant(["id"]);
      await world.witness();
      for (const party of parties) world.exchange[party].view.shown = old;
      const signed = await world.lookUp(grant);
      expect(signed.record.result).to.equal("served");
      for (const party of parties) world.exchange[party].view.shown = undefined;
      await world.witness();
      const { steps } = await verifyEvidence(await world.evidence(signed), world.trust);
      const step = steps.find(({ name, outcome }) => name === "ledgerPosition" && outcome === "fails");
      const { checked, request } = signed.record;
      return { ...(step ?? expect.fail("it holds")).text, asked: request.ledger.height, checked: checked.height };
    } finally {
      await world.remove();
    }
  }

  it("by an older state than the consumer's officer had seen shows it", async () => {
    const { zh, en, asked, checked } = await atAnOldHeight("provider");
    expect(en).to.equal(`it was asked at height ${asked}, after ${checked}`);
    expect(zh).to.equal(`请求所据的区块${asked - 1}晚于核对授权所据的区块${checked - 1}`);
  });

  it("by an older state than its own log had anchored shows it, though the consumer pleads it too", async () => {
    const { zh, en, checked } = await atAnOldHeight("provider", "consumer");
    expect(en).to.match(new RegExp(`^checked at height ${checked}, though the log's anchor before had \\d+ blocks$`));
    expect(zh).to.match(new RegExp(`^核对授权只据前${checked}个区块，而日志上次锚定时已有\\d+个$`));
  });

  describe("and states otherwise than the ledger has it shows it:", () => {
    let world: EvidenceWorld;
    before(async () => {
      world = await EvidenceWorld.make();
    });
    after(() => world.remove());

    const failingOf = async () => {
      const signed = await world.lookUp(await world.exchange.grant(["code", "name"]));
      expect(signed.record.result).to.equal("served");
      const { view } = world.exchange.provider;
      view.shown = undefined;
      view.pretended.clear();
      await world.witness();
      const { steps } = await verifyEvidence(await world.evidence(signed), world.trust);
      return steps.filter(({ outcome }) => outcome === "fails").map(({ name }) => name);
    };

    it("another time", async () => {
      const { view } = world.exchange.provider;
      const shown = view.position.bind(view);
      view.position = () => ({ ...shown(), time: addSeconds(shown().time, 60) });
      try {
        expect(await failingOf()).to.deep.equal(["time"]);
      } finally {
        view.position = shown;
      }
    });

    it("another policy", async () => {
      const { view } = world.exchange.provider;
      const held = (await view.head("policy", "policy")) ?? expect.fail("no policy");
      const state = structuredClone(held.state) as PolicyState;
      const versions = state.versions.map((version) => ({ ...version, act: version.act + 7 }));
      view.pretended.set("policy", { ...held, state: { ...state, versions } as never });
      expect(await failingOf()).to.deep.equal(["policy"]);
    });
  });
});
