import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { OrdererProcess } from "@wanlian/network/embedded/orderer/process.js";
import { Block, Envelope } from "@wanlian/protocol/messages/common.js";
import { expect } from "chai";
import { pino } from "pino";
import * as ordering from "./ordering.js";
import { makeWorld, type World } from "./world.js";

const silent = pino({ level: "silent" });
const CHANNELS = "/participation/v1/channels";

describe("orderer › channel participation", () => {
  let world: World;
  let genesis: Uint8Array;
  let orderer: OrdererProcess;

  before(async () => {
    world = await makeWorld({ departments: 3, consensus: "embedded" });
    genesis = await ordering.genesis(world);
    orderer = await OrdererProcess.start(ordering.ordererSettings(world), silent);
  });

  after(async () => {
    await orderer.close();
    await world.remove();
  });

  const call = async (request: ordering.AdminRequest) => {
    const { status, headers, body } = await ordering.administer(world, orderer.addresses.adminListen, request);
    const text = body.toString();
    return { status, headers, json: text.startsWith("{") ? JSON.parse(text) : undefined, body };
  };
  const post = (part: string, content: Uint8Array) =>
    call({ method: "POST", path: CHANNELS, body: ordering.filePart(part, content) });

  /** The genesis block with its header changed. */
  const altered = (change: (block: Block) => void): Uint8Array => {
    const block = Block.decode(genesis);
    change(block);
    return Block.encode(block);
  };

  it("lists no channels at first, and knows none", async () => {
    const { status, json, headers } = await call({ path: CHANNELS });
    expect([status, json]).to.deep.equal([200, { systemChannel: null, channels: [] }]);
    expect(headers["cache-control"]).to.equal("no-store");
    expect((await call({ path: `${CHANNELS}/pilot` })).status).to.equal(404);
    expect((await call({ method: "DELETE", path: `${CHANNELS}/pilot` })).status).to.equal(404);
  });

  it("turns away who shows no certificate, or one of another authority", async () => {
    const stranger = join(world.directory, "organizations", ordering.WRITER, "administrators", "admin", "tls");
    for (const own of ["nobody", stranger]) {
      const answer = ordering.administer(world, orderer.addresses.adminListen, { path: CHANNELS }, own);
      expect(await answer.catch((error: NodeJS.ErrnoException) => error)).to.be.instanceOf(Error);
    }
  });

  const badBlocks: [string, () => Uint8Array, RegExp][] = [
    ["no block", () => Uint8Array.from([0xff]), /cannot unmarshal/],
    ["a block without configuration", () => altered((block) => (block.data = { data: [new Uint8Array(3)] })), /config/],
    ["a block without metadata", () => altered((block) => (block.metadata = undefined)), /metadata/],
    [
      "data that is not the header's",
      () =>
        altered((block) => {
          if (block.header) block.header.dataHash = new Uint8Array(32);
        }),
      /DataHash/,
    ],
    [
      "a later block",
      () =>
        altered((block) => {
          if (block.header) block.header.number = 7n;
        }),
      /block 7/,
    ],
  ];
  for (const [what, make, reason] of badBlocks) {
    it(`refuses to join with ${what}`, async () => {
      const { status, json } = await post("config-block", make());
      expect(status).to.equal(400);
      expect(json.error).to.match(reason);
    });
  }

  it("refuses to join a channel whose peers would not accept its blocks", async () => {
    const bft = await makeWorld({ departments: 3, consensus: "bft" });
    const { status, json } = await post("config-block", await ordering.genesis(bft));
    await bft.remove();
    expect(status).to.equal(400);
    expect(json.error).to.include("BFT");
    const stranger = await makeWorld({ departments: 3, consensus: "embedded" });
    const { json: other } = await post("config-block", await ordering.genesis(stranger));
    await stranger.remove();
    expect(other.error).to.include("/Channel/Orderer/BlockValidation");
  });

  const badForms: [string, Omit<ordering.AdminRequest, "path">][] = [
    ["another part", { body: ordering.filePart("block", new Uint8Array(1)) }],
    ["a body that is no form", { body: Buffer.from("{}"), headers: { "content-type": "application/json" } }],
    ["a form without boundary", { body: Buffer.from("x"), headers: { "content-type": "multipart/form-data" } }],
    ["more than a megabyte", { body: ordering.filePart("config-block", new Uint8Array(1_100_000)) }],
  ];
  for (const [what, request] of badForms) {
    it(`refuses ${what} with 400 and a reason`, async () => {
      const { status, json } = await call({ ...request, method: "POST", path: CHANNELS });
      expect(status).to.equal(400);
      expect(json.error).to.be.a("string").that.is.not.empty;
    });
  }

  it("joins a channel, describes it, and hands out its blocks", async () => {
    const { status, headers, json } = await post("config-block", genesis);
    const description = {
      name: "pilot",
      url: `${CHANNELS}/pilot`,
      consensusRelation: "consenter",
      status: "active",
      height: 1,
    };
    expect([status, json]).to.deep.equal([201, description]);
    expect(headers.location).to.equal(`${CHANNELS}/pilot`);
    expect((await call({ path: CHANNELS })).json.channels).to.deep.equal([{ name: "pilot", url: `${CHANNELS}/pilot` }]);
    expect((await call({ path: `${CHANNELS}/pilot` })).json).to.deep.equal(description);
    for (const block of ["0", "newest", "oldest", "config"]) {
      const answer = await call({ path: `${CHANNELS}/pilot/blocks/${block}` });
      expect(answer.status).to.equal(200);
      expect(answer.headers["content-type"]).to.equal("application/octet-stream");
      expect(answer.body).to.deep.equal(Buffer.from(genesis));
    }
    expect((await call({ path: `${CHANNELS}/pilot/blocks/1` })).status).to.equal(404);
    expect((await call({ path: `${CHANNELS}/pilot/blocks/first` })).status).to.equal(400);
  });

  it("does not join a channel twice", async () => {
    const { status, headers } = await post("config-block", genesis);
    expect([status, headers.allow]).to.deep.equal([405, "GET, DELETE"]);
  });

  it("answers the methods, names and types it does not serve as Fabric does", async () => {
    const patch = await call({ method: "PATCH", path: CHANNELS });
    expect([patch.status, patch.headers.allow]).to.deep.equal([405, "GET, POST, PUT"]);
    const put = await call({ method: "PUT", path: `${CHANNELS}/pilot` });
    expect([put.status, put.headers.allow]).to.deep.equal([405, "GET, DELETE"]);
    expect((await call({ path: `${CHANNELS}/Pilot` })).status).to.equal(400);
    expect((await call({ path: CHANNELS, headers: { accept: "text/html" } })).status).to.equal(406);
    const root = await call({ path: "/participation/v1/" });
    expect([root.status, root.headers.location]).to.deep.equal([302, CHANNELS]);
  });

  it("takes a configuration update for a channel it has, and none else", async () => {
    const put = (content: Uint8Array) =>
      call({ method: "PUT", path: CHANNELS, body: ordering.filePart("config-update-envelope", content) });
    const admin = await ordering.member(world, ordering.WRITER, "administrators/admin");
    const noUpdate = await put(Envelope.encode(ordering.signedEnvelope(admin)));
    expect([noUpdate.status, noUpdate.json.error]).to.deep.equal([400, "invalid config update envelope: bad type"]);
    const elsewhere = ordering.signedEnvelope(admin, { type: 2, channelId: "elsewhere" });
    expect((await put(Envelope.encode(elsewhere))).status).to.equal(405);
    const empty = ordering.signedEnvelope(admin, { type: 2, data: new Uint8Array() });
    expect((await put(Envelope.encode(empty))).status).to.equal(400);
  });

  it("orders several channels side by side, each in its own chain", async () => {
    const second = await ordering.genesis(world, "1ms", "second");
    expect((await post("config-block", second)).json.name).to.equal("second");
    const { channels } = (await call({ path: CHANNELS })).json;
    expect(channels.map(({ name }: { name: string }) => name)).to.deep.equal(["pilot", "second"]);
    const client = await ordering.connectOrderer(world, orderer.addresses.listen);
    const writer = await ordering.member(world, ordering.WRITER, "administrators/admin");
    const envelope = ordering.signedEnvelope(writer, { channelId: "second" });
    expect((await ordering.broadcast(client, envelope)).statuses).to.deep.equal([200]);
    const seek = { start: { specified: { number: 1n } }, stop: { specified: { number: 1n } } };
    const { blocks } = await ordering.deliver(client, writer, seek, "second");
    client.close();
    expect(blocks[0]?.data?.data).to.deep.equal([Envelope.encode(envelope)]);
    expect((await call({ path: `${CHANNELS}/pilot` })).json.height).to.equal(1);
    expect((await call({ method: "DELETE", path: `${CHANNELS}/second` })).status).to.equal(204);
  });

  it("leaves a channel with everything it stored, and can join again", async () => {
    expect((await call({ method: "DELETE", path: `${CHANNELS}/pilot` })).status).to.equal(204);
    expect((await call({ path: `${CHANNELS}/pilot` })).status).to.equal(404);
    expect(await readdir(join(world.directory, "orderer", "channels"))).to.deep.equal([]);
    expect((await post("config-block", genesis)).status).to.equal(201);
  });
});
