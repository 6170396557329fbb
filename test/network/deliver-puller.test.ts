import { readFile } from "node:fs/promises";
import type { SigningIdentity } from "@wanlian/network/certificates/signing-identity.js";
import { Height } from "@wanlian/network/embedded/deliver/height.js";
import { BlockPuller } from "@wanlian/network/embedded/deliver/puller.js";
import type { CommittedBlock } from "@wanlian/network/embedded/ledger/ledger.js";
import { OrdererProcess } from "@wanlian/network/embedded/orderer/process.js";
import type { RpcClient } from "@wanlian/network/grpc/client.js";
import { serverCredentials } from "@wanlian/network/grpc/credentials.js";
import { RpcServer } from "@wanlian/network/grpc/server.js";
import { AtomicBroadcast } from "@wanlian/network/grpc/services.js";
import { assertComplete, assertFollows, assertWellFormed } from "@wanlian/protocol/block.js";
import { assertOrdered } from "@wanlian/protocol/block-signatures.js";
import { type Bundle, bundleFromBlock } from "@wanlian/protocol/configuration/bundle.js";
import { Block, Payload } from "@wanlian/protocol/messages/common.js";
import { SeekInfo } from "@wanlian/protocol/messages/orderer.js";
import { expect } from "chai";
import { pino } from "pino";
import { freePort } from "./free-port.js";
import * as ordering from "./ordering.js";
import { makeWorld, type World } from "./world.js";

const silent = pino({ level: "silent" });

/** A ledger that keeps blocks in memory after the checks that every ledger makes. */
class MemoryLedger {
  readonly channelId = "pilot";
  config: Pick<Bundle, "orderer">;
  readonly #bundle: Bundle;
  readonly blocks: Block[];
  /** What the configuration becomes with the next block. */
  next: Pick<Bundle, "orderer"> | undefined;
  readonly reached = new Height(1n);
  /** Thrown instead of storing a block. */
  broken: Error | undefined;

  constructor(genesis: Uint8Array) {
    this.blocks = [Block.decode(genesis)];
    this.#bundle = bundleFromBlock(this.blocks[0]?.data?.data ?? []);
    this.config = this.#bundle;
  }

  get height(): bigint {
    return BigInt(this.blocks.length);
  }

  async commit(block: Block): Promise<CommittedBlock> {
    assertComplete(block);
    assertFollows(block, this.blocks.at(-1)?.header ?? expect.fail("no block before"));
    assertWellFormed(block);
    await assertOrdered(block, block.header, this.#bundle);
    if (this.broken) throw this.broken;
    this.blocks.push(block);
    this.reached.advance(this.height);
    const { number } = block.header;
    const nothing = new Uint8Array();
    const config = this.next && Object.assign(Object.create(this.#bundle), this.next);
    this.config = this.next ?? this.config;
    this.next = undefined;
    return { number, block, codes: nothing, txIds: [], commitHash: nothing, config };
  }
}

describe("deliver › a peer's block puller", () => {
  let world: World;
  let genesis: Uint8Array;
  let orderer: OrdererProcess;
  let client: RpcClient;
  let peer: SigningIdentity;
  let writer: SigningIdentity;
  let listen: string;
  let ledger: MemoryLedger;
  let stopping: AbortController;

  before(async () => {
    world = await makeWorld({ departments: 3, consensus: "embedded", firstPort: await freePort() });
    listen = world.topology.orderers.nodes[0]?.address ?? expect.fail("no orderer");
    genesis = await ordering.genesis(world, "1ms");
    await world.organisations.get(ordering.WRITER)?.addPeer("peer0", ["127.0.0.1"]);
    peer = await ordering.member(world, ordering.WRITER, "peers/peer0");
    writer = await ordering.member(world, ordering.WRITER, "administrators/admin");
    await startOrderer();
    await ordering.joinChannel(world, orderer.addresses.adminListen, genesis);
  });

  after(async () => {
    await stopOrderer();
    await world.remove();
  });

  beforeEach(() => {
    ledger = new MemoryLedger(genesis);
    stopping = new AbortController();
  });

  const startOrderer = async () => {
    orderer = await OrdererProcess.start({ ...ordering.ordererSettings(world), listen }, silent);
    client = await ordering.connectOrderer(world, listen);
  };
  const stopOrderer = async () => {
    client.close();
    await orderer.close();
  };
  const ordererTls = async () => {
    const { tls } = ordering.ordererSettings(world);
    return { cert: await readFile(tls.cert), key: await readFile(tls.key) };
  };
  const order = async (count: number): Promise<bigint> => {
    let number = 0n;
    for (let index = 0; index < count; index += 1) {
      const envelope = ordering.signedEnvelope(writer);
      expect((await ordering.broadcast(client, envelope)).statuses).to.deep.equal([200]);
      number = (await ordering.blockWith(client, peer, envelope)).header?.number ?? expect.fail("no number");
    }
    return number;
  };
  const pull = () => {
    const puller = new BlockPuller({ ledger, signer: peer, log: silent });
    return { puller, ended: puller.run(stopping.signal) };
  };

  it("brings a ledger up to the orderer, and then each block as it is made", async () => {
    const first = await order(3);
    const { puller, ended } = pull();
    await ledger.reached.reach(first, stopping.signal);
    await ledger.reached.reach(await order(2), stopping.signal);
    expect(puller.source).to.equal(listen);
    stopping.abort();
    await ended;
  });

  it("goes on where it was when the orderer is back", async () => {
    const { ended } = pull();
    await ledger.reached.reach(await order(1), stopping.signal);
    await stopOrderer();
    await startOrderer();
    await ledger.reached.reach(await order(2), stopping.signal);
    stopping.abort();
    await ended;
    expect(ledger.blocks.map(({ header }) => header?.number)).to.deep.equal(
      ledger.blocks.map((_, index) => BigInt(index)),
    );
  });

  it("waits for an orderer that is not there yet", async () => {
    const last = await order(1);
    await stopOrderer();
    const { ended } = pull();
    await startOrderer();
    await ledger.reached.reach(last, stopping.signal);
    stopping.abort();
    await ended;
  });

  it("leaves an orderer that the configuration no longer names, for one that it does", async () => {
    const last = await order(2);
    const chain = await ordering.blocksUpTo(client, peer, last);
    const other = new RpcServer().bidi(AtomicBroadcast.deliver, async (requests, send) => {
      for await (const { payload } of requests) {
        const { start } = SeekInfo.decode(Payload.decode(payload).data);
        for (const block of chain.slice(Number(start?.specified?.number))) await send({ block });
      }
    });
    const address = `127.0.0.1:${await other.listen("127.0.0.1:0", serverCredentials(await ordererTls()))}`;
    const { orderer: settings } = ledger.config;
    const organizations = settings.organizations.map((one) => ({ ...one, endpoints: [address] }));
    ledger.next = { orderer: { ...settings, organizations } };
    const { puller, ended } = pull();
    await ledger.reached.reach(last, stopping.signal);
    expect(puller.source).to.equal(address);
    stopping.abort();
    await ended;
    await other.close();
  });

  it("ends with the ledger's own failure, which no other orderer could mend", async () => {
    ledger.broken = new Error("the disk is full");
    await order(1);
    const failure = await pull().ended.catch((error: Error) => error);
    expect(failure).to.equal(ledger.broken);
  });

  it("stores nothing that an orderer made up, and takes good blocks again from one that is honest", async () => {
    const last = await order(2);
    await stopOrderer();
    let served = 0;
    const liar = new RpcServer().bidi(AtomicBroadcast.deliver, async (_requests, send) => {
      served += 1;
      const [data, previousHash] = [[new Uint8Array(3)], new Uint8Array(32)];
      await send({ block: { header: { number: 1n, previousHash, dataHash: previousHash }, data: { data } } });
    });
    await liar.listen(listen, serverCredentials(await ordererTls()));
    const { ended } = pull();
    while (served < 2) await new Promise((resolve) => setImmediate(resolve));
    expect(ledger.height).to.equal(1n);
    await liar.close();
    await startOrderer();
    await ledger.reached.reach(last, stopping.signal);
    stopping.abort();
    await ended;
  });
});
