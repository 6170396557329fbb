import type { EvidenceFile } from "@wanlian/verify/evidence-file.js";
import { verifyEvidence } from "@wanlian/verify/verify.js";
import { expect } from "chai";
import { grantInPart } from "../exchange/grant-in-part.js";
import { EvidenceWorld } from "./evidence-world.js";

const FIELDS = ["code", "name"];

/** Of a row that is shown in part, the evidence proves what is not masked, and says whose word the rest is. */
describe("an answer with masks, shown beside its evidence", () => {
  let world: EvidenceWorld;
  let whole: EvidenceFile;
  let masked: EvidenceFile;
  before(async function () {
    this.timeout(60_000);
    world = await EvidenceWorld.make({ model: 2 });
    await world.exchange.conditional();
    const grants = [
      await grantInPart(world.exchange, FIELDS, { masks: [{ field: "name", way: "whole" }] }),
      await grantInPart(world.exchange, FIELDS, { masks: [{ field: "name", way: "partial" }] }),
    ] as const;
    const [one, other] = [await world.lookUp(grants[0]), await world.lookUp(grants[1])];
    await world.witness();
    [whole, masked] = [await world.opened(one), await world.opened(other)];
  });
  after(() => world.remove());

  const answerOf = async (file: EvidenceFile) => {
    const { verdict, steps } = await verifyEvidence(file, world.trust);
    const { outcome, text } = steps.find(({ name }) => name === "answer") ?? expect.fail("no such step");
    expect(verdict, JSON.stringify(steps, null, 1)).to.equal(outcome === "holds" ? "proven" : "refuted");
    return text;
  };

  it("is proven whole where nothing is masked", async () => {
    const { zh, en } = await answerOf(whole);
    expect(en).to.equal(
      "subject and answer are the record's, and 1 rows are among those that the release registered; that there are no more is the provider's word",
    );
    expect(zh).to.equal("所示对象和答复与记录一致，1行均在该批次登记的各行之中；没有更多行，只是提供部门的话");
  });

  it("names what is masked, of which the provider's word is all there is", async () => {
    const { zh, en } = await answerOf(masked);
    expect(en).to.match(/that there are no more, and what masked fields \(name\) show, is the provider's word$/);
    expect(zh).to.match(/没有更多行，以及脱敏字段（name）的内容，只是提供部门的话$/);
  });

  it("does not hold with another value in a field that is not masked", async () => {
    const { answer } = masked;
    if (answer === undefined || !("rows" in answer.payload)) return expect.fail("no rows");
    const rows = answer.payload.rows.map(([, name = null]) => ["000", name]);
    const { en } = await answerOf({ ...masked, answer: { ...answer, payload: { ...answer.payload, rows } } });
    expect(en).to.equal("what came is not what the provider's record says of it");
  });

  it("does not hold as a grant's that masks nothing", async () => {
    const { answer, key } = masked;
    const { en } = await answerOf({ ...whole, ...(answer && { answer }), ...(key && { key }) });
    expect(en).to.equal("the subject shown is not the one asked for");
  });
});
