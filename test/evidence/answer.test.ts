import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TransactionId } from "@wanlian/model/identifiers.js";
import type { EvidenceFile } from "@wanlian/verify/evidence-file.js";
import { explain } from "@wanlian/verify/explanation.js";
import type { ShownAnswer } from "@wanlian/verify/records/shown-answer.js";
import { verifyEvidence } from "@wanlian/verify/verify.js";
import { expect } from "chai";
import { commandLine } from "./command-line.js";
import { EvidenceWorld } from "./evidence-world.js";

/** Whoever is shown what was looked up and what came, cells and salts, checks it with no node. */
describe("an answer that is shown beside its evidence", () => {
  let world: EvidenceWorld;
  let rows: EvidenceFile;
  let other: EvidenceFile;
  let none: EvidenceFile;
  let yes: EvidenceFile;
  let no: EvidenceFile;
  let refused: EvidenceFile;

  before(async () => {
    world = await EvidenceWorld.make();
    const grant: TransactionId = await world.exchange.grant(["code", "name"]);
    const signed = [
      await world.lookUp(grant),
      await world.lookUp(grant, { subject: { code: "000" } }),
      await world.lookUp(grant, { subject: { code: "none" } }),
      await world.lookUp(grant, { way: "verification", subject: { code: "0371", name: "宛城区" } }),
      await world.lookUp(grant, { way: "verification", subject: { code: "0371", name: "卧龙区" } }),
    ] as const;
    const denied = await world.lookUp(grant, { fields: ["id"] });
    await world.witness();
    const opened = await Promise.all(signed.map((one) => world.opened(one)));
    [rows, other, none, yes, no] = opened as [EvidenceFile, EvidenceFile, EvidenceFile, EvidenceFile, EvidenceFile];
    refused = await world.evidence(denied);
  });
  after(() => world.remove());

  const answerOf = async (bundle: EvidenceFile) => {
    const verification = await verifyEvidence(bundle, world.trust);
    const step = verification.steps.find(({ name }) => name === "answer");
    return { ...verification, outcome: step?.outcome, text: step?.text };
  };
  const changed = (change: (answer: ShownAnswer, bundle: EvidenceFile) => unknown, from = rows): EvidenceFile => {
    const copy = structuredClone(from);
    change(copy.answer ?? expect.fail("no answer"), copy);
    return copy;
  };

  it("is proven, rows and yes, to be the record's and the release's", async () => {
    for (const bundle of [rows, yes]) {
      const verification = await answerOf(bundle);
      expect(verification.verdict, JSON.stringify(verification.steps, null, 1)).to.equal("proven");
      expect(verification.outcome).to.equal("holds");
      const { verdict, proven } = explain(verification);
      expect(verdict.en).to.equal("Proven");
      expect(proven.map(({ en }) => en).join()).to.include("each row that it rests on is the release's");
    }
  });

  it("is proven from the consumer's log too", async () => {
    const { record } = await answerOf(rows);
    const bundle = await world.opened(record ?? expect.fail("no record"), world.exchange.consumer);
    expect(await answerOf(bundle)).to.include({ verdict: "proven", outcome: "holds" });
  });

  it("that there is no such row, or that it does not match, is said to be the provider's word", async () => {
    for (const bundle of [none, no]) expect(await answerOf(bundle)).to.include({ verdict: "proven", outcome: "holds" });
    for (const [bundle, said] of [
      [none, "no such row"],
      [no, "it does not match"],
    ] as const) {
      const { proven } = explain(await answerOf(bundle));
      const text = proven.map(({ en }) => en).join();
      expect(text).to.include(`${said}, which is the provider's word alone`).and.not.include("the release's");
    }
  });

  it("that is kept closed is said first, and counts for nothing", async () => {
    const closed = structuredClone(rows);
    delete closed.answer;
    const verification = await answerOf(closed);
    expect(verification).to.include({ verdict: "proven", outcome: "closed" });
    const { verdict, open, proven } = explain(verification);
    expect(verdict.zh).to.equal("已证明（所查内容和结果未出示）");
    expect(open.map(({ zh }) => zh)).to.have.length(1);
    expect(proven.map(({ en }) => en).join()).not.to.include("answer");
    // Nothing is kept closed of what had no answer.
    expect(explain(await answerOf(refused)).open).to.deep.equal([]);
  });

  it("is not proven without the access's own key", async () => {
    const verification = await answerOf(changed((_, bundle) => delete bundle.key));
    expect(verification).to.include({ verdict: "notProven", outcome: "notProven" });
  });

  type Rows = Extract<ShownAnswer["payload"], { rows: unknown }>;
  const lies: [string, () => EvidenceFile][] = [
    ["another value", () => changed(({ payload }) => ((payload as Rows).rows = [["0371", "邓州"]]))],
    [
      "a row left out",
      () => changed((answer) => Object.assign(answer, { payload: { ...answer.payload, rows: [] }, proofs: [] })),
    ],
    ["another subject", () => changed((answer) => (answer.subject = { code: "000" }))],
    ["no subject", () => changed((answer) => delete answer.subject)],
    ["another access's answer", () => changed((_, bundle) => (bundle.answer = other.answer as ShownAnswer))],
    ["another access's key", () => changed((_, bundle) => (bundle.key = other.key as NonNullable<typeof other.key>))],
    ["another row's proof", () => changed((answer) => (answer.proofs = other.answer?.proofs ?? []))],
    ["no proof", () => changed((answer) => (answer.proofs = []))],
    [
      "a salt of another cell",
      () => changed(({ proofs }) => Object.assign(proofs[0] ?? {}, { salts: other.answer?.proofs[0]?.salts })),
    ],
    ["a yes for a no", () => changed((answer) => (answer.payload = { match: true }), no)],
    ["an answer where there was none", () => ({ ...structuredClone(refused), answer: rows.answer as ShownAnswer })],
  ];
  for (const [what, lie] of lies) {
    it(`does not hold with ${what}`, async () => {
      const verification = await answerOf(lie());
      expect(verification, JSON.stringify(verification.text)).to.include({ verdict: "refuted", outcome: "fails" });
      expect(verification.text?.zh).to.match(/\p{Script=Han}/u);
    });
  }

  it("says nothing of itself in what those get who may not open it", async () => {
    const { record } = await answerOf(rows);
    const closed = await world.evidence(record ?? expect.fail("no record"), world.exchange.consumer, () => false);
    expect(closed).not.to.have.any.keys("key", "answer");
    const text = JSON.stringify(closed);
    for (const { salts, hidden } of rows.answer?.proofs ?? []) {
      expect(text).not.to.include(salts);
      for (const at of [0, 32]) {
        const commitment = Buffer.from(hidden, "base64").subarray(at, at + 32);
        expect(text).not.to.include(commitment.toString("hex"));
      }
    }
  });

  it("is checked on the command line", async () => {
    const dir = await mkdtemp(join(tmpdir(), "wanlian-answer-"));
    try {
      const { answer, ...evidence } = rows;
      const write = async (name: string, value: unknown) => {
        await writeFile(join(dir, name), JSON.stringify(value));
        return join(dir, name);
      };
      const [file, roots] = [await write("evidence.json", evidence), await write("roots.json", world.file)];
      const verify = async (shown: unknown) =>
        await commandLine(
          "verify",
          file,
          "--roots",
          roots,
          "--answer",
          await write("answer.json", shown),
          "--lang",
          "en",
        );
      const good = await verify(answer);
      expect(good.code, good.text).to.equal(0);
      expect(good.text).to.match(/^Proven\n/);
      expect((await verify(other.answer)).code).to.equal(1);
      expect((await verify({ payload: 1 })).code).to.equal(2);
    } finally {
      await rm(dir, { recursive: true, force: true });
    }
  });
});
