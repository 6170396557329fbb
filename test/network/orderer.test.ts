import type { SigningIdentity } from "@wanlian/network/certificates/signing-identity.js";
import * as changes from "@wanlian/network/channel/changes.js";
import * as files from "@wanlian/network/channel/update-file.js";
import { OrdererProcess } from "@wanlian/network/embedded/orderer/process.js";
import type { RpcClient } from "@wanlian/network/grpc/client.js";
import { assertComplete, assertFollows, assertWellFormed, lastConfigIndex } from "@wanlian/protocol/block.js";
import { assertOrdered } from "@wanlian/protocol/block-signatures.js";
import { type Bundle, bundleFromBlock } from "@wanlian/protocol/configuration/bundle.js";
import { computeUpdate } from "@wanlian/protocol/configuration/delta.js";
import { applyConfig } from "@wanlian/protocol/configuration/update.js";
import { Block, Envelope, HeaderType, Payload } from "@wanlian/protocol/messages/common.js";
import { ConfigEnvelope, type ConfigGroup } from "@wanlian/protocol/messages/configuration.js";
import { expect } from "chai";
import { pino } from "pino";
import * as ordering from "./ordering.js";
import { makeWorld, type World } from "./world.js";

const silent = pino({ level: "silent" });

describe("orderer", () => {
  let world: World;
  let genesis: Block;
  let orderer: OrdererProcess;
  let client: RpcClient;
  let writer: SigningIdentity;

  before(async () => {
    world = await makeWorld({ departments: 3, consensus: "embedded" });
    const block = await ordering.genesis(world, "2ms");
    genesis = Block.decode(block);
    orderer = await OrdererProcess.start(ordering.ordererSettings(world), silent);
    client = await ordering.connectOrderer(world, orderer.addresses.listen);
    writer = await ordering.member(world, ordering.WRITER, "administrators/admin");
    expect((await ordering.joinChannel(world, orderer.addresses.adminListen, block)).status).to.equal(201);
  });

  after(async () => {
    client.close();
    await orderer.close();
    await world.remove();
  });

  const height = async () => {
    const path = "/participation/v1/channels/pilot";
    const { body } = await ordering.administer(world, orderer.addresses.adminListen, { path });
    return BigInt(JSON.parse(body.toString()).height);
  };

  const nextBlock = async (send: () => Promise<{ statuses: number[] }>): Promise<Block> => {
    const number = await height();
    expect((await send()).statuses).to.include(200);
    const blocks = await ordering.blocksUpTo(client, writer, number);
    return blocks.at(-1) ?? expect.fail("no block");
  };

  /** An update of the channel's present configuration, signed by the administrators of these organisations. */
  const update = async (change: (channel: ConfigGroup) => ConfigGroup, signers: string[]): Promise<Envelope> => {
    const channel = (await bundle()).group;
    let file = files.updateFile(computeUpdate("pilot", channel, change(channel)));
    for (const mspId of signers)
      file = files.signUpdate(file, await ordering.member(world, mspId, "administrators/admin"));
    return files.updateEnvelope(file, writer);
  };

  const bundle = async (): Promise<Bundle> => {
    const blocks = await ordering.blocksUpTo(client, writer, (await height()) - 1n);
    const config = blocks[Number(lastConfigIndex(blocks.at(-1) ?? genesis))] ?? genesis;
    return bundleFromBlock(config.data?.data ?? []);
  };

  it("puts what it accepts into a block that follows the last and that peers accept", async () => {
    const envelope = ordering.signedEnvelope(writer);
    await ordering.broadcast(client, envelope);
    const block = await ordering.blockWith(client, writer, envelope);
    assertComplete(block);
    assertWellFormed(block);
    assertFollows(block, genesis.header ?? expect.fail("no header"));
    await assertOrdered(block, block.header, bundleFromBlock(genesis.data?.data ?? []));
    expect(block.data.data).to.deep.equal([Envelope.encode(envelope)]);
    expect(lastConfigIndex(block)).to.equal(0n);
    expect(block.metadata.metadata).to.have.length(5);
  });

  it("orders an envelope with unknown fields as it came", async () => {
    const { payload, signature } = ordering.signedEnvelope(writer);
    const unknown = Uint8Array.from([0x1a, 0x01, 0x00]);
    const bytes = Buffer.concat([Envelope.encode({ payload, signature }), unknown]);
    await ordering.broadcast(client, Envelope.decode(bytes));
    const block = await ordering.blockWith(client, writer, Envelope.decode(bytes));
    expect(Buffer.from(block.data?.data[0] ?? [])).to.deep.equal(bytes);
  });

  it("answers each envelope of a stream in turn, and ends the stream after a refusal", async () => {
    const good = () => ordering.signedEnvelope(writer);
    const bad = ordering.signedEnvelope(writer, { channelId: "elsewhere" });
    const last = good();
    const { statuses } = await ordering.broadcast(client, good(), last, bad, good());
    expect(statuses).to.deep.equal([200, 200, 400]);
    await ordering.blockWith(client, writer, last);
  });

  const refused: [string, number, (signer: SigningIdentity) => Parameters<typeof ordering.broadcast>[1]][] = [
    ["an empty payload", 400, () => ({})],
    ["a payload that does not decode", 400, () => ({ payload: Uint8Array.from([0xff]) })],
    ["a payload without header", 400, () => ({ payload: Payload.encode({ data: new Uint8Array(1) }) })],
    ["an unknown channel", 400, (signer) => ordering.signedEnvelope(signer, { channelId: "elsewhere" })],
    ["a configuration sent directly", 400, (signer) => ordering.signedEnvelope(signer, { type: HeaderType.CONFIG })],
    ["a message type of no use", 400, (signer) => ordering.signedEnvelope(signer, { type: HeaderType.MESSAGE })],
    ["a wrong signature", 403, (signer) => ordering.signedEnvelope(signer, { signature: signer.nonce() })],
    [
      "more bytes than the channel allows",
      400,
      (signer) => ordering.signedEnvelope(signer, { data: ordering.transaction(new Uint8Array(11_000_000)) }),
    ],
  ];
  for (const [what, status, make] of refused) {
    it(`refuses ${what} with ${status}, and orders nothing`, async () => {
      const before = await height();
      const { statuses } = await ordering.broadcast(client, make(writer));
      expect(statuses).to.deep.equal([status]);
      expect(await height()).to.equal(before);
    });
  }

  it("refuses who is not of the channel with 403", async () => {
    const stranger = await makeWorld({ departments: 3, consensus: "embedded" });
    const outsider = await ordering.member(stranger, ordering.WRITER, "administrators/admin");
    const { statuses } = await ordering.broadcast(client, ordering.signedEnvelope(outsider));
    await stranger.remove();
    expect(statuses).to.deep.equal([403]);
  });

  it("applies a configuration that enough administrators signed, alone in its block, before what comes after", async () => {
    const envelope = await update((group) => changes.setEndorsements(group, 3), ["BureauMSP", "PoliceMSP"]);
    const before = await bundle();
    const block = await nextBlock(() => ordering.broadcast(client, envelope));
    assertComplete(block);
    expect(lastConfigIndex(block)).to.equal(block.header.number);
    await assertOrdered(block, block.header, before);
    const [only] = block.data.data;
    const config = ConfigEnvelope.decode(Payload.decode(Envelope.decode(only ?? expect.fail()).payload).data);
    expect((await applyConfig(before, config)).sequence).to.equal(1n);
    const next = ordering.signedEnvelope(writer);
    await ordering.broadcast(client, next);
    const after = await ordering.blockWith(client, writer, next);
    expect(lastConfigIndex(after)).to.equal(block.header.number);
  });

  it("refuses a configuration that too few administrators signed", async () => {
    const envelope = await update((group) => changes.setEndorsements(group, 1), ["BureauMSP"]);
    const { statuses, info } = await ordering.broadcast(client, envelope);
    expect(statuses).to.deep.equal([400]);
    expect(info).to.include("the signatures do not satisfy");
  });

  it("judges what comes after a configuration by it: the revoked cannot write, nor read on", async () => {
    const folder = await world.organisations.get("PoliceMSP")?.addClient("leaver", ["node"], ["127.0.0.1"]);
    expect(folder).to.be.a("string");
    const leaver = await ordering.member(world, "PoliceMSP", "clients/leaver");
    const issued = await world.organisations.get("PoliceMSP")?.issued();
    const serial = issued?.find(({ name }) => name === "leaver")?.serialNumber ?? expect.fail("not issued");
    const list = (await world.organisations.get("PoliceMSP")?.identities.revoke([serial])) ?? expect.fail("no list");
    const last = ordering.signedEnvelope(leaver);
    expect((await ordering.broadcast(client, last)).statuses).to.deep.equal([200]);
    await ordering.blockWith(client, writer, last);
    const next = await height();
    const reading = ordering.deliver(client, leaver, {
      start: { oldest: {} },
      stop: { specified: { number: next + 5n } },
    });
    const revocation = await update((group) => changes.setRevocationLists(group, "PoliceMSP", [list]), ["PoliceMSP"]);
    const sent = await ordering.broadcast(client, revocation, ordering.signedEnvelope(leaver));
    expect(sent.statuses).to.deep.equal([200, 403]);
    expect((await reading).status).to.equal(403);
  });
});
