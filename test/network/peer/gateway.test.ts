import { status } from "@grpc/grpc-js";
import { EndorseError } from "@hyperledger/fabric-gateway";
import { expect } from "chai";
import {
  type City,
  codeOf,
  detailsOf,
  endorse,
  evaluate,
  failureOf,
  messageOf,
  sharedCity,
  submit,
  text,
  until,
} from "./city.js";
import { CHAINCODE } from "./network.js";

const NO_PLAN = "no combination of peers can be derived which satisfy the endorsement policy";

describe("peer › gateway", function () {
  this.timeout(90_000);
  let city: City;

  before(async () => {
    city = await sharedCity();
  });

  it("what one department submits, every department reads", async () => {
    await submit(city.bureau, "put", "greeting", "你好");
    await until(async () => (await evaluate(city.police, "get", "greeting")) === "你好");
  });

  it("events of valid transactions arrive in order, from a block or after a transaction", async () => {
    const names = ["first", "second", "third"];
    let from: bigint | undefined;
    let after = "";
    for (const name of names) {
      const proposal = city.bureau.contract.newProposal("event", { arguments: [name, `payload of ${name}`] });
      const commit = await (await proposal.endorse()).submit();
      const { blockNumber } = await commit.getStatus();
      from ??= blockNumber;
      if (name === "first") after = commit.getTransactionId();
    }
    const channel = city.bureau.gateway.getNetwork("pilot");
    const since = await channel.getChaincodeEvents(CHAINCODE, { startBlock: from ?? 0n });
    const seen: string[] = [];
    for await (const { eventName, payload } of since) {
      seen.push(`${eventName}: ${text(payload)}`);
      if (seen.length === names.length) break;
    }
    since.close();
    expect(seen).to.deep.equal(names.map((name) => `${name}: payload of ${name}`));
    const checkpoint = { getBlockNumber: () => from, getTransactionId: () => after };
    const later = await channel.getChaincodeEvents(CHAINCODE, { checkpoint });
    for await (const { eventName } of later) {
      expect(eventName).to.equal("second");
      break;
    }
    later.close();
  });

  it("a contract's refusal comes back with its text: ABORTED on submit, UNKNOWN on evaluate", async () => {
    const address = city.network.departments[0]?.peers[0].address;
    const detail = { address, mspId: "BureauMSP", message: "chaincode response 500, WRONG_STATE: closed" };
    const submitted = await failureOf(submit(city.bureau, "fail", "WRONG_STATE: closed"));
    expect(submitted).to.be.instanceOf(EndorseError);
    expect(codeOf(submitted)).to.equal(status.ABORTED);
    expect(messageOf(submitted)).to.contain("failed to endorse transaction, see attached details for more info");
    expect(detailsOf(submitted)).to.deep.equal([detail]);
    const evaluated = await failureOf(evaluate(city.bureau, "fail", "WRONG_STATE: closed"));
    expect(codeOf(evaluated)).to.equal(status.UNKNOWN);
    expect(messageOf(evaluated)).to.contain(`evaluate call to endorser returned error: ${detail.message}`);
    expect(detailsOf(evaluated)).to.deep.equal([detail]);
  });

  it("unknown chaincodes, channels and organizations are refused as Fabric's gateway refuses them", async () => {
    const other = city.bureau.gateway.getNetwork("pilot").getContract("nosuch");
    const submitted = await failureOf(other.submitTransaction("put"));
    expect([codeOf(submitted), messageOf(submitted)]).to.deep.equal([
      status.FAILED_PRECONDITION,
      `9 FAILED_PRECONDITION: ${NO_PLAN}: No metadata was found for chaincode nosuch in channel pilot`,
    ]);
    const evaluated = await failureOf(other.evaluateTransaction("get"));
    expect([codeOf(evaluated), messageOf(evaluated)]).to.deep.equal([
      status.FAILED_PRECONDITION,
      "9 FAILED_PRECONDITION: no peers available to evaluate chaincode nosuch in channel pilot",
    ]);
    const elsewhere = city.bureau.gateway.getNetwork("nochan").getContract(CHAINCODE);
    const noChannel = await failureOf(elsewhere.evaluateTransaction("get"));
    expect([codeOf(noChannel), messageOf(noChannel)]).to.deep.equal([
      status.UNAVAILABLE,
      "14 UNAVAILABLE: failed to get config for channel [nochan]: could not get last config for channel nochan",
    ]);
    const nobody = await failureOf(city.bureau.contract.submit("put", { endorsingOrganizations: ["NobodyMSP"] }));
    expect([codeOf(nobody), messageOf(nobody)]).to.deep.equal([
      status.UNAVAILABLE,
      "14 UNAVAILABLE: failed to find any endorsing peers for org(s): NobodyMSP",
    ]);
  });

  it("endorsers that disagree are named", async () => {
    const error = await failureOf(submit(city.bureau, "disagree"));
    expect(codeOf(error)).to.equal(status.ABORTED);
    expect(detailsOf(error).map(({ message }) => message)).to.include("ProposalResponsePayloads do not match");
  });

  it("a chaincode that is too slow is given up", async () => {
    const here = { arguments: ["20000"], endorsingOrganizations: ["BureauMSP"] };
    const error = await failureOf(city.bureau.contract.evaluate("sleep", here));
    expect(JSON.stringify(detailsOf(error))).to.contain("timeout expired while executing transaction");
  });

  it("a chaincode that dies in the middle gives a clear error, and serves again once it is back", async () => {
    const error = await failureOf(city.bureau.contract.evaluate("die", { endorsingOrganizations: ["BureauMSP"] }));
    expect(codeOf(error)).to.equal(status.ABORTED);
    expect(JSON.stringify(detailsOf(error))).to.contain("chaincode stream terminated");
    await city.network.startChaincode("BureauMSP");
    expect(await evaluate(city.bureau, "get", "greeting")).to.equal("你好");
  });

  it("the same envelope submitted twice counts once, and its fate is that of the first", async () => {
    const transaction = await endorse(city.bureau, "put", "submitted-twice", "1");
    const first = await (await transaction.submit()).getStatus();
    const again = city.bureau.gateway.newTransaction(transaction.getBytes());
    const second = await (await again.submit()).getStatus();
    expect([first.code, second.code]).to.deep.equal([0, 0]);
    expect(second.blockNumber).to.equal(first.blockNumber);
  });
});
