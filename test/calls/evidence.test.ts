import { isCode, messages } from "@wanlian/client/api-document/messages.js";
import { LogError } from "@wanlian/client/core/log-error.js";
import { type ExportParts, exportEvidence } from "@wanlian/client/evidence/export.js";
import { evidenceOfOwn } from "@wanlian/client/evidence/own-records.js";
import type { Digest } from "@wanlian/model/identifiers.js";
import { expect } from "chai";
import { anchor, makeAuditor } from "../audit/audit-world.js";
import { PROVIDER } from "../exchange/exchange-world.js";
import { type CallsWorld, makeCallsWorld, record } from "./calls-world.js";

/** What nobody signed is nobody's proof: of a call there is a finding of an audit, and no evidence (decision 380). */
describe("evidence of a call over another road", () => {
  let calls: CallsWorld;
  before(async () => {
    calls = await makeCallsWorld();
    for (const side of [calls.provider, calls.consumer]) await side.desk.push([record("1")]);
    for (const side of [calls.world.provider, calls.world.consumer]) await anchor(calls.world, side);
  });
  after(() => calls.remove());

  /** Nothing of it is asked for: the entry itself decides. */
  const NO_PARTS = {} as ExportParts;
  const refusal = async (made: Promise<unknown>): Promise<string> =>
    await made.then(
      () => expect.fail("evidence was made"),
      (error: unknown) => (error instanceof LogError ? error.code : expect.fail(String(error))),
    );

  it("is not made at a party's node, with the reason and what to do instead, in both languages", async () => {
    const { records, index, vault, certificates } = calls.world.provider.exchange;
    const own = { department: PROVIDER, records, index, vault, certificates };
    await index.catchUp();
    const [told] = await index.find({}, { limit: 1 });
    const code = await refusal(evidenceOfOwn(own, told?.id as Digest, NO_PARTS, () => true));
    expect(code).to.equal("CALL_NOT_SIGNED");
    const { zh, en } = isCode(code) ? messages[code] : expect.fail("without words");
    expect(zh).to.match(/双方均未签名.*审计人员/);
    expect(en).to.match(/[Nn]either party signed.*auditor/);
  });

  it("is not made for an auditor either, who has it as a finding's ground: told alike, or not", async () => {
    const { records } = calls.world.provider.exchange;
    const entry = await records.reader().record(0);
    const provable = { position: 0, entry, opening: undefined, receipt: undefined, key: undefined };
    const code = await refusal(
      exportEvidence({ department: PROVIDER, certificates: new Map(), ...provable }, NO_PARTS),
    );
    expect(code).to.equal("CALL_NOT_SIGNED");
    const auditor = await makeAuditor(calls.world, "9100");
    const { findings, calls: told } = await auditor.run({ show: "records" });
    expect(findings).to.deep.equal([]);
    expect(told).to.have.lengthOf(2);
  });
});
