import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { SigningIdentity } from "@wanlian/network/certificates/signing-identity.js";
import { filterBlock } from "@wanlian/network/embedded/deliver/filtered-block.js";
import { FollowedLedger } from "@wanlian/network/embedded/deliver/ledger-channel.js";
import { addPeerDeliver } from "@wanlian/network/embedded/deliver/peer-service.js";
import { seekRequest } from "@wanlian/network/embedded/deliver/seek-request.js";
import type { ChannelLedger } from "@wanlian/network/embedded/ledger/channel-ledger.js";
import { RpcClient } from "@wanlian/network/grpc/client.js";
import { clientCredentials, serverCredentials } from "@wanlian/network/grpc/credentials.js";
import { RpcServer } from "@wanlian/network/grpc/server.js";
import { Deliver } from "@wanlian/network/grpc/services.js";
import { ChaincodeEvent } from "@wanlian/protocol/messages/chaincode.js";
import { Block, BlockData, ChannelHeader, Envelope, HeaderType, Payload } from "@wanlian/protocol/messages/common.js";
import type { PeerDeliverResponse } from "@wanlian/protocol/messages/events.js";
import { ChaincodeAction, ProposalResponsePayload } from "@wanlian/protocol/messages/proposal.js";
import { TxPvtReadWriteSet } from "@wanlian/protocol/messages/rwset.js";
import { ChaincodeActionPayload, Transaction, TxValidationCode } from "@wanlian/protocol/messages/transaction.js";
import { expect } from "chai";
import { CHAINCODE, CHANNEL, TestChannel } from "../ledger/channel.js";
import { recordedChannels } from "../vectors/channels.js";
import * as ordering from "./ordering.js";
import { makeWorld } from "./world.js";

const ALL = { start: { oldest: {} }, stop: { newest: {} } };
const PRIVATE = TxPvtReadWriteSet.create({ nsPvtRwset: [] });

describe("deliver › a peer's services", () => {
  let channel: TestChannel;
  let ledger: ChannelLedger;
  let followed: FollowedLedger;
  let server: RpcServer;
  let client: RpcClient;

  before(async () => {
    channel = await TestChannel.make();
    ledger = await channel.ledger();
    followed = new FollowedLedger(ledger);
    server = new RpcServer();
    addPeerDeliver(server, {
      followed: (id) => (id === CHANNEL ? followed : undefined),
      privateData: async () => new Map([[0n, PRIVATE]]),
    });
    const folder = join(channel.world.directory, "organizations", "BureauMSP");
    const tls = join(folder, "peers", "peer0", "tls");
    const own = { cert: await readFile(join(tls, "cert.pem")), key: await readFile(join(tls, "key.pem")) };
    const port = await server.listen("127.0.0.1:0", serverCredentials(own));
    const roots = await readFile(join(folder, "tlsca", "cert.pem"));
    client = new RpcClient(`localhost:${port}`, clientCredentials(roots));
    await commit();
  });

  after(async () => {
    client.close();
    followed.stop();
    await server.close();
    await channel.close();
  });

  const commit = () => ledger.commit(channel.order(channel.draft({}).envelope));

  const ask = async (
    method: (typeof Deliver)[keyof typeof Deliver],
    seek: Parameters<typeof seekRequest>[0]["seek"],
    signer: SigningIdentity = channel.of("CivilMSP").client,
    channelId: string = CHANNEL,
  ): Promise<PeerDeliverResponse[]> => {
    const stream = client.bidi(method);
    await stream.send(seekRequest({ channelId, seek }, signer));
    const answers = [];
    for await (const answer of stream) {
      answers.push(answer);
      if (answer.status !== undefined) break;
    }
    return answers;
  };

  it("gives blocks as this peer committed them, and each new one as it is committed", async () => {
    const next = ledger.height;
    const following = ask(Deliver.deliver, { start: { oldest: {} }, stop: { specified: { number: next } } });
    await commit();
    const answers = await following;
    expect(answers.at(-1)?.status).to.equal(200);
    for (const { block } of answers.slice(0, -1)) {
      const stored = await ledger.block(block?.header?.number ?? expect.fail("no number"));
      expect(block).to.deep.equal(stored);
    }
    expect(answers.length).to.equal(Number(next) + 2);
  });

  it("gives filtered blocks without contents", async () => {
    const [genesis, first] = await ask(Deliver.deliverFiltered, ALL);
    expect(genesis?.filteredBlock?.filteredTransactions).to.have.length(1);
    const [transaction] = first?.filteredBlock?.filteredTransactions ?? [];
    expect(first?.filteredBlock?.channelId).to.equal(CHANNEL);
    expect(transaction?.txid).to.match(/^[0-9a-f]{64}$/);
    expect(transaction?.txValidationCode).to.equal(TxValidationCode.INVALID_CHAINCODE);
  });

  it("gives blocks with the private data that the requester may see", async () => {
    const [, first] = await ask(Deliver.deliverWithPrivateData, ALL);
    expect(first?.blockAndPrivateData?.block?.header?.number).to.equal(1n);
    expect(first?.blockAndPrivateData?.privateDataMap).to.deep.equal(new Map([[0n, PRIVATE]]));
  });

  it("refuses who is not of the channel, and does not know other channels", async () => {
    const stranger = await makeWorld({ departments: 3, consensus: "embedded" });
    const outsider = await ordering.member(stranger, "CivilMSP", "administrators/admin");
    await stranger.remove();
    for (const method of Object.values(Deliver)) {
      expect((await ask(method, ALL, outsider)).map(({ status }) => status)).to.deep.equal([403]);
      const elsewhere = await ask(method, ALL, undefined, "elsewhere");
      expect(elsewhere.map(({ status }) => status)).to.deep.equal([404]);
    }
  });
});

describe("deliver › filtered blocks", () => {
  for (const { name, blocks } of recordedChannels()) {
    it(`tells the codes of ${name} as its peers gave them, and events without payload`, () => {
      for (const { block, number, codes } of blocks) {
        const filtered = filterBlock("pilot", block);
        expect(filtered.number).to.equal(number);
        const transactions = filtered.filteredTransactions ?? [];
        expect(transactions.map(({ txValidationCode }) => txValidationCode ?? 0)).to.deep.equal(codes);
        for (const { transactionActions } of transactions) {
          for (const { chaincodeEvent } of transactionActions?.chaincodeActions ?? []) {
            expect(chaincodeEvent?.payload).to.equal(undefined);
            expect(chaincodeEvent?.eventName).to.be.a("string");
          }
        }
      }
    });
  }

  it("shows an event's chaincode, transaction and name", () => {
    const events = ChaincodeEvent.encode({
      chaincodeId: CHAINCODE,
      txId: "1",
      eventName: "raised",
      payload: new Uint8Array(9),
    });
    const extension = ChaincodeAction.encode({ events });
    const action = { proposalResponsePayload: ProposalResponsePayload.encode({ extension }) };
    const data = Transaction.encode({ actions: [{ payload: ChaincodeActionPayload.encode({ action }) }] });
    const channelHeader = ChannelHeader.encode({ type: HeaderType.ENDORSER_TRANSACTION });
    const envelope = Envelope.encode({ payload: Payload.encode({ header: { channelHeader }, data }) });
    const block = Block.create({ data: BlockData.create({ data: [envelope] }) });
    const [transaction] = filterBlock("pilot", block).filteredTransactions ?? [];
    expect(transaction?.transactionActions?.chaincodeActions).to.deep.equal([
      { chaincodeEvent: { chaincodeId: CHAINCODE, txId: "1", eventName: "raised" } },
    ]);
  });
});
