import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { Connections } from "@wanlian/network/administration/calls/connection.js";
import { PeerClient } from "@wanlian/network/administration/calls/peer.js";
import { Organisation } from "@wanlian/network/certificates/organisation.js";
import { SigningIdentity } from "@wanlian/network/certificates/signing-identity.js";
import { BlockPuller } from "@wanlian/network/embedded/deliver/puller.js";
import { createLedger } from "@wanlian/network/embedded/ledger/channel-ledger.js";
import { findBinaries } from "@wanlian/network/fabric/binaries.js";
import { nativePeer } from "@wanlian/network/fabric/native.js";
import { Block } from "@wanlian/protocol/messages/common.js";
import { organisationFolder } from "@wanlian/scripts/host/certificates.js";
import { pino } from "pino";
import { freePorts } from "./networks.js";
import type { RunningPilot } from "./shared-pilot.js";

const NAME = "follower";

/** A peer of the other implementation than the network's own: it takes the channel from its genesis block and validates by itself. */
export interface Follower {
  /** A block as this peer committed it, once it has. */
  block(number: bigint): Promise<Block>;
  close(): Promise<void>;
}

/** Fabric's own peer, at the embedded orderer. */
export async function followAsFabric(pilot: RunningPilot, mspId: string): Promise<Follower> {
  const { pilot: host, topology } = pilot;
  const folder = await certificates(pilot, mspId);
  const first = await freePorts();
  const place = { name: NAME, address: `127.0.0.1:${first}`, contracts: `127.0.0.1:${first + 1}` } as const;
  const binaries = await findBinaries(process.env.FABRIC_BIN, topology.consensus);
  const spec = await nativePeer(binaries, mspId, place, folder, host.data.file("follower"));
  await host.processes.start(spec);
  const connections = new Connections();
  const roots = await readFile(join(organisationFolder(host.data, mspId), "tlsca", "cert.pem"), "utf8");
  const endpoint = { mspId, name: NAME, address: place.address, tlsRoots: [roots] };
  const client = new PeerClient(endpoint, connections, pilot.network.administrator(mspId).identity);
  await client.join(Block.encode(await pilot.peer(mspId).block(topology.channel, 0n)));
  return {
    async block(number) {
      while ((await client.info(topology.channel)).height <= number);
      return client.block(topology.channel, number);
    },
    async close() {
      connections.close();
      await host.processes.stop(spec.name);
    },
  };
}

/** The embedded peer's puller and ledger, at Fabric's orderers. */
export async function followAsEmbedded(pilot: RunningPilot, mspId: string): Promise<Follower> {
  const { pilot: host, topology } = pilot;
  const signer = await SigningIdentity.read(mspId, join(await certificates(pilot, mspId), "msp"));
  const genesis = await pilot.peer(mspId).block(topology.channel, 0n);
  const ledger = await createLedger({ directory: host.data.file("follower"), mspId }, genesis);
  const stopping = new AbortController();
  const ended = new BlockPuller({ ledger, signer, log: pino({ level: "silent" }) }).run(stopping.signal);
  return {
    async block(number) {
      await new Promise<void>((resolve) => {
        const unfollow = ledger.onCommit((block) => {
          if (block.number !== number) return;
          unfollow();
          resolve();
        });
        if (ledger.height > number) resolve();
      });
      const block = await ledger.block(number);
      if (block === undefined) throw new RangeError(`the follower has no block ${number}`);
      return block;
    },
    async close() {
      stopping.abort();
      await ended;
      await ledger.close();
    },
  };
}

/** Issues the follower's certificates; gives their folder. */
async function certificates({ pilot }: RunningPilot, mspId: string): Promise<string> {
  const folder = organisationFolder(pilot.data, mspId);
  const organisation = await Organisation.open(folder, mspId);
  return organisation.addPeer(NAME, ["localhost", "127.0.0.1"]);
}
