import { status } from "@grpc/grpc-js";
import { CommitError } from "@hyperledger/fabric-gateway";
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
} from "./city.js";
import { CHAINCODE, CHANNEL, type DepartmentClient } from "./network.js";
import { approveArgs, commitArgs, lifecycle, runSecond, SECOND, SHARED } from "./second.js";

const APPROVE = "ApproveChaincodeDefinitionForMyOrg";
const COMMIT = "CommitChaincodeDefinition";

describe("peer › lifecycle of a second chaincode", function () {
  this.timeout(60_000);
  let city: City;
  const packages = new Map<string, string>();

  before(async () => {
    city = await sharedCity();
  });

  const second = ({ gateway }: DepartmentClient) => gateway.getNetwork(CHANNEL).getContract(SECOND);
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
