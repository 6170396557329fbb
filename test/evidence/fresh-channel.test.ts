import type { LedgerError } from "@wanlian/model/errors.js";
import { explain } from "@wanlian/verify/explanation.js";
import type { SignedRecord } from "@wanlian/verify/records/access-record.js";
import { verifyEvidence } from "@wanlian/verify/verify.js";
import { expect } from "chai";
import { TestLedger } from "../client/test-ledger.js";
import { OPENING, PROVIDER } from "../exchange/exchange-world.js";
import { EvidenceWorld } from "./evidence-world.js";

describe("a channel that is new and no demonstration", () => {
  let world: EvidenceWorld;
  before(async () => {
    const ledger = async () => {
      const made = await TestLedger.opened({ ...OPENING, demo: false });
      // Everything needed from its folder is in memory by now.
      await made.remove();
      return made;
    };
    world = await EvidenceWorld.make({ ledger });
  });
  after(() => world.remove());

  const awaited = (signed: SignedRecord) =>
    world.evidence(signed).then(
      () => expect.fail("it is there"),
      ({ code, details }: LedgerError) => {
        expect(code).to.equal("NOT_YET");
        return details;
      },
    );

  it("gives evidence of its first access once it is anchored and witnessed; till then it says what is waited for", async () => {
    const { ledger, provider, consumer, bureau } = world.exchange;
    const grant = await world.exchange.grant(["code", "name"]);
    const signed = await world.lookUp(grant);
    await consumer.exchange.receipts.settled();
    await provider.exchange.log.publish();
    const { time } = ledger;
    // Nobody has anchored anything yet.
    expect(await awaited(signed)).to.deep.equal({ waitingFor: "anchor", department: PROVIDER, position: 0 });
    await world.anchor(provider);
    const waiting = await awaited(signed);
    expect(waiting).to.include({ waitingFor: "witnesses", found: 0, needed: 1 });
    // The parties are no witnesses.
    await world.anchor(consumer);
    expect(await awaited(signed)).to.deep.equal(waiting);
    await world.anchor(bureau);
    const verification = await verifyEvidence(await world.evidence(signed), world.trust);
    expect(verification.verdict).to.equal("proven");
    expect(explain(verification).proven[0]?.en).to.equal("This is no demonstration");
    expect(ledger.time, "nobody moved its clock").to.equal(time);
  });
});
