import type { Command } from "@wanlian/client/core/services.js";
import type { MspId } from "@wanlian/model/identifiers.js";
import { verifyEvidence } from "@wanlian/verify/verify.js";
import { expect } from "chai";
import { BUREAU, PROVIDER } from "../exchange/exchange-world.js";
import { EvidenceWorld } from "./evidence-world.js";

/** No member by the channel's configuration, so as a department that has joined since was none when the log was anchored. */
const NEWCOMER = "OrdererMSP" as MspId;

describe("evidence of what was before the members changed", () => {
  let world: EvidenceWorld;
  before(async () => {
    world = await EvidenceWorld.make();
  });
  after(() => world.remove());

  async function joinsAndAnchors(department: MspId): Promise<void> {
    const { ledger, act } = world.exchange;
    const administrator = await ledger.officer(department, "9001", "administrator");
    const [mover, second] = [
      await ledger.officer(BUREAU, "9001", "administrator"),
      await ledger.officer(PROVIDER, "9001", "administrator"),
    ];
    const consortium = (type: string, body: Command["body"]) =>
      ({ noun: "consortium", case: null, type, body }) as const;
    await act(mover, consortium("propose", { kind: "admit", subject: department, name: department }));
    const motion = ledger.head({ noun: "consortium", case: "consortium" }).act;
    await act(second, consortium("vote", { motion, vote: "inFavour" }));
    const asMember = { name: department, level: "municipal", head: "1", deputy: "2", stewards: ["3"] };
    await act(administrator, { noun: "member", case: null, type: "join", body: asMember });
    await world.beginsAndAnchors(department);
  }

  it("has no witness that was no member when the log was anchored, though it keeps a log and anchors by now", async () => {
    const signed = await world.lookUp(await world.exchange.grant(["code", "name"]));
    await world.witness();
    await joinsAndAnchors(NEWCOMER);
    expect((await world.parts.history.anchors(NEWCOMER)).length, "it anchors").to.equal(1);
    const { verdict, steps } = await verifyEvidence(await world.evidence(signed), world.trust);
    expect(verdict, JSON.stringify(steps, null, 1)).to.equal("proven");
  });
});
