import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { Connections } from "@wanlian/network/administration/calls/connection.js";
import { PeerClient } from "@wanlian/network/administration/calls/peer.js";
import type { SigningIdentity } from "@wanlian/network/certificates/signing-identity.js";
import { FOREVER, seekRequest } from "@wanlian/network/embedded/deliver/seek-request.js";
import { OrdererProcess } from "@wanlian/network/embedded/orderer/process.js";
import { PeerProcess } from "@wanlian/network/embedded/peer/process.js";
import { findBinaries } from "@wanlian/network/fabric/binaries.js";
import { nativeOrderer, nativePeer } from "@wanlian/network/fabric/native.js";
import { RpcClient } from "@wanlian/network/grpc/client.js";
import { clientCredentials } from "@wanlian/network/grpc/credentials.js";
import { AtomicBroadcast, Deliver } from "@wanlian/network/grpc/services.js";
import { answers } from "@wanlian/network/processes/port.js";
import { Processes } from "@wanlian/network/processes/process.js";
import type { Encodable } from "@wanlian/protocol/codec.js";
import { Status } from "@wanlian/protocol/messages/common.js";
import { SeekBehavior, type SeekInfo } from "@wanlian/protocol/messages/orderer.js";
import { expect } from "chai";
import { pino } from "pino";
import { freePort } from "./free-port.js";
import * as ordering from "./ordering.js";
import { makeWorld, type World } from "./world.js";

const FABRIC_BIN = process.env.FABRIC_BIN;
const silent = pino({ level: "silent" });

type Position = Encodable<SeekInfo>["start"];
const oldest = { oldest: {} };
const newest = { newest: {} };
const next = { nextCommit: {} };
const empty = {};
const at = (number: bigint) => ({ specified: { number } });
const failing = { behavior: SeekBehavior.FAIL_IF_NOT_READY };

/** Blocks 0 to 3 are there when it is asked; 4 to 6 come after that. `…` stands for a delivery that goes on. */
const CASES: readonly [string, Position, Position, string, Partial<Encodable<SeekInfo>>?][] = [
  ["the oldest to the newest", oldest, newest, "0 1 2 3 SUCCESS"],
  ["the newest alone", newest, newest, "3 SUCCESS"],
  ["the oldest alone", oldest, oldest, "0 SUCCESS"],
  ["numbers", at(1n), at(2n), "1 2 SUCCESS"],
  ["a stop before the start", at(2n), at(1n), "BAD_REQUEST"],
  ["the newest to a number before it", newest, at(1n), "BAD_REQUEST"],
  ["the newest to the oldest: the start", newest, oldest, "3 SUCCESS"],
  ["a number to the oldest: the start", at(2n), oldest, "2 SUCCESS"],
  ["the height alone", at(4n), at(4n), "4 SUCCESS"],
  ["the height and one more", at(4n), at(5n), "4 5 SUCCESS"],
  ["the height to the newest, which lies before it", at(4n), newest, "4 5 6 …"],
  ["beyond the height", at(5n), at(5n), "NOT_FOUND"],
  ["beyond the height to the newest", at(5n), newest, "NOT_FOUND"],
  ["beyond the height to what lies before it", at(5n), at(1n), "NOT_FOUND"],
  ["the largest number", at(FOREVER), at(FOREVER), "NOT_FOUND"],
  ["from a number for ever", at(2n), at(FOREVER), "2 3 4 5 6 …"],
  ["the next commit to the newest, which lies before it", next, newest, "4 5 6 …"],
  ["the next commit to the next commit", next, next, "4 5 6 …"],
  ["the next commit to its number", next, at(4n), "4 SUCCESS"],
  ["the next commit to a number before it", next, at(3n), "BAD_REQUEST"],
  ["the next commit to the oldest: the start", next, oldest, "4 SUCCESS"],
  ["the oldest to the next commit: block 0", oldest, next, "0 SUCCESS"],
  ["a number to the next commit: block 0, which is past", at(1n), next, "1 2 3 4 5 6 …"],
  ["the newest to the next commit", newest, next, "3 4 5 6 …"],
  ["an empty start", empty, newest, "NOT_FOUND"],
  ["an empty start to a number", empty, at(1n), "NOT_FOUND"],
  ["both empty", empty, empty, "NOT_FOUND"],
  ["the oldest to an empty stop: block 0", oldest, empty, "0 SUCCESS"],
  ["a number to an empty stop", at(1n), empty, "1 2 3 4 5 6 …"],
  ["no start", undefined, newest, "BAD_REQUEST"],
  ["no stop", oldest, undefined, "BAD_REQUEST"],
  ["what is there, without waiting", oldest, newest, "0 1 2 3 SUCCESS", failing],
  ["more than there is, without waiting", at(2n), at(5n), "2 3 NOT_FOUND", failing],
  ["the height, without waiting", at(4n), at(4n), "NOT_FOUND", failing],
  ["the next commit, without waiting", next, newest, "NOT_FOUND", failing],
  ["an empty start, without waiting", empty, newest, "NOT_FOUND", failing],
];
const LAST = 6n;

interface Answer {
  readonly block?: { readonly header?: { readonly number: bigint } | undefined } | undefined;
  readonly status?: number | undefined;
}

type Stream = AsyncIterable<Answer> & { cancel(): void };

/** One that delivers blocks. */
interface Server {
  /** Sends a request over a stream of its own and gives what comes. */
  ask(seek: Encodable<SeekInfo>): Promise<Stream>;
}

/** What came of a request: numbers, and how it ended. */
async function transcript(stream: Stream): Promise<string> {
  const seen: string[] = [];
  for await (const { block, status } of stream) {
    if (block?.header === undefined) {
      const [name = String(status)] = Object.entries(Status).find(([, code]) => code === status) ?? [];
      seen.push(name);
      break;
    }
    seen.push(String(block.header.number));
    if (block.header.number < LAST) continue;
    seen.push("…");
    break;
  }
  stream.cancel();
  return seen.join(" ");
}

describe("deliver › seeks, as Fabric takes them", () => {
  let world: World;
  let processes: Processes;
  let writer: SigningIdentity;
  let genesis: Uint8Array;
  const closing: (() => unknown)[] = [];

  beforeEach(async () => {
    world = await makeWorld({ departments: 3, consensus: "embedded", firstPort: await freePort() });
    processes = new Processes(world.directory);
    await world.organisations.get(ordering.WRITER)?.addPeer("peer0", ["127.0.0.1"]);
    writer = await ordering.member(world, ordering.WRITER, "administrators/admin");
    genesis = await ordering.genesis(world, "20ms");
    closing.push(() => world.remove());
  });
  afterEach(async () => {
    for (const close of closing.splice(0).reverse()) await close();
  });

  const folderOf = (...path: string[]) => join(world.directory, "organizations", ...path);

  /** Orders envelopes, each in a block of its own. */
  const order = async (address: string, count: number) => {
    const client = await ordering.connectOrderer(world, address);
    closing.push(() => client.close());
    for (let done = 0; done < count; done += 1) {
      const envelope = ordering.signedEnvelope(writer);
      // A Raft orderer answers 503 until it has elected itself.
      while ((await ordering.broadcast(client, envelope)).statuses[0] === Status.SERVICE_UNAVAILABLE);
      await ordering.blockWith(client, writer, envelope);
    }
  };
  const ordererAt = async (address: string): Promise<Server> => {
    const client = await ordering.connectOrderer(world, address);
    closing.push(() => client.close());
    return {
      async ask(seek) {
        const stream = client.bidi(AtomicBroadcast.deliver);
        await stream.send(seekRequest({ channelId: "pilot", seek }, writer));
        return stream;
      },
    };
  };
  /** Joined to the channel. */
  const peerAt = async (address: string): Promise<Server> => {
    const roots = await readFile(folderOf(ordering.WRITER, "tlsca", "cert.pem"), "utf8");
    const connections = new Connections();
    closing.push(() => connections.close());
    const endpoint = { mspId: ordering.WRITER, name: "peer0", address, tlsRoots: [roots] };
    await new PeerClient(endpoint, connections, writer).join(genesis);
    const client = new RpcClient(address, clientCredentials(roots));
    closing.push(() => client.close());
    return {
      async ask(seek) {
        const stream = client.bidi(Deliver.deliver);
        await stream.send(seekRequest({ channelId: "pilot", seek }, writer));
        return stream;
      },
    };
  };
  const startOurs = async () => {
    const listen = world.topology.orderers.nodes[0]?.address ?? expect.fail("the topology lacks a place");
    const orderer = await OrdererProcess.start({ ...ordering.ordererSettings(world), listen }, silent);
    closing.push(() => orderer.close());
    await ordering.joinChannel(world, orderer.addresses.adminListen, genesis);
    return listen;
  };

  /** Asks all at once while blocks 0 to 3 are there, then orders three more. */
  const compare = async (server: Server, orderer: string) => {
    await order(orderer, 3);
    // Whoever follows the orderer has them, too.
    await transcript(await server.ask({ start: at(3n), stop: at(3n) }));
    const asked = CASES.map(([, start, stop, , more]) => server.ask({ start, stop, ...more }));
    const came = (await Promise.all(asked)).map(transcript);
    // Answered after all of these have come in.
    for (let round = 0; round < 5; round += 1) await transcript(await server.ask({ start: oldest, stop: newest }));
    await order(orderer, 3);
    const found = await Promise.all(came);
    expect(CASES.map(([what], index) => `${what}: ${found[index]}`)).to.deep.equal(
      CASES.map(([what, , , expected]) => `${what}: ${expected}`),
    );
  };

  it("are answered so by our orderer", async () => {
    const orderer = await startOurs();
    await compare(await ordererAt(orderer), orderer);
  });

  it("are answered so by our peer", async () => {
    const orderer = await startOurs();
    const folder = folderOf(ordering.WRITER, "peers", "peer0");
    const peer = await PeerProcess.start(
      {
        ...{ mspId: ordering.WRITER, mspDir: join(folder, "msp"), listen: "127.0.0.1:0" },
        tls: { cert: join(folder, "tls", "cert.pem"), key: join(folder, "tls", "key.pem") },
        dataDir: join(world.directory, "peer"),
      },
      silent,
    );
    closing.push(() => peer.close());
    await compare(await peerAt(peer.addresses.listen), orderer);
  });

  describe("on real Fabric (FABRIC_BIN)", () => {
    before(function () {
      if (!FABRIC_BIN) this.skip();
    });

    it("are answered so by a real orderer", async function () {
      this.timeout(60_000);
      const [place] = world.topology.orderers.nodes;
      if (!place) return expect.fail("the topology lacks an orderer");
      const folder = folderOf(place.organisation, "orderers", place.name);
      const binaries = await findBinaries(FABRIC_BIN, "raft");
      const spec = await nativeOrderer(binaries, place, folder, join(world.directory, "native"));
      await processes.start(spec);
      closing.push(() => processes.stop(spec.name));
      while (!(await answers(place.administration)));
      expect((await ordering.joinChannel(world, place.administration, genesis)).status).to.equal(201);
      await compare(await ordererAt(place.address), place.address);
    });

    it("are answered so by a real peer", async function () {
      this.timeout(60_000);
      const orderer = await startOurs();
      const place = world.topology.departments.find(({ mspId }) => mspId === ordering.WRITER)?.peers[0];
      if (!place) return expect.fail("the topology lacks a peer");
      const folder = folderOf(ordering.WRITER, "peers", "peer0");
      const binaries = await findBinaries(FABRIC_BIN, "embedded");
      const spec = await nativePeer(binaries, ordering.WRITER, place, folder, join(world.directory, "native"));
      await processes.start(spec);
      closing.push(() => processes.stop(spec.name));
      await compare(await peerAt(place.address), orderer);
    });
  });
});
