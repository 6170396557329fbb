import { createHash } from "node:crypto";
import { status } from "@grpc/grpc-js";
import { CommitError, EndorseError, GatewayError } from "@hyperledger/fabric-gateway";
import { outOf, principal } from "@wanlian/network/channel/policies.js";
import { SignaturePolicyEnvelope } from "@wanlian/protocol/messages/policies.js";
import { TxValidationCode } from "@wanlian/protocol/messages/transaction.js";
import { expect } from "chai";
import { CHAINCODE, type DepartmentClient, PeerNetwork } from "./network.js";

/** No identities, one signature wanted: a key with it can never be changed again. */
const SEALED = Buffer.from(SignaturePolicyEnvelope.encode({ rule: { nOutOf: { n: 1, rules: [] } } })).toString("hex");
const policyOf = (n: number, ...mspIds: string[]): string =>
  Buffer.from(
    outOf(
      n,
      mspIds.map((mspId) => principal(mspId, "PEER")),
    ).value,
  ).toString("hex");
const implicit = (mspId: string): string => `_implicit_org_${mspId}`;
const NO_PLAN = "no combination of peers can be derived which satisfy the endorsement policy";

describe("peer and gateway", function () {
  this.timeout(90_000);
  let network: PeerNetwork;
  let bureau: DepartmentClient;
  let civil: DepartmentClient;
  let police: DepartmentClient;

  before(async () => {
    network = await PeerNetwork.start({ departments: 3, firstPort: 21_000 });
    bureau = await network.client("BureauMSP");
    civil = await network.client("CivilMSP");
    police = await network.client("PoliceMSP");
    // A set-up is complete only when every peer knows the others.
    for (const client of [bureau, civil, police]) await untilPlanned(client);
  });

  after(() => network?.stop());

  const submit = async (client: DepartmentClient, ...args: string[]): Promise<string> => {
    const [name = "", ...rest] = args;
    return text(await client.contract.submitTransaction(name, ...rest));
  };
  const evaluate = async (client: DepartmentClient, ...args: string[]): Promise<string> => {
    const [name = "", ...rest] = args;
    return text(await client.contract.evaluateTransaction(name, ...rest));
  };
  /** Endorses now, to be submitted later. */
  const endorse = (client: DepartmentClient, name: string, ...args: string[]) =>
    client.contract.newProposal(name, { arguments: args }).endorse();

  it("what one department submits, every department reads", async () => {
    await submit(bureau, "put", "greeting", "你好");
    await until(async () => (await evaluate(police, "get", "greeting")) === "你好");
  });

  it("a transaction does not see its own writes", async () => {
    await submit(bureau, "put", "seen", "before");
    expect(await submit(bureau, "putThenGet", "seen", "after")).to.equal("before");
  });

  it("of two updates of one version the second fails", async () => {
    await submit(bureau, "put", "counter", "0");
    await caughtUp();
    const [first, second] = [await endorse(bureau, "add", "counter"), await endorse(bureau, "add", "counter")];
    const fates = await Promise.all([first, second].map(async (one) => (await one.submit()).getStatus()));
    expect(fates.map(({ code }) => code)).to.deep.equal([TxValidationCode.VALID, TxValidationCode.MVCC_READ_CONFLICT]);
  });

  it("a key that appeared in a range that was read fails the reader", async () => {
    await submit(bureau, "put", "range-1", "x");
    await caughtUp();
    const reader = await endorse(bureau, "count", "range-", "range-~", "counted");
    await submit(bureau, "put", "range-2", "x");
    const { code } = await (await reader.submit()).getStatus();
    expect(code).to.equal(TxValidationCode.PHANTOM_READ_CONFLICT);
  });

  it("a range longer than a batch comes whole, and is protected to its end", async () => {
    await submit(bureau, "fill", "long-", "250");
    await caughtUp();
    expect(await submit(bureau, "count", "long-", "long-~", "length")).to.equal("250");
  });

  it("pages follow each other, and a transaction with pages cannot write", async () => {
    await submit(bureau, "fill", "page-", "5");
    await caughtUp();
    const first = JSON.parse(await evaluate(bureau, "page", "page-", "page-~", "3"));
    expect(first.keys).to.have.length(3);
    const second = JSON.parse(await evaluate(bureau, "page", "page-", "page-~", "3", first.next));
    expect(second).to.deep.equal({ keys: ["page-00003", "page-00004"], next: "" });
  });

  it("composite keys and the history of a key are read", async () => {
    await submit(bureau, "composite", "noun", "case", "1");
    await caughtUp();
    expect(await evaluate(bureau, "composite", "noun", "case", "2")).to.equal("1");
    await submit(bureau, "put", "past", "1");
    await submit(bureau, "put", "past", "2");
    await submit(bureau, "delete", "past");
    expect(JSON.parse(await evaluate(bureau, "history", "past"))).to.deep.equal(["", "2", "1"]);
  });

  it("a sealed key is made once and never changes again", async () => {
    await submit(bureau, "create", "sealed", SEALED);
    await caughtUp();
    expect(await evaluate(civil, "policy", "sealed")).to.equal(SEALED);
    for (const act of [
      ["put", "sealed", "x"],
      ["delete", "sealed"],
      ["setPolicy", "sealed", policyOf(1, "BureauMSP")],
    ]) {
      const error = await failureOf(submit(bureau, ...act));
      expect(error).to.be.instanceOf(EndorseError);
      expect(codeOf(error)).to.equal(status.FAILED_PRECONDITION);
      expect(messageOf(error)).to.contain(`${NO_PLAN}: state based endorsement policy cannot be satisfied`);
    }
    const everybody = network.departments.map(({ mspId }) => mspId);
    const forced = bureau.contract.newProposal("put", {
      arguments: ["sealed", "x"],
      endorsingOrganizations: everybody,
    });
    const { code } = await (await (await forced.endorse()).submit()).getStatus();
    expect(code).to.equal(TxValidationCode.ENDORSEMENT_POLICY_FAILURE);
  });

  it("two creations of one sealed key in a block: the second fails for its policy, not its version", async () => {
    const both = [await endorse(bureau, "create", "twice", SEALED), await endorse(bureau, "create", "twice", SEALED)];
    const fates = await Promise.all(both.map(async (one) => (await one.submit()).getStatus()));
    const sameBlock = fates[0]?.blockNumber === fates[1]?.blockNumber;
    expect(fates[0]?.code).to.equal(TxValidationCode.VALID);
    if (sameBlock) expect(fates[1]?.code).to.equal(TxValidationCode.ENDORSEMENT_POLICY_FAILURE);
  });

  it("the gateway plans for a key's own policy", async () => {
    await submit(bureau, "create", "theirs", policyOf(1, "PoliceMSP"));
    await caughtUp();
    expect(await submit(bureau, "put", "theirs", "planned")).to.equal("planned");
    const alone = bureau.contract.newProposal("put", {
      arguments: ["theirs", "alone"],
      endorsingOrganizations: ["BureauMSP"],
    });
    const { code } = await (await (await alone.endorse()).submit()).getStatus();
    expect(code).to.equal(TxValidationCode.ENDORSEMENT_POLICY_FAILURE);
  });

  it("the channel's own policy Records asks for two departments: one is not enough, and the gateway brings two", async () => {
    const alone = bureau.contract.newProposal("put", { arguments: ["k", "v"], endorsingOrganizations: ["BureauMSP"] });
    const commit = await (await alone.endorse()).submit();
    expect((await commit.getStatus()).code).to.equal(TxValidationCode.ENDORSEMENT_POLICY_FAILURE);
    const error = await failureOf(
      bureau.contract.submit("put", { arguments: ["k", "v"], endorsingOrganizations: ["BureauMSP"] }),
    );
    expect(error).to.be.instanceOf(CommitError);
    expect(await submit(bureau, "put", "k", "v")).to.equal("v");
  });

  it("a department's private data is read by that department alone, and its hash by all", async () => {
    await bureau.contract.submit("hide", {
      arguments: [implicit("BureauMSP"), "secret"],
      transientData: { value: "hidden value" },
    });
    await caughtUp();
    expect(await evaluate(bureau, "reveal", implicit("BureauMSP"), "secret")).to.equal("hidden value");
    const expected = createHash("sha256").update("hidden value").digest("hex");
    expect(await evaluate(police, "hash", implicit("BureauMSP"), "secret")).to.equal(expected);
    const error = await failureOf(
      bureau.contract.evaluate("reveal", {
        arguments: [implicit("BureauMSP"), "secret"],
        endorsingOrganizations: ["PoliceMSP"],
      }),
    );
    expect(codeOf(error)).to.equal(status.UNKNOWN);
    expect(messageOf(error)).to.contain("private data matching public hash version is not available");
  });

  it("private data for another department goes to that department's peer", async () => {
    await submit(bureau, "hide", implicit("PoliceMSP"), "letter", "for you");
    await caughtUp();
    expect(await evaluate(police, "reveal", implicit("PoliceMSP"), "letter")).to.equal("for you");
  });

  it("events of valid transactions arrive in order, from a block or after a transaction", async () => {
    const names = ["first", "second", "third"];
    let from: bigint | undefined;
    let after = "";
    for (const name of names) {
      const proposal = bureau.contract.newProposal("event", { arguments: [name, `payload of ${name}`] });
      const commit = await (await proposal.endorse()).submit();
      const { blockNumber } = await commit.getStatus();
      from ??= blockNumber;
      if (name === "first") after = commit.getTransactionId();
    }
    const channel = bureau.gateway.getNetwork("pilot");
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
    const address = network.departments[0]?.peers[0].address;
    const detail = { address, mspId: "BureauMSP", message: "chaincode response 500, WRONG_STATE: closed" };
    const submitted = await failureOf(submit(bureau, "fail", "WRONG_STATE: closed"));
    expect(submitted).to.be.instanceOf(EndorseError);
    expect(codeOf(submitted)).to.equal(status.ABORTED);
    expect(messageOf(submitted)).to.contain("failed to endorse transaction, see attached details for more info");
    expect(detailsOf(submitted)).to.deep.equal([detail]);
    const evaluated = await failureOf(evaluate(bureau, "fail", "WRONG_STATE: closed"));
    expect(codeOf(evaluated)).to.equal(status.UNKNOWN);
    expect(messageOf(evaluated)).to.contain(`evaluate call to endorser returned error: ${detail.message}`);
    expect(detailsOf(evaluated)).to.deep.equal([detail]);
  });

  it("unknown chaincodes, channels and organizations are refused as Fabric's gateway refuses them", async () => {
    const other = bureau.gateway.getNetwork("pilot").getContract("nosuch");
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
    const elsewhere = bureau.gateway.getNetwork("nochan").getContract(CHAINCODE);
    const noChannel = await failureOf(elsewhere.evaluateTransaction("get"));
    expect([codeOf(noChannel), messageOf(noChannel)]).to.deep.equal([
      status.UNAVAILABLE,
      "14 UNAVAILABLE: failed to get config for channel [nochan]: could not get last config for channel nochan",
    ]);
    const nobody = await failureOf(bureau.contract.submit("put", { endorsingOrganizations: ["NobodyMSP"] }));
    expect([codeOf(nobody), messageOf(nobody)]).to.deep.equal([
      status.UNAVAILABLE,
      "14 UNAVAILABLE: failed to find any endorsing peers for org(s): NobodyMSP",
    ]);
  });

  it("endorsers that disagree are named", async () => {
    const error = await failureOf(submit(bureau, "disagree"));
    expect(codeOf(error)).to.equal(status.ABORTED);
    expect(detailsOf(error).map(({ message }) => message)).to.include("ProposalResponsePayloads do not match");
  });

  it("a chaincode that is too slow is given up", async () => {
    const error = await failureOf(evaluate(bureau, "sleep", "20000"));
    expect(JSON.stringify(detailsOf(error))).to.contain("timeout expired while executing transaction");
  });

  it("a chaincode that dies in the middle gives a clear error, and serves again once it is back", async () => {
    const error = await failureOf(bureau.contract.evaluate("die", { endorsingOrganizations: ["BureauMSP"] }));
    expect(codeOf(error)).to.equal(status.ABORTED);
    expect(JSON.stringify(detailsOf(error))).to.contain("chaincode stream terminated");
    await network.startChaincode("BureauMSP");
    expect(await evaluate(bureau, "get", "greeting")).to.equal("你好");
  });

  it("the same envelope submitted twice counts once, and its fate is that of the first", async () => {
    const transaction = await endorse(bureau, "put", "once", "1");
    const first = await (await transaction.submit()).getStatus();
    const again = bureau.gateway.newTransaction(transaction.getBytes());
    const second = await (await again.submit()).getStatus();
    expect([first.code, second.code]).to.deep.equal([0, 0]);
    expect(second.blockNumber).to.equal(first.blockNumber);
  });

  /** Resolves when the peers that endorse by plan have every block that the first has. */
  async function caughtUp(): Promise<void> {
    const marker = String(Math.random());
    await submit(bureau, "put", "marker", marker);
    for (const client of [bureau, civil, police]) {
      await until(async () => (await evaluate(client, "get", "marker")) === marker);
    }
  }

  async function untilPlanned(client: DepartmentClient): Promise<void> {
    const everybody = network.departments.map(({ mspId }) => mspId);
    await until(async () => {
      const proposal = client.contract.newProposal("put", { arguments: ["x", "y"], endorsingOrganizations: everybody });
      return proposal.endorse().then(
        () => true,
        () => false,
      );
    });
  }
});

const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString("utf8");

/** Asks again until it is so; the test's own time limit ends what never comes. */
async function until(isSo: () => Promise<boolean>): Promise<void> {
  while (!(await isSo())) await new Promise((resolve) => setImmediate(resolve));
}

async function failureOf(attempt: Promise<unknown>): Promise<unknown> {
  return attempt.then(
    () => expect.fail("nothing failed"),
    (error: unknown) => error,
  );
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : "");
const codeOf = (error: unknown): number | undefined => (error instanceof GatewayError ? error.code : undefined);
const detailsOf = (error: unknown) => (error instanceof GatewayError ? error.details : []);
