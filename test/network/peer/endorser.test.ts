import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { propose } from "@wanlian/network/administration/calls/proposal.js";
import { SigningIdentity } from "@wanlian/network/certificates/signing-identity.js";
import { RpcClient } from "@wanlian/network/grpc/client.js";
import { clientCredentials } from "@wanlian/network/grpc/credentials.js";
import { Endorser } from "@wanlian/network/grpc/services.js";
import { ChannelHeader, Header } from "@wanlian/protocol/messages/common.js";
import {
  ChaincodeAction,
  ChaincodeHeaderExtension,
  Proposal,
  type ProposalResponse,
  ProposalResponsePayload,
  type SignedProposal,
} from "@wanlian/protocol/messages/proposal.js";
import { expect } from "chai";
import { type City, failureOf, messageOf, sharedCity, submit, text } from "./city.js";
import { CHAINCODE, CHANNEL } from "./network.js";

const MINUTE = 60;

describe("peer › endorser", function () {
  this.timeout(60_000);
  let city: City;
  let client: RpcClient;
  let identity: SigningIdentity;

  before(async () => {
    city = await sharedCity();
    const organisation = join(city.network.world.directory, "organizations", "BureauMSP");
    identity = await SigningIdentity.read("BureauMSP", join(organisation, "clients", "node", "msp"));
    const address = city.network.departments[0]?.peers[0].address ?? "";
    client = new RpcClient(address, clientCredentials(await readFile(join(organisation, "tlsca", "cert.pem"))));
  });

  after(() => client?.close());

  const call = (name: string, ...args: string[]) => ({
    channel: CHANNEL,
    chaincode: CHAINCODE,
    args: [name, ...args].map((arg) => Buffer.from(arg)),
  });
  const process = (signed: SignedProposal): Promise<ProposalResponse> => client.unary(Endorser.processProposal, signed);
  /** A proposal with its channel header altered and signed again. */
  const altered = (change: (header: ChannelHeader) => Partial<ChannelHeader>): SignedProposal => {
    const { signed } = propose(call("get", "k"), identity);
    const proposal = Proposal.decode(signed.proposalBytes);
    const header = Header.decode(proposal.header);
    const channelHeader = ChannelHeader.decode(header.channelHeader);
    const changed = ChannelHeader.encode({ ...channelHeader, ...change(channelHeader) });
    const proposalBytes = Proposal.encode({
      ...proposal,
      header: Header.encode({ ...header, channelHeader: changed }),
    });
    return { proposalBytes, signature: identity.sign(proposalBytes) };
  };
  const shifted = (seconds: number) =>
    altered(({ timestamp }) => ({
      timestamp: { seconds: (timestamp?.seconds ?? 0n) + BigInt(seconds), nanos: 0 },
    }));

  it("a good proposal is endorsed: the answer names chaincode and version, and repeats the response", async () => {
    const { response, payload, endorsement, version } = await process(propose(call("put", "e", "v"), identity).signed);
    expect([version, response?.status, text(response?.payload ?? new Uint8Array(0))]).to.deep.equal([1, 200, "v"]);
    const action = ChaincodeAction.decode(ProposalResponsePayload.decode(payload).extension);
    expect(action.chaincodeId).to.deep.include({ name: CHAINCODE, version: "1.0", path: "" });
    expect(endorsement?.endorser.length).to.be.greaterThan(0);
  });

  it("a proposal's time may be ten minutes off, and not sixteen", async () => {
    for (const minutes of [10, -10]) {
      expect((await process(shifted(minutes * MINUTE))).response?.status).to.equal(200);
    }
    for (const minutes of [16, -16]) {
      const error = await failureOf(process(shifted(minutes * MINUTE)));
      expect(messageOf(error)).to.match(
        /^request unauthorized due to incorrect timestamp .*Z, peer time .*Z, peer\.authentication\.timewindow 15m0s$/,
      );
    }
  });

  it("a signature by another key, or over other bytes, is access denied and no more is said", async () => {
    const { signed } = propose(call("get", "k"), identity);
    const denied = `error validating proposal: access denied: channel [${CHANNEL}] creator org [BureauMSP]`;
    const other = await failureOf(process({ ...signed, signature: identity.sign(Buffer.from("other bytes")) }));
    expect(messageOf(other)).to.equal(denied);
    const garbage = await failureOf(process({ ...signed, signature: Buffer.from("no signature") }));
    expect(messageOf(garbage)).to.equal(denied);
  });

  it("somebody of no organization of the channel is denied", async () => {
    const folder = join(city.network.world.directory, "organizations", "OrdererMSP", "administrators", "admin", "msp");
    const stranger = await SigningIdentity.read("NobodyMSP", folder);
    const error = await failureOf(process(propose(call("get", "k"), stranger).signed));
    expect(messageOf(error)).to.contain("creator org unknown, creator is malformed");
  });

  it("a peer is no writer: by the channel's policy it may not propose", async () => {
    const folder = join(city.network.world.directory, "organizations", "BureauMSP", "peers", "peer0", "msp");
    const peer = await SigningIdentity.read("BureauMSP", folder);
    const error = await failureOf(process(propose(call("get", "k"), peer).signed));
    expect(messageOf(error)).to.contain("with policy [/Channel/Application/Writers]");
  });

  it("headers that do not hang together are refused, each with its reason", async () => {
    const cases: [SignedProposal, string][] = [
      [altered(() => ({ txId: "00" })), "incorrectly computed txid '00'"],
      [altered(() => ({ epoch: 1n })), "epoch is non-zero"],
      [altered(() => ({ type: 4 })), "invalid header type ORDERER_TRANSACTION"],
      [altered(() => ({ extension: new Uint8Array(0) })), "ChaincodeHeaderExtension.ChaincodeId is nil"],
      [
        altered(() => ({ extension: ChaincodeHeaderExtension.encode({ chaincodeId: { name: "qscc" } }) })),
        `the header names chaincode 'qscc' and the invocation '${CHAINCODE}'`,
      ],
      [{ proposalBytes: Buffer.from("no proposal"), signature: new Uint8Array(1) }, "malformed"],
    ];
    for (const [signed, reason] of cases) expect(messageOf(await failureOf(process(signed)))).to.contain(reason);
  });

  it("a transaction that is on the ledger cannot be proposed again", async () => {
    const proposal = city.bureau.contract.newProposal("put", { arguments: ["again", "1"] });
    const commit = await (await proposal.endorse()).submit();
    await commit.getStatus();
    const error = await failureOf(proposal.endorse());
    expect(JSON.stringify(error)).to.contain(`duplicate transaction found [${commit.getTransactionId()}]`);
  });

  it("an unknown channel is an answer with status 500", async () => {
    const { signed } = propose({ ...call("get", "k"), channel: "nochan" }, identity);
    expect((await process(signed)).response).to.deep.include({ status: 500, message: "channel 'nochan' not found" });
  });

  it("a chaincode's error is an answer with its payload and no endorsement", async () => {
    const { response, payload, endorsement } = await process(propose(call("fail", "no"), identity).signed);
    expect(response).to.deep.include({ status: 500, message: "no" });
    expect(payload.length).to.be.greaterThan(0);
    expect(endorsement).to.equal(undefined);
  });

  it("qscc and cscc answer readers with what the ledger holds", async () => {
    const commit = await submitted();
    const ledger = city.bureau.gateway.getNetwork(CHANNEL).getContract("qscc");
    const block = await ledger.evaluateTransaction("GetBlockByTxID", CHANNEL, commit);
    expect(block.length).to.be.greaterThan(0);
    expect((await ledger.evaluateTransaction("GetTransactionByID", CHANNEL, commit)).length).to.be.greaterThan(0);
    const absent = await failureOf(ledger.evaluateTransaction("GetTransactionByID", CHANNEL, "00"));
    expect(messageOf(absent)).to.contain("no such transaction ID [00] in index");
    const configuration = city.bureau.gateway.getNetwork(CHANNEL).getContract("cscc");
    expect((await configuration.evaluateTransaction("GetConfigBlock", CHANNEL)).length).to.be.greaterThan(0);
  });

  async function submitted(): Promise<string> {
    await submit(city.bureau, "put", "asked", "for");
    const commit = await city.bureau.contract.submitAsync("put", { arguments: ["asked", "again"] });
    await commit.getStatus();
    return commit.getTransactionId();
  }
});
