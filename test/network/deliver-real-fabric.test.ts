import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { Connections } from "@wanlian/network/administration/calls/connection.js";
import { PeerClient } from "@wanlian/network/administration/calls/peer.js";
import type { SigningIdentity } from "@wanlian/network/certificates/signing-identity.js";
import { BlockPuller } from "@wanlian/network/embedded/deliver/puller.js";
import { seekRequest } from "@wanlian/network/embedded/deliver/seek-request.js";
import { type ChannelLedger, createLedger } from "@wanlian/network/embedded/ledger/channel-ledger.js";
import { OrdererProcess } from "@wanlian/network/embedded/orderer/process.js";
import { findBinaries } from "@wanlian/network/fabric/binaries.js";
import { nativeOrderer, nativePeer } from "@wanlian/network/fabric/native.js";
import { RpcClient } from "@wanlian/network/grpc/client.js";
import { clientCredentials } from "@wanlian/network/grpc/credentials.js";
import { Deliver } from "@wanlian/network/grpc/services.js";
import { answers } from "@wanlian/network/processes/port.js";
import { Processes } from "@wanlian/network/processes/process.js";
import { headerHash, statedCommitHash, validationCodes } from "@wanlian/protocol/block.js";
import { Block, Status } from "@wanlian/protocol/messages/common.js";
import { expect } from "chai";
import { pino } from "pino";
import { freePort } from "./free-port.js";
import * as ordering from "./ordering.js";
import { makeWorld, type World } from "./world.js";

const FABRIC_BIN = process.env.FABRIC_BIN;
const silent = pino({ level: "silent" });

describe("deliver › with real Fabric (FABRIC_BIN)", () => {
  let world: World;
  let processes: Processes;
  let ledger: ChannelLedger;
  let writer: SigningIdentity;
  let peer: SigningIdentity;
  let genesis: Uint8Array;
  const closing: (() => unknown)[] = [];

  before(function () {
    if (!FABRIC_BIN) this.skip();
  });

  beforeEach(async () => {
    world = await makeWorld({ departments: 3, consensus: "embedded", firstPort: await freePort() });
    processes = new Processes(world.directory);
    await world.organisations.get(ordering.WRITER)?.addPeer("peer0", ["127.0.0.1"]);
    writer = await ordering.member(world, ordering.WRITER, "administrators/admin");
    peer = await ordering.member(world, ordering.WRITER, "peers/peer0");
    genesis = await ordering.genesis(world, "20ms");
    ledger = await createLedger(
      { directory: join(world.directory, "ledger"), mspId: ordering.WRITER },
      Block.decode(genesis),
    );
    closing.push(
      () => world.remove(),
      () => ledger.close(),
    );
  });

  afterEach(async () => {
    for (const close of closing.splice(0).reverse()) await close();
  });

  const folderOf = (...path: string[]) => join(world.directory, "organizations", ...path);

  /** Follows the channel's orderer into our own ledger until the test ends. */
  const follow = () => {
    const stopping = new AbortController();
    const ended = new BlockPuller({ ledger, signer: peer, log: silent }).run(stopping.signal);
    closing.push(() => {
      stopping.abort();
      return ended;
    });
  };

  /** Resolves when our own ledger has block `number`. */
  const committed = (number: bigint) =>
    new Promise<void>((resolve) => {
      const unfollow = ledger.onCommit((block) => {
        if (block.number === number) resolve();
      });
      closing.push(unfollow);
      if (ledger.height > number) resolve();
    });

  const orderSome = async (address: string): Promise<bigint> => {
    const client = await ordering.connectOrderer(world, address);
    closing.push(() => client.close());
    let number = 0n;
    for (let count = 0; count < 5; count += 1) {
      const envelope = ordering.signedEnvelope(writer);
      // A Raft orderer answers 503 until it has elected itself.
      while ((await ordering.broadcast(client, envelope)).statuses[0] === Status.SERVICE_UNAVAILABLE);
      number = (await ordering.blockWith(client, writer, envelope)).header?.number ?? expect.fail("no number");
    }
    return number;
  };

  it("a real peer follows our orderer through a restart, and comes to our own ledger's codes and commit hashes", async function () {
    this.timeout(60_000);
    const place = world.topology.departments.find(({ mspId }) => mspId === ordering.WRITER)?.peers[0];
    const listen = world.topology.orderers.nodes[0]?.address;
    if (!place || !listen) return expect.fail("the topology lacks a place");
    const settings = { ...ordering.ordererSettings(world), listen };
    let orderer = await OrdererProcess.start(settings, silent);
    closing.push(() => orderer.close());
    await ordering.joinChannel(world, orderer.addresses.adminListen, genesis);

    const binaries = await findBinaries(FABRIC_BIN, "embedded");
    const folder = folderOf(ordering.WRITER, "peers", "peer0");
    const spec = await nativePeer(binaries, ordering.WRITER, place, folder, join(world.directory, "native"));
    await processes.start(spec);
    closing.push(() => processes.stop(spec.name));
    const roots = await readFile(folderOf(ordering.WRITER, "tlsca", "cert.pem"), "utf8");
    const connections = new Connections();
    closing.push(() => connections.close());
    const endpoint = { mspId: ordering.WRITER, name: "peer0", address: place.address, tlsRoots: [roots] };
    await new PeerClient(endpoint, connections, writer).join(genesis);
    follow();

    await orderSome(listen);
    await orderer.close();
    orderer = await OrdererProcess.start(settings, silent);
    const last = await orderSome(listen);
    await committed(last);

    const client = new RpcClient(place.address, clientCredentials(roots));
    closing.push(() => client.close());
    const stream = client.bidi(Deliver.deliver);
    const seek = { start: { oldest: {} }, stop: { specified: { number: last } } };
    await stream.send(seekRequest({ channelId: "pilot", seek }, writer));
    let compared = 0n;
    for await (const { block } of stream) {
      if (!block?.header) break;
      const { number } = block.header;
      const own = (await ledger.block(number)) ?? expect.fail(`we have no block ${number}`);
      expect(own.header && headerHash(own.header)).to.deep.equal(headerHash(block.header));
      expect(validationCodes(own)).to.deep.equal(validationCodes(block));
      expect(statedCommitHash(own)).to.deep.equal(statedCommitHash(block));
      compared += 1n;
    }
    stream.cancel();
    expect(compared).to.equal(last + 1n);
  });

  it("our peer's puller follows a real orderer", async function () {
    this.timeout(60_000);
    const [place] = world.topology.orderers.nodes;
    if (!place) return expect.fail("the topology lacks an orderer");
    const binaries = await findBinaries(FABRIC_BIN, "raft");
    const folder = folderOf(place.organisation, "orderers", place.name);
    const spec = await nativeOrderer(binaries, place, folder, join(world.directory, "native"));
    await processes.start(spec);
    closing.push(() => processes.stop(spec.name));
    while (!(await answers(place.administration)));
    const joined = await ordering.joinChannel(world, place.administration, genesis);
    expect(joined.status).to.equal(201);
    follow();
    const last = await orderSome(place.address);
    await committed(last);
    expect(ledger.height).to.equal(last + 1n);
  });
});
