import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { SigningIdentity } from "@wanlian/network/certificates/signing-identity.js";
import { blocksFrom, seekRequest } from "@wanlian/network/embedded/deliver/seek-request.js";
import { RpcError } from "@wanlian/network/grpc/rpc-error.js";
import { AtomicBroadcast } from "@wanlian/network/grpc/services.js";
import { assertComplete, assertFollows, assertWellFormed } from "@wanlian/protocol/block.js";
import { assertOrdered } from "@wanlian/protocol/block-signatures.js";
import { bundleFromBlock } from "@wanlian/protocol/configuration/bundle.js";
import { Block } from "@wanlian/protocol/messages/common.js";
import { expect } from "chai";
import * as ordering from "./ordering.js";
import { makeWorld, type World } from "./world.js";

const MAIN = fileURLToPath(import.meta.resolve("@wanlian/network/embedded/orderer/main.js"));

interface Running {
  readonly child: ChildProcess;
  readonly listen: string;
  readonly adminListen: string;
}

describe("orderer process", () => {
  let world: World;
  let settings: string;
  let writer: SigningIdentity;
  const started = new Set<ChildProcess>();

  before(async () => {
    world = await makeWorld({ departments: 3, consensus: "embedded" });
    settings = await ordering.writeSettings(world, ordering.ordererSettings(world));
    writer = await ordering.member(world, ordering.WRITER, "administrators/admin");
  });

  after(async () => {
    for (const child of started) child.kill("SIGKILL");
    await world.remove();
  });

  const launch = (file: string) => {
    const child = spawn(process.execPath, [MAIN, file], { stdio: ["ignore", "pipe", "pipe"] });
    started.add(child);
    child.once("exit", () => started.delete(child));
    return child;
  };

  const start = async (): Promise<Running> => {
    const child = launch(settings);
    child.stderr?.resume();
    for await (const line of createInterface({ input: child.stdout ?? process.stdin })) {
      const { ready, listen, adminListen } = JSON.parse(line);
      expect(ready).to.equal(true);
      return { child, listen, adminListen };
    }
    throw new Error("the orderer ended before it was ready");
  };

  /** Starts an orderer that should refuse to, and gives what it says. */
  const refusal = async (file: string): Promise<string> => {
    const child = launch(file);
    let said = "";
    child.stderr?.on("data", (chunk: Buffer) => {
      said += chunk;
    });
    const [code] = await once(child, "close");
    expect(code).to.equal(1);
    // The log's lines, which are JSON, may come in one piece with the sentence.
    return said.replace(/^\{.*\n/gm, "");
  };

  /** Broadcasts on several streams until the orderer dies. */
  const load = async (address: string): Promise<void> => {
    const client = await ordering.connectOrderer(world, address);
    const streams = Array.from({ length: 8 }, async () => {
      for (;;) await ordering.broadcast(client, ...Array.from({ length: 20 }, () => ordering.signedEnvelope(writer)));
    });
    const ends = await Promise.allSettled(streams);
    client.close();
    for (const end of ends) expect(end.status === "rejected" && end.reason).to.be.instanceOf(RpcError);
  };

  /** Follows the chain, killing the orderer once it has delivered so many blocks, and gives all that came. */
  const deliveredBeforeKill = async ({ child, listen }: Running, count: number): Promise<Block[]> => {
    const client = await ordering.connectOrderer(world, listen);
    const stream = client.bidi(AtomicBroadcast.deliver);
    await stream.send(seekRequest({ channelId: "pilot", seek: blocksFrom(0n) }, writer));
    const blocks: Block[] = [];
    try {
      for await (const { block } of stream) {
        if (block) blocks.push(block);
        if (blocks.length === count) child.kill("SIGKILL");
      }
    } catch (error) {
      expect(error).to.be.instanceOf(RpcError);
    }
    client.close();
    return blocks;
  };

  it("keeps every block that it delivered through a kill -9 under load, and goes on from there", async () => {
    const running = await start();
    await ordering.joinChannel(world, running.adminListen, await ordering.genesis(world, "2ms"));
    const loading = load(running.listen);
    const delivered = await deliveredBeforeKill(running, 60);
    await loading;
    expect(delivered.length).to.be.at.least(60);

    const again = await start();
    const client = await ordering.connectOrderer(world, again.listen);
    const envelope = ordering.signedEnvelope(writer);
    expect((await ordering.broadcast(client, envelope)).statuses).to.deep.equal([200]);
    const last = (await ordering.blockWith(client, writer, envelope)).header?.number ?? 0n;
    const chain = await ordering.blocksUpTo(client, writer, last);
    client.close();
    expect(chain.slice(0, delivered.length).map(Block.encode)).to.deep.equal(delivered.map(Block.encode));
    const bundle = bundleFromBlock(chain[0]?.data?.data ?? []);
    for (const [index, block] of chain.entries()) {
      assertComplete(block);
      assertWellFormed(block);
      const previous = chain[index - 1]?.header;
      if (previous === undefined) continue;
      assertFollows(block, previous);
      await assertOrdered(block, block.header, bundle);
    }
    again.child.kill("SIGTERM");
    expect(await once(again.child, "exit")).to.deep.equal([0, null]);
  });

  it("writes what it has accepted before it ends on SIGTERM", async () => {
    const running = await start();
    const client = await ordering.connectOrderer(world, running.listen);
    const envelope = ordering.signedEnvelope(writer);
    await ordering.broadcast(client, envelope);
    running.child.kill("SIGTERM");
    await once(running.child, "exit");
    client.close();
    const again = await start();
    const after = await ordering.connectOrderer(world, again.listen);
    await ordering.blockWith(after, writer, envelope);
    after.close();
    again.child.kill("SIGTERM");
    await once(again.child, "exit");
  });

  it("refuses a second start on the same data, a port in use and a wrong file in one sentence", async () => {
    const running = await start();
    expect(await refusal(settings)).to.match(/^.*channels\/pilot is in use by another process\.\n$/);
    const other = ordering.ordererSettings(world, `${world.directory}/other`);
    const busy = await ordering.writeSettings(world, { ...other, listen: running.listen });
    expect(await refusal(busy)).to.equal(`${running.listen} is in use by another process.\n`);
    const busyAdmin = await ordering.writeSettings(world, { ...other, adminListen: running.adminListen });
    expect(await refusal(busyAdmin)).to.equal(`${running.adminListen} is in use by another process.\n`);
    const { mspDir: _, ...incomplete } = other;
    const wrong = await ordering.writeSettings(world, incomplete as typeof other);
    expect(await refusal(wrong)).to.match(/is not an orderer's configuration: .*mspDir/);
    running.child.kill("SIGTERM");
    await once(running.child, "exit");
  });
});
