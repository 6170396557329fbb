import { Bundle } from "@wanlian/protocol/configuration/bundle.js";
import type { ChannelBundle } from "@wanlian/protocol/configuration/channel-bundle.js";
import { ProtocolError } from "@wanlian/protocol/errors.js";
import { Config } from "@wanlian/protocol/messages/configuration.js";
import { NodeError, type NodeServices } from "../core/index.js";
import type { Db } from "./rows.js";

/** The channel's configuration in force by the node's own blocks, compiled; the former is kept where nothing changed. */
export class ChannelConfiguration {
  readonly #channel: string;
  readonly #db: Db;
  #bundle: Bundle | undefined;
  #block = -1;
  readonly #listeners: (() => void)[] = [];

  constructor(channel: string, db: Db) {
    this.#channel = channel;
    this.#db = db;
  }

  /** @throws NodeError NOT_READY before block 0 was taken in */
  get bundle(): Bundle {
    if (this.#bundle === undefined) throw new NodeError("NOT_READY", "the channel's configuration is not here yet");
    return this.#bundle;
  }

  /** As `bundle`, or undefined before block 0 was taken in. */
  get known(): Bundle | undefined {
    return this.#bundle;
  }

  /** Has somebody told of each new configuration. */
  onChange(listener: () => void): void {
    this.#listeners.push(listener);
  }

  /**
   * Takes up each new configuration as blocks bring it, until the signal aborts. What it cannot take up leaves the
   * former in force, and is tried again with the next block.
   * @param failed told of each that could not be taken up
   */
  async follow(
    services: Pick<NodeServices, "events">,
    failed: (error: unknown) => void,
    signal: AbortSignal,
  ): Promise<void> {
    await this.refresh().catch(failed);
    for await (const event of services.events({ signal })) {
      if (event.kind === "block") await this.refresh().catch(failed);
    }
  }

  /** Reads what is newest. @throws NodeError CONFIGURATION */
  async refresh(): Promise<void> {
    const row = await this.#db
      .selectFrom("configurations")
      .select(["block", "content"])
      .where("kind", "=", "channel")
      .orderBy("block", "desc")
      .orderBy("tx", "desc")
      .limit(1)
      .executeTakeFirst();
    if (row === undefined || Number(row.block) === this.#block) return;
    try {
      const config = Config.decode(Buffer.from(row.content, "base64"));
      this.#bundle = new Bundle(this.#channel, config, this.#bundle);
      this.#block = Number(row.block);
    } catch (cause) {
      if (!(cause instanceof ProtocolError)) throw cause;
      throw new NodeError("CONFIGURATION", `the channel's configuration is not one: ${cause.message}`, { cause });
    }
    for (const listener of this.#listeners) listener();
  }
}

/** Heights remembered. */
const MAX_HEIGHTS = 50_000;

/** The channel's configurations of the past, each as of the blocks from which it was in force. */
export class ConfigurationHistory {
  readonly #channel: string;
  readonly #db: Db;
  readonly #byHeight = new Map<number, Promise<ChannelBundle>>();
  readonly #byBlock = new Map<number, ChannelBundle>();

  constructor(channel: string, db: Db) {
    this.#channel = channel;
    this.#db = db;
  }

  /** What was in force after the blocks below a height. @throws NodeError NOT_READY before block 0 was taken in */
  async bundleAt(height: number): Promise<ChannelBundle> {
    const known = this.#byHeight.get(height);
    if (known !== undefined) return await known;
    if (this.#byHeight.size >= MAX_HEIGHTS) this.#byHeight.clear();
    const found = this.#read(height);
    this.#byHeight.set(height, found);
    found.catch(() => this.#byHeight.delete(height));
    return await found;
  }

  async #read(height: number): Promise<ChannelBundle> {
    const row = await this.#db
      .selectFrom("configurations")
      .select(["block", "content"])
      .where("kind", "=", "channel")
      .where("block", "<", Math.max(height, 1))
      .orderBy("block", "desc")
      .orderBy("tx", "desc")
      .limit(1)
      .executeTakeFirst();
    if (row === undefined) throw new NodeError("NOT_READY", "the channel's configuration is not here yet");
    const block = Number(row.block);
    const bundle =
      this.#byBlock.get(block) ?? new Bundle(this.#channel, Config.decode(Buffer.from(row.content, "base64")));
    this.#byBlock.set(block, bundle);
    return bundle;
  }
}
