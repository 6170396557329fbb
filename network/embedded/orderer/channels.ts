import { mkdir, readdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { Block, type Envelope, Status } from "@wanlian/protocol/messages/common.js";
import type { NetworkError } from "../../error.js";
import { isDamage } from "../checksum.js";
import { Refusal } from "../deliver/refusal.js";
import { BlockStore } from "./block-store.js";
import type { Chain } from "./chain.js";
import { ChannelError } from "./channel-error.js";
import { checkJoinBlock } from "./join-block.js";
import { readMessage } from "./message.js";
import { openChain } from "./open-chain.js";
import type { OrdererContext } from "./orderer-context.js";

/**
 * The channels of an orderer, each in a folder of its own. A channel is joined and left in one rename, so that a crash
 * leaves it whole or gone:
 *
 *     channels/ID   in service        joining/ID   being made        removed/ID   being deleted
 */
export class Channels {
  readonly #directory: string;
  readonly #context: OrdererContext;
  readonly #chains = new Map<string, Chain>();
  readonly #stop = new AbortController();
  /** Joins and removals, one after the other. */
  #changing: Promise<unknown> = Promise.resolve();

  private constructor(directory: string, context: OrdererContext) {
    this.#directory = directory;
    this.#context = context;
  }

  /** Opens every channel in `directory`, after clearing away joins and removals that a crash interrupted. */
  static async open(directory: string, context: OrdererContext): Promise<Channels> {
    const channels = new Channels(directory, context);
    await rm(join(directory, "joining"), { recursive: true, force: true });
    await rm(join(directory, "removed"), { recursive: true, force: true });
    await mkdir(join(directory, "channels"), { recursive: true });
    for (const id of await readdir(join(directory, "channels"))) {
      channels.#chains.set(id, await openChain(join(directory, "channels", id), context));
    }
    return channels;
  }

  /** The ids of the channels, in order. */
  get ids(): string[] {
    return [...this.#chains.keys()].sort();
  }

  chain(id: string): Chain | undefined {
    return this.#chains.get(id);
  }

  /**
   * Reads every stored block in the background, once.
   * @param found is told of each channel with a block that is missing or damaged
   */
  async check(found: (damage: NetworkError) => void): Promise<void> {
    for (const chain of [...this.#chains.values()]) {
      try {
        await chain.checkStored(this.#stop.signal);
      } catch (error) {
        if (!isDamage(error)) throw error;
        found(error);
      }
    }
  }

  /** Accepts an envelope for ordering on the channel it names. Throws Refusal. */
  async order(envelope: Envelope): Promise<void> {
    const message = readMessage(envelope);
    const chain = this.#chains.get(message.channelId);
    if (chain === undefined) {
      throw new Refusal(Status.BAD_REQUEST, `channel "${message.channelId}" does not exist on this orderer`);
    }
    await chain.order(message);
  }

  /** Begins a channel with its block 0. Throws ChannelError INVALID_BLOCK or EXISTS. */
  async join(block: Block): Promise<Chain> {
    const { channelId } = await checkJoinBlock(block, this.#context.signer);
    return this.#change(async () => {
      if (this.#chains.has(channelId)) {
        throw new ChannelError("EXISTS", "channel already exists");
      }
      const made = await this.#place("joining", channelId);
      const store = await BlockStore.open(made);
      await store.append([{ number: 0n, bytes: Block.encode(block) }]);
      await store.close();
      const directory = await this.#place("channels", channelId);
      await rename(made, directory);
      const chain = await openChain(directory, this.#context);
      this.#chains.set(channelId, chain);
      return chain;
    });
  }

  /** Leaves a channel and deletes its blocks. Throws ChannelError NOT_FOUND. */
  async remove(id: string): Promise<void> {
    await this.#change(async () => {
      const chain = this.#chains.get(id);
      if (chain === undefined) {
        throw new ChannelError("NOT_FOUND", "channel does not exist");
      }
      this.#chains.delete(id);
      await chain.close();
      const removed = await this.#place("removed", id);
      await rename(join(this.#directory, "channels", id), removed);
      await rm(removed, { recursive: true });
    });
  }

  /** Writes what was accepted and closes every channel. */
  async close(): Promise<void> {
    this.#stop.abort();
    await this.#changing.catch(() => undefined);
    await Promise.all([...this.#chains.values()].map((chain) => chain.close()));
  }

  async #place(state: "channels" | "joining" | "removed", id: string): Promise<string> {
    await mkdir(join(this.#directory, state), { recursive: true });
    return join(this.#directory, state, id);
  }

  #change<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#changing.then(work, work);
    this.#changing = done.catch(() => undefined);
    return done;
  }
}
