import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import type { SigningIdentity } from "@wanlian/network/certificates/signing-identity.js";
import { OrdererProcess } from "@wanlian/network/embedded/orderer/process.js";
import { rebuildChain } from "@wanlian/network/embedded/orderer/rebuild-chain.js";
import { NetworkError } from "@wanlian/network/error.js";
import type { RpcClient } from "@wanlian/network/grpc/client.js";
import { headerHash } from "@wanlian/protocol/block.js";
import { Block } from "@wanlian/protocol/messages/common.js";
import { expect } from "chai";
import { pino } from "pino";
import * as ordering from "./ordering.js";
import { makeWorld, type World } from "./world.js";

const silent = pino({ level: "silent" });

describe("an orderer that lost its blocks", () => {
  let world: World;
  let writer: SigningIdentity;
  let genesis: Uint8Array;
  /** As a peer has them: with validation codes and a commit hash of its own. */
  let kept: Block[];

  before(async () => {
    world = await makeWorld({ departments: 3, consensus: "embedded" });
    writer = await ordering.member(world, ordering.WRITER, "administrators/admin");
    genesis = await ordering.genesis(world, "10ms");
    await running(ordering.ordererSettings(world), async (client, adminListen) => {
      const body = ordering.filePart("config-block", genesis);
      await ordering.administer(world, adminListen, { method: "POST", path: "/participation/v1/channels", body });
      for (let number = 0; number < 3; number += 1) {
        const envelope = ordering.signedEnvelope(writer);
        await ordering.broadcast(client, envelope);
        await ordering.blockWith(client, writer, envelope);
      }
      kept = (await ordering.blocksUpTo(client, writer, 3n)).map(asKept);
    });
  });
  after(() => world.remove());

  it("is made again from a peer's, hands out the same, and goes on after the last", async () => {
    const dataDir = await lost("whole");
    expect(await rebuildChain(dataDir, "pilot", from(kept), genesis)).to.equal(4n);
    await running(ordering.ordererSettings(world, dataDir), async (client) => {
      const envelope = ordering.signedEnvelope(writer);
      await ordering.broadcast(client, envelope);
      const next = await ordering.blockWith(client, writer, envelope);
      expect(next.header?.number).to.equal(4n);
      expect(next.header?.previousHash).to.deep.equal(hashOf(kept.at(-1)));
      const handed = await ordering.blocksUpTo(client, writer, 3n);
      expect(handed.map(hashOf)).to.deep.equal(kept.map(hashOf));
      expect(handed.map(({ metadata }) => metadata?.metadata[2]?.length)).to.deep.equal([0, 0, 0, 0]);
    });
  });

  it("takes no second copy, while it has the channel", async () => {
    const dataDir = await lost("twice");
    await rebuildChain(dataDir, "pilot", from(kept), genesis);
    expect(await refusal(rebuildChain(dataDir, "pilot", from(kept.slice(0, 2)), genesis))).to.equal("ALREADY_DONE");
  });

  const bad: readonly [string, () => readonly Block[]][] = [
    ["nothing", () => []],
    ["no beginning", () => kept.slice(1)],
    ["a block left out", () => kept.filter(({ header }) => header?.number !== 2n)],
    ["a block twice", () => kept.flatMap((block) => [block, block])],
    [
      "a block with another transaction",
      () => altered((block) => block.data?.data.push(block.data.data[0] ?? genesis)),
    ],
    [
      "a block that the orderers did not sign",
      () => altered((block) => block.metadata?.metadata.fill(new Uint8Array())),
    ],
  ];
  for (const [what, blocks] of bad)
    it(`is not made again from ${what}, and nothing is begun`, async () => {
      const dataDir = await lost(what);
      expect(await refusal(rebuildChain(dataDir, "pilot", from(blocks()), genesis))).to.equal("INVALID_CONFIGURATION");
      // It can still be made from what is whole.
      expect(await rebuildChain(dataDir, "pilot", from(kept), genesis)).to.equal(4n);
    });

  it("is not made again with another beginning than the one known, or of another channel", async () => {
    const other = await ordering.genesis(world, "20ms");
    const dataDir = await lost("other");
    expect(await refusal(rebuildChain(dataDir, "pilot", from(kept), other))).to.equal("INVALID_CONFIGURATION");
    expect(await refusal(rebuildChain(dataDir, "city", from(kept)))).to.equal("INVALID_CONFIGURATION");
  });

  async function running(
    settings: ReturnType<typeof ordering.ordererSettings>,
    work: (client: RpcClient, adminListen: string) => Promise<void>,
  ): Promise<void> {
    const orderer = await OrdererProcess.start(settings, silent);
    const client = await ordering.connectOrderer(world, orderer.addresses.listen);
    try {
      await work(client, orderer.addresses.adminListen);
    } finally {
      client.close();
      await orderer.close();
    }
  }

  async function lost(name: string): Promise<string> {
    const dataDir = join(world.directory, name.replaceAll(" ", "-"));
    await rm(dataDir, { recursive: true, force: true });
    await mkdir(dataDir, { recursive: true });
    return dataDir;
  }

  /** The blocks with the last changed. */
  function altered(change: (block: Block) => void): Block[] {
    const copies = kept.map((block) => Block.decode(Block.encode(block)));
    const last = copies.at(-1);
    if (last) change(last);
    return copies;
  }
});

function asKept(block: Block): Block {
  const metadata = [...(block.metadata?.metadata ?? [])];
  metadata[2] = Uint8Array.of(0);
  metadata[4] = Uint8Array.of(1, 2, 3);
  return { ...block, metadata: { metadata } };
}

const hashOf = (block: Block | undefined) => block?.header && headerHash(block.header);

async function* from(blocks: readonly Block[]): AsyncGenerator<Uint8Array> {
  for (const block of blocks) yield Block.encode(block);
}

async function refusal(work: Promise<unknown>): Promise<string> {
  const error: unknown = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  return error instanceof NetworkError ? error.code : String(error);
}
