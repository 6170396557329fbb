import { setTimeout as delay } from "node:timers/promises";
import { messageOf } from "@wanlian/protocol/errors.js";
import { SeekBehavior } from "@wanlian/protocol/messages/orderer.js";
import type { Logger } from "pino";
import type { SigningIdentity } from "../../../certificates/signing-identity.js";
import type { RpcClient } from "../../../grpc/client.js";
import { type TlsMaterial, tlsCertificateHash } from "../../../grpc/credentials.js";
import { Deliver } from "../../../grpc/services.js";
import { seekRequest } from "../../deliver/seek-request.js";
import { hasMember } from "../../ledger/collections.js";
import type { Ledger } from "../../ledger/ledger.js";
import type { PeerChannel } from "../channels.js";
import type { Neighbours } from "../discovery/neighbours.js";
import { shuffled } from "./shuffled.js";

/** Between looks for all that is missing, while others do not have it either (Fabric's reconcileSleepInterval). */
const INTERVAL_MS = 60_000;
/** At first; a member that has just endorsed may take the block in a moment later. */
const FIRST_INTERVAL_MS = 250;
/** Blocks that one peer is asked for in a row. */
const BLOCKS_AT_ONCE = 200;
const STREAM_TIMEOUT_MS = 30_000;

/**
 * Fetches private data that this organization may have and did not get when they were endorsed, from other members' peers
 * (Fabric's gossip/privdata/reconcile.go; asked for by `DeliverWithPrivateData`, which every peer of Fabric serves).
 */
export class Reconciler {
  readonly #neighbours: Neighbours;
  readonly #signer: SigningIdentity;
  readonly #tlsCertHash: Uint8Array;
  readonly #log: Logger;
  readonly #stop = new AbortController();
  readonly #followed = new Set<string>();
  readonly #running: Promise<void>[] = [];

  constructor(parts: { neighbours: Neighbours; signer: SigningIdentity; tls: TlsMaterial; log: Logger }) {
    this.#neighbours = parts.neighbours;
    this.#signer = parts.signer;
    this.#tlsCertHash = tlsCertificateHash(parts.tls.cert);
    this.#log = parts.log;
  }

  /** Follows channels that it does not follow yet. */
  follow(channels: readonly PeerChannel[]): void {
    for (const channel of channels) {
      if (this.#followed.has(channel.id) || this.#stop.signal.aborted) continue;
      this.#followed.add(channel.id);
      this.#running.push(this.#run(channel));
    }
  }

  async close(): Promise<void> {
    this.#stop.abort();
    await Promise.all(this.#running);
  }

  /** Looks for all that is missing now and then, and for what a block brings at once. */
  async #run({ id, ledger }: PeerChannel): Promise<void> {
    const stop = this.#stop.signal;
    let woken = new AbortController();
    const wake = () => woken.abort();
    const unfollow = ledger.onCommit(wake);
    stop.addEventListener("abort", wake, { once: true });
    let [from, pause] = [0n, FIRST_INTERVAL_MS];
    while (!stop.aborted) {
      const height = ledger.height;
      try {
        const isComplete = await this.#fetch(id, ledger, from);
        pause = isComplete ? INTERVAL_MS : Math.min(pause * 2, INTERVAL_MS);
      } catch (error) {
        this.#log.error({ channel: id, error: messageOf(error) }, "looking for missing private data failed");
      }
      if (ledger.height === height) {
        woken = new AbortController();
        if (stop.aborted) break;
        await delay(pause, undefined, { signal: woken.signal }).catch(() => undefined);
      }
      // Woken by a block, only that is looked for; else everything.
      [from, pause] = ledger.height > height ? [height, FIRST_INTERVAL_MS] : [0n, pause];
    }
    unfollow();
  }

  /** Resolves to whether nothing is missing from that block on. */
  async #fetch(channelId: string, ledger: Ledger, from: bigint): Promise<boolean> {
    for (const peer of shuffled(this.#neighbours.peers(channelId))) {
      const wanted = await missingBlocks(ledger, from, peer.mspId);
      const client = peer.isLocal ? undefined : this.#neighbours.client(peer.address);
      if (client === undefined || wanted.length === 0) continue;
      try {
        await this.#ask(client, ledger, wanted);
      } catch (error) {
        this.#log.warn({ peer: peer.address, error: messageOf(error) }, "a peer gave no private data");
      }
    }
    for await (const { block } of ledger.privateSets.missing()) if (block >= from) return false;
    return true;
  }

  async #ask(client: RpcClient, ledger: Ledger, blocks: readonly bigint[]): Promise<void> {
    const stream = client.bidi(Deliver.deliverWithPrivateData, {
      timeoutMs: STREAM_TIMEOUT_MS,
      signal: this.#stop.signal,
    });
    const answers = stream[Symbol.asyncIterator]();
    try {
      for (const number of blocks) {
        const position = { specified: { number } };
        const seek = { start: position, stop: position, behavior: SeekBehavior.FAIL_IF_NOT_READY };
        const { channelId } = ledger;
        await stream.send(seekRequest({ channelId, seek, tlsCertHash: this.#tlsCertHash }, this.#signer));
        for (let answer = await answers.next(); ; answer = await answers.next()) {
          if (answer.done === true) return;
          const brought = answer.value.blockAndPrivateData;
          if (brought === undefined) break;
          const own = await ledger.block(number);
          if (own !== undefined) await ledger.privateSets.takeOver(own, brought.privateDataMap);
        }
      }
    } finally {
      stream.cancel();
      await answers.return?.(undefined);
    }
  }
}

/** The oldest blocks with private data that are missing here and that an organization may have. */
async function missingBlocks(ledger: Ledger, from: bigint, mspId: string): Promise<bigint[]> {
  const blocks = new Set<bigint>();
  for await (const place of ledger.privateSets.missing()) {
    if (blocks.size === BLOCKS_AT_ONCE) break;
    if (place.block < from || !hasMember(await ledger.privateSets.collection(place), mspId)) continue;
    blocks.add(place.block);
  }
  return [...blocks].sort((one, other) => (one < other ? -1 : 1));
}
