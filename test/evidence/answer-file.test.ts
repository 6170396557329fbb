import { answeredBy, type LedgerQuestion } from "@wanlian/client/api/reading/answered.js";
import { type Answered, exportAnswer, vouchedHeight } from "@wanlian/client/evidence";
import type { Digest, MspId, TransactionId } from "@wanlian/model/identifiers.js";
import { RELEASED } from "@wanlian/model/models.js";
import { type AnswerFile, parseAnswerFile } from "@wanlian/verify/answers/answer-file.js";
import { verifyFile } from "@wanlian/verify/answers/any-file.js";
import { verifyAnswer } from "@wanlian/verify/answers/verify-answer.js";
import { recordId, type SignedRecord } from "@wanlian/verify/records/access-record.js";
import { signStatement } from "@wanlian/verify/records/statement.js";
import { CODE_WORDS } from "@wanlian/words/index.js";
import { expect } from "chai";
import { CONSUMER, DATASET, PROVIDER } from "../exchange/exchange-world.js";
import { EvidenceWorld } from "./evidence-world.js";
import { inBrowser } from "./in-browser.js";
import { rawNames } from "./raw-names.js";

/** Whoever alters a file can be anybody: what is tried is of one's own making, and signed by no node. */
type Change = (file: AnswerFile) => unknown;

describe("an answer that is taken home", () => {
  let world: EvidenceWorld;
  let grant: TransactionId;
  let signed: SignedRecord;
  let objection: TransactionId;

  before(async () => {
    world = await EvidenceWorld.make();
    const { act, officer, release } = world.exchange;
    grant = await world.exchange.grant(["code", "name"]);
    signed = await world.lookUp(grant);
    const claim = { digest: "cd".repeat(32) };
    const body = {
      dataset: DATASET,
      release,
      fields: ["name"],
      dimension: "accuracy",
      rowCount: 1,
      rows: [1],
      claim,
      evidence: "ab".repeat(32),
    };
    objection = await act(officer, { noun: "objection", case: null, type: "raise", body });
    await world.witness();
  });
  after(() => world.remove());

  const parts = () => {
    const { tiles: _, ...shared } = world.parts;
    const { department, nodeSigner } = world.exchange.bureau.exchange.options;
    return { ...shared, department, signer: nodeSigner };
  };
  const answered = async (question: LedgerQuestion): Promise<Answered> =>
    await answeredBy(question, {
      ...{ db: world.parts.db, models: RELEASED, reading: RELEASED.of(1).reading },
      vouched: await vouchedHeight(parts()),
    });
  const fileOf = async (answer: Answered, records: readonly SignedRecord[] = []): Promise<AnswerFile> => {
    const accesses = await Promise.all(records.map((one) => world.evidence(one)));
    return parseAnswerFile(JSON.parse(JSON.stringify(await exportAnswer(answer, accesses, parts()))));
  };
  const taken = async (question: LedgerQuestion): Promise<AnswerFile> => await fileOf(await answered(question));
  const said = async (file: AnswerFile) => {
    const { verdict, steps, explanation } = await verifyFile(file, world.trust, CODE_WORDS);
    const text = JSON.stringify({ steps, explanation }, null, 1);
    for (const { zh } of [...explanation.open, ...explanation.proven, ...explanation.never])
      expect(rawNames(zh), zh).to.deep.equal([]);
    return { verdict, steps, explanation, text };
  };

  const release = () => world.exchange.release;
  const QUESTIONS: readonly [string, () => LedgerQuestion, RegExp][] = [
    ["a dataset's history", () => ({ kind: "history", noun: "dataset", case: DATASET }), /none is left out/],
    ["a release's history", () => ({ kind: "history", noun: "release", case: release() }), /act 1 of release/],
    ["a grant's history", () => ({ kind: "history", noun: "application", case: grant }), /\(Took the grant\)/],
    ["an objection's history", () => ({ kind: "history", noun: "objection", case: objection }), /\(Raised\)/],
    ["a department", () => ({ kind: "author", department: PROVIDER }), /officer 2001 of CivilMSP/],
    ["an officer", () => ({ kind: "author", department: CONSUMER, officer: "3001" }), /officer 3001 of PoliceMSP/],
    ["a digest", () => ({ kind: "digest", digest: "ab".repeat(32) as Digest }), /\(Raised\)/],
    ["where from and where to", () => ({ kind: "lineage", release: release() }), /act 1 of release/],
    ["a dataset as of now", () => ({ kind: "asOf", noun: "dataset", case: DATASET }), /was the last by block/],
    [
      "a dataset as of a day that is still to come",
      () => ({ kind: "asOf", noun: "dataset", case: DATASET, at: "2099-12-31" }),
      /was the last by block/,
    ],
    ["a grant as of now", () => ({ kind: "asOf", noun: "application", case: grant }), /act 1 was the last by block/],
    ["what changed", () => ({ kind: "changes", noun: "application" }), /was the last by block/],
  ];
  for (const [title, question, sentence] of QUESTIONS) {
    it(`is proven as far as the ledger goes, and says whose word the rest is: ${title}`, async () => {
      const file = await taken(question());
      const { verdict, explanation, text } = await said(file);
      expect(verdict, text).to.equal("proven");
      const bytes = [JSON.stringify(file), ...Object.values(file.blocks).map((block) => Buffer.from(block, "base64"))];
      expect(bytes.join("\n"), "no data, whoever the file is handed to").not.to.match(/宛城区|卧龙区/);
      expect(explanation.proven.map(({ en }) => en).join("\n"), text).to.match(sentence);
      expect(explanation.never.map(({ en }) => en).join("\n")).to.match(/signed word of the node of BureauMSP alone/);
    });
  }

  it("is not proven where it shows nothing: that there is nothing is the node's word alone", async () => {
    const { verdict, explanation, text } = await said(await taken({ kind: "author", department: "TaxMSP" as MspId }));
    expect(verdict, text).to.equal("notProven");
    expect(explanation.open.map(({ en }) => en).join("\n")).to.match(/no act and no record/);
  });

  it("has no change since a time that is still to come, and says whose word that is", async () => {
    const { acts, standings } = await answered({ kind: "changes", from: "2099-12-31" });
    expect([acts, standings]).to.deep.equal([[], []]);
    expect((await said(await taken({ kind: "changes", from: "2099-12-31" }))).verdict).to.equal("notProven");
  });

  it("has who accessed what, when and under which grant: each record by what one's evidence has", async () => {
    const records = [recordId(signed) as Digest];
    const question = { kind: "accesses", filter: { grant } } as const;
    const file = await fileOf({ question, acts: [], standings: [], records, more: false }, [signed]);
    const { verdict, explanation, text } = await said(file);
    expect(verdict, text).to.equal("proven");
    expect(explanation.proven.map(({ en }) => en).join("\n")).to.match(/Officer 3001 of PoliceMSP asked CivilMSP/);
    for (const change of [
      (one: AnswerFile) => one.accesses.pop(),
      (one: AnswerFile) => Object.assign(one.accesses[0]?.record ?? {}, { position: 5 }),
      (one: AnswerFile) => delete one.accesses[0]?.receipt,
    ]) {
      const altered = structuredClone(file);
      change(altered);
      expect((await said(altered)).verdict).not.to.equal("proven");
    }
  });

  it("has a cell by its digest, proven to be the release's, and not what it holds", async () => {
    const evidence = await world.opened(signed);
    const [proof] = evidence.answer?.proofs ?? [];
    const digest = Buffer.from(proof?.hidden ?? "", "base64")
      .subarray(0, 32)
      .toString("hex") as Digest;
    const { found } = await world.exchange.provider.exchange.cells.find(
      digest,
      [{ release: release(), registered: RELEASED.of(1).reading.release(await stateOf("release", release())) }],
      new AbortController().signal,
    );
    const cell = { ...(found ?? expect.fail("not found")), digest };
    const { acts } = await answered({ kind: "history", noun: "release", case: release() });
    const question = { kind: "cell", release: release(), digest } as const;
    const { dataset: _, ...own } = cell;
    const answer = { question, acts: acts.slice(0, 1), standings: [], cell: own, records: [], more: false };
    const { verdict, explanation, text } = await said(await fileOf(answer));
    expect(verdict, text).to.equal("proven");
    expect(explanation.proven.map(({ en }) => en).join("\n")).to.include(
      `Digest ${digest} is that of a cell of field id`,
    );
    const lie = await fileOf({ ...answer, cell: { ...own, field: "note" } });
    expect((await said(lie)).verdict).to.equal("refuted");
  });
  const stateOf = async (noun: string, id: string) =>
    (await world.exchange.provider.view.head(noun, id))?.state ?? expect.fail(`no ${noun}`);

  it("makes nothing void that counted", async () => {
    const file = await taken({ kind: "history", noun: "application", case: grant });
    const lie = structuredClone(file);
    Object.assign(lie.said.acts[0] ?? {}, { counted: false });
    const { steps } = await verifyAnswer(await signedAnew(lie), world.trust);
    expect(steps.find(({ name }) => name === "acts")?.outcome).to.equal("fails");
  });

  /** A node that lies signs what it says. */
  async function signedAnew(file: AnswerFile): Promise<AnswerFile> {
    const signature = await signStatement("answer", file.said, parts().signer);
    return { ...file, signature };
  }

  const LIES: readonly [string, Change, string][] = [
    ["another author", (file) => Object.assign(file.said.acts[0] ?? {}, { officer: "9999" }), "acts"],
    ["another department", (file) => Object.assign(file.said.acts[0] ?? {}, { department: "TaxMSP" }), "acts"],
    ["another type", (file) => Object.assign(file.said.acts[0] ?? {}, { type: "withdraw" }), "acts"],
    ["another number", (file) => Object.assign(file.said.acts[0] ?? {}, { number: 7 }), "acts"],
    ["another case", (file) => Object.assign(file.said.acts[0] ?? {}, { case: "CivilMSP/else" }), "acts"],
    ["another time", (file) => Object.assign(file.said.acts[0] ?? {}, { time: "2026-01-01T00:00:00Z" }), "times"],
    [
      "no time, as before the clock",
      (file) => Object.assign(file.said.acts.find(({ noun }) => noun === "dataset") ?? {}, { time: "" }),
      "times",
    ],
    [
      "no time of the clock's own act",
      (file) => Object.assign(file.said.acts.find(({ noun }) => noun === "clock") ?? {}, { time: "" }),
      "times",
    ],
    [
      "a tick that it does not rest on",
      (file) => Object.assign(file.said.acts.find(({ tick }) => tick) ?? {}, { tick: file.witnesses[0] }),
      "times",
    ],
    ["an act that was left out", (file) => file.said.acts.shift(), "whole"],
    [
      "that another act was the last",
      (file) => Object.assign(file.said.standings.find(({ noun }) => noun === "clock") ?? {}, { number: 2 }),
      "standings",
    ],
    [
      "a height that no witness has",
      (file) => Object.assign(file.said.standings[0] ?? {}, { height: 9999 }),
      "standings",
    ],
    ["another channel", (file) => Object.assign(file.said, { channel: "elsewhere" }), "word"],
    ["another department's name", (file) => Object.assign(file.said, { department: PROVIDER }), "word"],
  ];
  for (const [title, change, step] of LIES) {
    it(`is not believed where a node lies and signs it: ${title}`, async () => {
      const file = await taken({ kind: "asOf", noun: "dataset", case: DATASET });
      const lie = structuredClone(file);
      change(lie);
      const { verdict, steps } = await verifyAnswer(await signedAnew(lie), world.trust);
      expect(verdict, JSON.stringify(steps, null, 1)).not.to.equal("proven");
      const found = steps.find(({ name }) => name === step);
      expect(["fails", "notProven"]).to.include(found?.outcome);
      expect(rawNames(found?.text.zh ?? ""), found?.text.zh).to.deep.equal([]);
    });
  }

  const HISTORIES: readonly [string, (acts: AnswerFile["said"]["acts"]) => unknown, string, string][] = [
    ["none", () => undefined, "proven", "holds"],
    ["the last, which a whole history can be without", (acts) => acts.pop(), "proven", "holds"],
    ["the first", (acts) => acts.shift(), "refuted", "fails"],
  ];
  for (const [left, leaveOut, whole, outcome] of HISTORIES) {
    it(`has a history whole from its first act on, whatever a node signs that left out ${left}`, async () => {
      const file = await taken({ kind: "history", noun: "log", case: PROVIDER });
      file.said.acts.sort((one, other) => one.number - other.number);
      expect(file.said.acts.length).to.be.above(1);
      leaveOut(file.said.acts);
      const { verdict, steps } = await verifyAnswer(await signedAnew(file), world.trust);
      expect(verdict, JSON.stringify(steps, null, 1)).to.equal(whole);
      expect(steps.find(({ name }) => name === "whole")?.outcome).to.equal(outcome);
    });
  }

  const ALTERED: readonly [string, Change][] = [
    ["the question", (file) => Object.assign(file.said, { question: { kind: "author", department: PROVIDER } })],
    ["that there is more", (file) => Object.assign(file.said, { more: true })],
    ["the height", (file) => Object.assign(file.said.ledger, { height: 3 })],
    [
      "the signature",
      (file) => Object.assign(file, { signature: `${file.signature.slice(0, 20)}AAAA${file.signature.slice(24)}` }),
    ],
    ["no block", (file) => delete file.blocks[String(file.said.acts[0]?.at.block)]],
    ["a block's byte", (file) => flip(file.blocks, String(file.said.acts[0]?.at.block))],
    ["no witness", (file) => (file.witnesses.length = 0)],
    ["a witness twice", (file) => Object.assign(file.witnesses, { 1: file.witnesses[0] })],
    ["no leaves", (file) => (file.leaves.length = 0)],
    ["another leaf", (file) => Object.assign(file.leaves[0]?.leaf ?? {}, { codes: "0b" })],
    ["no inclusion", (file) => Object.assign(file.leaves[0] ?? {}, { inclusions: [] })],
    ["the first configuration left out", (file) => file.configuration.shift()],
  ];
  for (const [title, change] of ALTERED) {
    it(`is not proven once it was altered: ${title}`, async () => {
      const file = await taken({ kind: "history", noun: "dataset", case: DATASET });
      change(file);
      expect((await said(file)).verdict).not.to.equal("proven");
    });
  }

  const LENGTHS: readonly [string, number, (file: AnswerFile, count: number) => unknown][] = [
    ["acts", 500, ({ said }, count) => (said.acts = Array(count).fill(said.acts[0]))],
    ["cases that are whole", 500, ({ said }, count) => (said.whole = Array(count).fill(said.whole[0]))],
    ["standings", 1000, ({ said }, count) => (said.standings = Array(count).fill(said.standings[0]))],
    ["records", 50, ({ said }, count) => (said.records = Array(count).fill("ab".repeat(32)))],
    ["accesses", 50, (file, count) => (file.accesses = Array(count).fill(file.accesses[0]))],
  ];
  for (const [what, most, fill] of LENGTHS) {
    it(`is read with ${most} ${what}, and not with one more`, async () => {
      const question = { kind: "accesses", filter: { grant } } as const;
      const records = [recordId(signed) as Digest];
      const { acts } = await answered({ kind: "asOf", noun: "dataset", case: DATASET });
      const file = await fileOf({ question, acts, standings: [], records, more: false }, [signed]);
      const { said: other } = await taken({ kind: "asOf", noun: "dataset", case: DATASET });
      Object.assign(file.said, { whole: [{ noun: "dataset", case: DATASET }], standings: other.standings });
      const read = (count: number) => {
        const filled = structuredClone(file);
        fill(filled, count);
        return () => parseAnswerFile(filled);
      };
      expect(read(most)).not.to.throw();
      expect(read(most + 1))
        .to.throw()
        .with.property("code", "INVALID_INPUT");
    });
  }

  it("comes to the same in a browser", async () => {
    const file = await taken({ kind: "asOf", noun: "dataset", case: DATASET });
    const page = await inBrowser(`
      import { parseAnyFile, verifyFile } from "@wanlian/verify/answers/any-file.js";
      import { parseTrust } from "@wanlian/verify/trust.js";
      import { CODE_WORDS } from "@wanlian/words/index.js";
      export async function verify(file, roots) {
        return JSON.stringify(await verifyFile(parseAnyFile(JSON.parse(file)), parseTrust(JSON.parse(roots)), CODE_WORDS));
      }`);
    const there = await page.verify?.(JSON.stringify(file), JSON.stringify(world.file));
    expect(there).to.equal(JSON.stringify(await verifyFile(file, world.trust, CODE_WORDS)));
  });
});

function flip(blocks: Record<string, string>, name: string): void {
  const bytes = Buffer.from(blocks[name] ?? "", "base64");
  const middle = Math.floor(bytes.length / 2);
  bytes[middle] = (bytes[middle] ?? 0) ^ 1;
  blocks[name] = bytes.toString("base64");
}
