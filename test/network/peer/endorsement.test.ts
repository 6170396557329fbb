import { createHash } from "node:crypto";
import { status } from "@grpc/grpc-js";
import { CommitError, EndorseError } from "@hyperledger/fabric-gateway";
import { SEAL } from "@wanlian/model/kernel/seal.js";
import { outOf, principal } from "@wanlian/network/channel/policies.js";
import { TxValidationCode } from "@wanlian/protocol/messages/transaction.js";
import { expect } from "chai";
import { type City, caughtUp, codeOf, endorse, evaluate, failureOf, messageOf, sharedCity, submit } from "./city.js";

/** No identities, one signature wanted: a key with it can never be changed again. */
const SEALED = Buffer.from(SEAL).toString("hex");
const policyOf = (n: number, ...mspIds: string[]): string =>
  Buffer.from(
    outOf(
      n,
      mspIds.map((mspId) => principal(mspId, "PEER")),
    ).value,
  ).toString("hex");
const implicit = (mspId: string): string => `_implicit_org_${mspId}`;
const NO_PLAN = "no combination of peers can be derived which satisfy the endorsement policy";

describe("peer › who has to endorse", function () {
  this.timeout(90_000);
  let city: City;

  before(async () => {
    city = await sharedCity();
  });

  it("a sealed key is made once and never changes again", async () => {
    await submit(city.bureau, "create", "sealed", SEALED);
    await caughtUp(city);
    expect(await evaluate(city.civil, "policy", "sealed")).to.equal(SEALED);
    const attempts: [string, ...string[]][] = [
      ["put", "sealed", "x"],
      ["delete", "sealed"],
      ["setPolicy", "sealed", policyOf(1, "BureauMSP")],
    ];
    for (const attempt of attempts) {
      const error = await failureOf(submit(city.bureau, ...attempt));
      expect(error).to.be.instanceOf(EndorseError);
      expect(codeOf(error)).to.equal(status.FAILED_PRECONDITION);
      expect(messageOf(error)).to.contain(`${NO_PLAN}: state based endorsement policy cannot be satisfied`);
    }
    const everybody = city.network.departments.map(({ mspId }) => mspId);
    const forced = city.bureau.contract.newProposal("put", {
      arguments: ["sealed", "x"],
      endorsingOrganizations: everybody,
    });
    const { code } = await (await (await forced.endorse()).submit()).getStatus();
    expect(code).to.equal(TxValidationCode.ENDORSEMENT_POLICY_FAILURE);
  });

  it("two creations of one sealed key in a block: the second fails for its policy, not its version", async () => {
    const both = [
      await endorse(city.bureau, "create", "twice", SEALED),
      await endorse(city.bureau, "create", "twice", SEALED),
    ];
    const fates = await Promise.all(both.map(async (one) => (await one.submit()).getStatus()));
    const [first, second] = fates.map(({ code }) => code).sort();
    expect(first).to.equal(TxValidationCode.VALID);
    const inOneBlock = fates[0]?.blockNumber === fates[1]?.blockNumber;
    expect(second).to.equal(
      inOneBlock ? TxValidationCode.ENDORSEMENT_POLICY_FAILURE : TxValidationCode.MVCC_READ_CONFLICT,
    );
  });

  it("the gateway plans for a key's own policy", async () => {
    await submit(city.bureau, "create", "theirs", policyOf(1, "PoliceMSP"));
    await caughtUp(city);
    expect(await submit(city.bureau, "put", "theirs", "planned")).to.equal("planned");
    const alone = city.bureau.contract.newProposal("put", {
      arguments: ["theirs", "alone"],
      endorsingOrganizations: ["BureauMSP"],
    });
    const { code } = await (await (await alone.endorse()).submit()).getStatus();
    expect(code).to.equal(TxValidationCode.ENDORSEMENT_POLICY_FAILURE);
  });

  it("the channel's own policy Records asks for two departments: one is not enough, and the gateway brings two", async () => {
    const alone = city.bureau.contract.newProposal("put", {
      arguments: ["k", "v"],
      endorsingOrganizations: ["BureauMSP"],
    });
    const commit = await (await alone.endorse()).submit();
    expect((await commit.getStatus()).code).to.equal(TxValidationCode.ENDORSEMENT_POLICY_FAILURE);
    const error = await failureOf(
      city.bureau.contract.submit("put", { arguments: ["k", "v"], endorsingOrganizations: ["BureauMSP"] }),
    );
    expect(error).to.be.instanceOf(CommitError);
    expect(await submit(city.bureau, "put", "k", "v")).to.equal("v");
  });

  it("a department's private data is read by that department alone, and its hash by all", async () => {
    await city.bureau.contract.submit("hide", {
      arguments: [implicit("BureauMSP"), "secret"],
      transientData: { value: "hidden value" },
    });
    await caughtUp(city);
    expect(await evaluate(city.bureau, "reveal", implicit("BureauMSP"), "secret")).to.equal("hidden value");
    const expected = createHash("sha256").update("hidden value").digest("hex");
    expect(await evaluate(city.police, "hash", implicit("BureauMSP"), "secret")).to.equal(expected);
    const error = await failureOf(
      city.bureau.contract.evaluate("reveal", {
        arguments: [implicit("BureauMSP"), "secret"],
        endorsingOrganizations: ["PoliceMSP"],
      }),
    );
    expect(codeOf(error)).to.equal(status.UNKNOWN);
    expect(messageOf(error)).to.contain("private data matching public hash version is not available");
  });

  it("private data for another department goes to that department's peer", async () => {
    await submit(city.bureau, "hide", implicit("PoliceMSP"), "letter", "for you");
    await caughtUp(city);
    expect(await evaluate(city.police, "reveal", implicit("PoliceMSP"), "letter")).to.equal("for you");
  });
});
