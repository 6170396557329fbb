import { status } from "@grpc/grpc-js";
import { CommitError, type ProposalOptions } from "@hyperledger/fabric-gateway";
import { KVRWSet, TxPvtReadWriteSet } from "@wanlian/protocol/messages/rwset.js";
import { TxValidationCode } from "@wanlian/protocol/messages/transaction.js";
import { expect } from "chai";
import {
  type City,
  caughtUp,
  codeOf,
  detailsOf,
  evaluate,
  failureOf,
  messageOf,
  sharedCity,
  submit,
  text,
  until,
} from "./city.js";
import { CHAINCODE, CHANNEL, type DepartmentClient } from "./network.js";
import { approveArgs, commitArgs, lifecycle, runSecond, SECOND, SHARED, WITNESSED } from "./second.js";

const APPROVE = "ApproveChaincodeDefinitionForMyOrg";
const COMMIT = "CommitChaincodeDefinition";

/** The private values that a department's own peer delivers with a block. */
async function privateValues({ gateway }: DepartmentClient, number: bigint): Promise<string[]> {
  const blocks = await gateway.getNetwork(CHANNEL).getBlockAndPrivateDataEvents({ startBlock: number });
  try {
    for await (const delivered of blocks) {
      const sets = [...delivered.getPrivateDataMapMap().entries()].map(([, set]) => set.serializeBinary());
      return sets
        .flatMap((bytes) => TxPvtReadWriteSet.decode(bytes).nsPvtRwset)
        .flatMap(({ collectionPvtRwset }) => collectionPvtRwset)
        .flatMap(({ rwset }) => KVRWSet.decode(rwset).writes.map(({ value }) => text(value)));
    }
    return [];
  } finally {
    blocks.close();
  }
}

describe("peer › lifecycle of a second chaincode", function () {
  this.timeout(60_000);
  let city: City;
  const packages = new Map<string, string>();

  before(async () => {
    city = await sharedCity();
  });

  const second = ({ gateway }: DepartmentClient) => gateway.getNetwork(CHANNEL).getContract(SECOND);
  const revealed = (client: DepartmentClient, options: ProposalOptions) =>
    second(client)
      .evaluate("reveal", options)
      .then(text, () => undefined);
  const refusalOf = async (attempt: Promise<unknown>) => messageOf(await failureOf(attempt));

  it("nobody runs what is not defined", async () => {
    const error = await failureOf(second(city.bureau).submitTransaction("put", "k", "v"));
    expect(codeOf(error)).to.equal(status.FAILED_PRECONDITION);
  });

  it("each department installs, approves once, and only what the next sequence allows", async () => {
    for (const { mspId } of city.network.departments) packages.set(mspId, await runSecond(city, mspId));
    const id = packages.get("BureauMSP") ?? "";
    const skipped = lifecycle(city, "BureauMSP", APPROVE, approveArgs(id, { sequence: 2n }), "BureauMSP");
    expect(await refusalOf(skipped)).to.contain(
      "requested sequence 2 is larger than the next available sequence number 1",
    );
    const named = lifecycle(city, "BureauMSP", APPROVE, approveArgs(id, { name: "a/b" }), "BureauMSP");
    expect(await refusalOf(named)).to.contain("invalid chaincode name 'a/b'");
    await lifecycle(city, "BureauMSP", APPROVE, approveArgs(id), "BureauMSP");
    const again = lifecycle(city, "BureauMSP", APPROVE, approveArgs(id), "BureauMSP");
    expect(await refusalOf(again)).to.contain("attempted to redefine uncommitted sequence (1)");
  });

  it("another department's administrator cannot approve for this one", async () => {
    const foreign = lifecycle(city, "CivilMSP", APPROVE, approveArgs("none"), "BureauMSP");
    expect(await refusalOf(foreign)).to.contain("Failed to authorize invocation due to failed ACL check");
  });

  it("a department's peer endorses a commit only if the department approved", async () => {
    const early = lifecycle(city, "BureauMSP", COMMIT, commitArgs(), "BureauMSP", "CivilMSP");
    expect(await refusalOf(early)).to.contain("chaincode definition not agreed to by this org (CivilMSP)");
    for (const mspId of ["CivilMSP", "PoliceMSP"]) {
      await lifecycle(city, mspId, APPROVE, approveArgs(packages.get(mspId) ?? ""), mspId);
    }
    await caughtUp(city);
    await lifecycle(city, "BureauMSP", COMMIT, commitArgs(), "BureauMSP", "CivilMSP");
    await caughtUp(city);
  });

  it("any one department endorses it, as its own definition says", async () => {
    const alone = { arguments: ["mine", "v"], endorsingOrganizations: ["PoliceMSP"] };
    expect(text(await second(city.bureau).submit("put", alone))).to.equal("v");
  });

  it("only clients of a collection's members read it where its definition says so", async () => {
    await second(city.bureau).submit("hide", { arguments: [SHARED, "letter", "between us"] });
    expect(text(await second(city.bureau).evaluateTransaction("reveal", SHARED, "letter"))).to.equal("between us");
    const error = await failureOf(second(city.police).evaluateTransaction("reveal", SHARED, "letter"));
    expect(messageOf(error)).to.contain("tx creator does not have read access permission on privatedata");
  });

  it("what one member's peer endorsed is read at the other's, and a third department's has it by hash alone", async () => {
    await second(city.bureau).submit("hide", {
      arguments: [SHARED, "given", "once"],
      endorsingOrganizations: ["BureauMSP"],
    });
    const at = (mspId: string) => ({ arguments: [SHARED, "given"], endorsingOrganizations: [mspId] });
    await until(async () => (await revealed(city.civil, at("CivilMSP"))) === "once");
    const error = await failureOf(second(city.bureau).evaluate("reveal", at("PoliceMSP")));
    expect(messageOf(error)).to.contain("private data matching public hash version is not available");
  });

  it("blocks are delivered with the private data of those collections that the asker is a member of", async () => {
    const hidden = await second(city.bureau).submitAsync("hide", { arguments: [SHARED, "delivered", "in a block"] });
    const { blockNumber } = await hidden.getStatus();
    expect(await privateValues(city.civil, blockNumber)).to.deep.equal(["in a block"]);
    expect(await privateValues(city.police, blockNumber)).to.deep.equal([]);
  });

  it("what a member's peer missed while it was away comes to it afterwards; what needs a witness waits for one", async () => {
    const { network } = city;
    const name = "peer-CivilMSP";
    await network.processes.stop(name);
    const alone = { endorsingOrganizations: ["BureauMSP"] };
    await until(async () => {
      const witnessed = { ...alone, arguments: [WITNESSED, "seen", "by two"] };
      const error = await second(city.bureau)
        .submit("hide", witnessed)
        .then(() => undefined, detailsOf);
      return JSON.stringify(error ?? "").includes("but know of only 0 eligible peers");
    });
    await second(city.bureau).submit("hide", { ...alone, arguments: [SHARED, "missed", "meanwhile"] });
    await network.startPeer("CivilMSP");
    const there = { endorsingOrganizations: ["CivilMSP"] };
    await until(async () => (await revealed(city.civil, { ...there, arguments: [SHARED, "missed"] })) === "meanwhile");
    const witnessed = { ...alone, arguments: [WITNESSED, "seen", "by two"] };
    await until(() =>
      second(city.bureau)
        .submit("hide", witnessed)
        .then(
          () => true,
          () => false,
        ),
    );
    await until(async () => (await revealed(city.civil, { ...there, arguments: [WITNESSED, "seen"] })) === "by two");
  });

  it("a collection that nobody defined is refused", async () => {
    const error = await failureOf(second(city.bureau).submitTransaction("hide", "nosuch", "k", "v"));
    expect(JSON.stringify(detailsOf(error))).to.contain("collection pilot/second/nosuch could not be found");
  });

  it("a chaincode calls another within its transaction, and the policies of both have to be met", async () => {
    await submit(city.bureau, "put", "called", "before");
    await caughtUp(city);
    expect(text(await second(city.bureau).evaluateTransaction("call", CHAINCODE, "get", "called"))).to.equal("before");
    expect(text(await second(city.bureau).submitTransaction("call", CHAINCODE, "put", "called", "after"))).to.equal(
      "after",
    );
    await caughtUp(city);
    expect(await evaluate(city.police, "get", "called")).to.equal("after");
    const alone = { arguments: [CHAINCODE, "put", "called", "alone"], endorsingOrganizations: ["BureauMSP"] };
    const error = await failureOf(second(city.bureau).submit("call", alone));
    expect(error).to.be.instanceOf(CommitError).with.property("code", TxValidationCode.ENDORSEMENT_POLICY_FAILURE);
  });

  it("what another chaincode throws comes back through the one that called it", async () => {
    const error = await failureOf(second(city.bureau).evaluateTransaction("call", CHAINCODE, "fail", "deep down"));
    expect(messageOf(error)).to.contain("deep down");
    const unknown = await failureOf(second(city.bureau).evaluateTransaction("call", "nosuch", "get", "k"));
    expect(messageOf(unknown)).to.contain("chaincode nosuch not found");
  });
});
