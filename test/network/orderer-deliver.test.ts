import type { SigningIdentity } from "@wanlian/network/certificates/signing-identity.js";
import { FOREVER, seekRequest } from "@wanlian/network/embedded/deliver/seek-request.js";
import { OrdererProcess } from "@wanlian/network/embedded/orderer/process.js";
import type { RpcClient } from "@wanlian/network/grpc/client.js";
import { AtomicBroadcast } from "@wanlian/network/grpc/services.js";
import type { Encodable } from "@wanlian/protocol/codec.js";
import { Envelope, Payload } from "@wanlian/protocol/messages/common.js";
import { SeekBehavior, SeekContentType, type SeekInfo } from "@wanlian/protocol/messages/orderer.js";
import { expect } from "chai";
import { pino } from "pino";
import * as ordering from "./ordering.js";
import { makeWorld, type World } from "./world.js";

const silent = pino({ level: "silent" });
const HEIGHT = 4n;

const oldest = { oldest: {} };
const newest = { newest: {} };
const block = (number: bigint) => ({ specified: { number } });

describe("orderer › deliver", () => {
  let world: World;
  let orderer: OrdererProcess;
  let client: RpcClient;
  let reader: SigningIdentity;

  before(async () => {
    world = await makeWorld({ departments: 3, consensus: "embedded" });
    orderer = await OrdererProcess.start(ordering.ordererSettings(world), silent);
    client = await ordering.connectOrderer(world, orderer.addresses.listen);
    reader = await ordering.member(world, ordering.WRITER, "administrators/admin");
    await ordering.joinChannel(world, orderer.addresses.adminListen, await ordering.genesis(world, "1ms"));
    for (let number = 1n; number < HEIGHT; number += 1n) await order();
  });

  after(async () => {
    client.close();
    await orderer.close();
    await world.remove();
  });

  const order = async () => {
    const envelope = ordering.signedEnvelope(reader);
    await ordering.broadcast(client, envelope);
    return ordering.blockWith(client, reader, envelope);
  };

  const answer = async (seek: Encodable<SeekInfo>, channel?: string) => {
    const { blocks, status } = await ordering.deliver(client, reader, seek, channel);
    return [blocks.map(({ header }) => Number(header?.number)), status];
  };

  it("gives the blocks of a range and then its status", async () => {
    expect(await answer({ start: oldest, stop: newest })).to.deep.equal([[0, 1, 2, 3], 200]);
    expect(await answer({ start: newest, stop: newest })).to.deep.equal([[3], 200]);
    expect(await answer({ start: block(1n), stop: block(2n) })).to.deep.equal([[1, 2], 200]);
  });

  it("refuses a range that cannot be", async () => {
    expect(await answer({ start: block(2n), stop: block(1n) })).to.deep.equal([[], 400]);
    expect(await answer({ start: block(HEIGHT + 1n), stop: block(HEIGHT + 1n) })).to.deep.equal([[], 404]);
    expect(await answer({ start: oldest })).to.deep.equal([[], 400]);
  });

  it("does not wait when told not to", async () => {
    const behavior = SeekBehavior.FAIL_IF_NOT_READY;
    expect(await answer({ start: block(2n), stop: block(9n), behavior })).to.deep.equal([[2, 3], 404]);
  });

  it("does not know a channel it has not joined, whoever asks", async () => {
    expect(await answer({ start: oldest, stop: newest }, "elsewhere")).to.deep.equal([[], 404]);
  });

  it("leaves the data out where only headers are wanted, but for configurations", async () => {
    const contentType = SeekContentType.HEADER_WITH_SIG;
    const { blocks } = await ordering.deliver(client, reader, { start: oldest, stop: newest, contentType });
    expect(blocks.map(({ data }) => data?.data.length)).to.deep.equal([1, undefined, undefined, undefined]);
    expect(blocks.every(({ header, metadata }) => header && metadata)).to.equal(true);
  });

  it("refuses who may not read with 403", async () => {
    const stranger = await makeWorld({ departments: 3, consensus: "embedded" });
    const outsider = await ordering.member(stranger, ordering.WRITER, "administrators/admin");
    const { status } = await ordering.deliver(client, outsider, { start: oldest, stop: newest });
    await stranger.remove();
    expect(status).to.equal(403);
  });

  it("takes one request after another on a stream, until one is refused", async () => {
    const stream = client.bidi(AtomicBroadcast.deliver);
    const ask = (seek: Encodable<SeekInfo>) => stream.send(seekRequest({ channelId: "pilot", seek }, reader));
    await ask({ start: oldest, stop: oldest });
    await ask({ start: newest, stop: newest });
    await ask({ start: block(2n), stop: block(1n) });
    const answers = [];
    for await (const { status, block: sent } of stream) answers.push(status ?? Number(sent?.header?.number));
    expect(answers).to.deep.equal([0, 200, 3, 200, 400]);
  });

  const stale: [string, number][] = [
    ["behind", -16 * 60_000],
    ["ahead of", 16 * 60_000],
  ];
  for (const [where, offset] of stale) {
    it(`refuses a request sixteen minutes ${where} its clock`, async () => {
      const seek = { start: oldest, stop: newest };
      const stream = client.bidi(AtomicBroadcast.deliver);
      await stream.send(seekRequest({ channelId: "pilot", seek }, reader, Date.now() + offset));
      const statuses = [];
      for await (const { status } of stream) statuses.push(status);
      expect(statuses).to.deep.equal([400]);
    });
  }

  it("refuses a request without a timestamp, and one that does not decode", async () => {
    const header = { channelHeader: new Uint8Array(), signatureHeader: new Uint8Array() };
    for (const payload of [Payload.encode({ header }), Payload.encode({}), Uint8Array.from([0xff])]) {
      const stream = client.bidi(AtomicBroadcast.deliver);
      await stream.send(Envelope.create({ payload }));
      const statuses = [];
      for await (const { status } of stream) statuses.push(status);
      expect(statuses).to.deep.equal([400]);
    }
  });

  it("waits for blocks to come and gives each at once to all who follow", async () => {
    const seek = { start: block(HEIGHT), stop: block(HEIGHT + 2n) };
    const followers = Array.from({ length: 5 }, () => answer(seek));
    for (let count = 0; count < 3; count += 1) await order();
    const expected = [[4, 5, 6], 200];
    expect(await Promise.all(followers)).to.deep.equal([expected, expected, expected, expected, expected]);
  });

  it("ends a stream that waits when the channel is left", async () => {
    const following = answer({ start: newest, stop: block(FOREVER) });
    await order();
    const path = "/participation/v1/channels/pilot";
    await ordering.administer(world, orderer.addresses.adminListen, { method: "DELETE", path });
    expect((await following)[1]).to.equal(503);
  });
});
