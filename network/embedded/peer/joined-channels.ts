import { existsSync } from "node:fs";
import { mkdir, open, readdir, readFile, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { utf8 } from "@wanlian/protocol/bytes.js";
import { bundleFromBlock } from "@wanlian/protocol/configuration/bundle.js";
import { messageOf } from "@wanlian/protocol/errors.js";
import { Block } from "@wanlian/protocol/messages/common.js";
import type { Logger } from "pino";
import type { SigningIdentity } from "../../certificates/signing-identity.js";
import { NetworkError } from "../../error.js";
import type { TlsMaterial } from "../../grpc/credentials.js";
import { isCorruption, isDamage } from "../checksum.js";
import { FollowedLedger } from "../deliver/ledger-channel.js";
import { BlockPuller } from "../deliver/puller.js";
import { createLedger } from "../ledger/channel-ledger.js";
import type { Ledger } from "../ledger/ledger.js";
import { rebuildLedger } from "../ledger/rebuild.js";
import type { Channels, PeerChannel } from "./channels.js";
import { inContext, PeerError } from "./errors.js";

/** The block that a channel was joined with, beside its ledger: a join that was broken off is taken up again from it. */
const GENESIS = "genesis.block";
const LEDGER = "ledger";
/** Says that the ledger was found damaged, and where. */
const DAMAGED = "damaged";

interface Joined extends PeerChannel {
  readonly followed: FollowedLedger;
  readonly puller: BlockPuller;
}

/** The channels of a peer: a folder each, kept up with their orderers. */
export class JoinedChannels implements Channels {
  readonly #folder: string;
  readonly #signer: SigningIdentity;
  readonly #tls: TlsMaterial;
  readonly #log: Logger;
  readonly #channels = new Map<string, Joined>();
  readonly #joining = new Set<string>();
  readonly #stop = new AbortController();
  readonly #pulling: Promise<void>[] = [];
  #changed: () => void = () => undefined;
  #fail: (error: unknown) => void = () => undefined;

  /** Settles with the reason when a ledger could not be written; the peer must then stop. */
  readonly failure: Promise<unknown>;

  constructor(parts: { folder: string; signer: SigningIdentity; tls: TlsMaterial; log: Logger }) {
    this.#folder = parts.folder;
    this.#signer = parts.signer;
    this.#tls = parts.tls;
    this.#log = parts.log;
    this.failure = new Promise((resolve) => {
      this.#fail = resolve;
    });
  }

  /** Opens every channel joined before. Blocks are pulled only after `pull`. */
  async open(): Promise<void> {
    await mkdir(this.#folder, { recursive: true });
    for (const id of (await readdir(this.#folder)).sort()) {
      const genesis = await readFile(join(this.#folder, id, GENESIS)).catch((error: NodeJS.ErrnoException) => {
        if (error.code === "ENOENT") return undefined;
        throw error;
      });
      if (genesis !== undefined) await this.#open(id, Block.decode(genesis));
    }
  }

  /** Begins to follow the orderers; `changed` is called whenever a channel is joined or its configuration changes. */
  pull(changed: () => void): void {
    this.#changed = changed;
    for (const channel of this.#channels.values()) this.#follow(channel);
    changed();
  }

  get(id: string): PeerChannel | undefined {
    return this.#channels.get(id);
  }

  /** The channel's blocks as deliver hands them out. */
  followed(id: string): FollowedLedger | undefined {
    return this.#channels.get(id)?.followed;
  }

  all(): readonly PeerChannel[] {
    return [...this.#channels.values()];
  }

  async join(genesis: Block): Promise<void> {
    const { channelId } = readGenesis(genesis);
    if (this.#channels.has(channelId) || this.#joining.has(channelId)) {
      throw new PeerError(
        "MALFORMED",
        `cannot create ledger from genesis block: ledger [${channelId}] already exists with state [ACTIVE]`,
      );
    }
    this.#joining.add(channelId);
    try {
      await writeDurably(join(this.#folder, channelId), GENESIS, Block.encode(genesis));
      this.#follow(await this.#open(channelId, genesis));
    } finally {
      this.#joining.delete(channelId);
    }
    this.#log.info({ channel: channelId }, "joined");
    this.#changed();
  }

  async close(): Promise<void> {
    this.#stop.abort();
    await Promise.all(this.#pulling);
    for (const { followed, ledger } of this.#channels.values()) {
      followed.stop();
      await ledger.close();
    }
  }

  async #open(id: string, genesis: Block): Promise<Joined> {
    const ledger = await this.#openLedger(id, genesis).catch((error: unknown) => {
      throw unopened(join(this.#folder, id), error);
    });
    const puller = new BlockPuller({ ledger, signer: this.#signer, tls: this.#tls, log: this.#log });
    const channel = { id, ledger, followed: new FollowedLedger(ledger), puller };
    ledger.onCommit(({ config }) => {
      if (config !== undefined) this.#changed();
    });
    this.#channels.set(id, channel);
    return channel;
  }

  /** A ledger that is damaged, or was found to be when the peer last ran, is begun anew and fetched again. */
  async #openLedger(id: string, genesis: Block): Promise<Ledger> {
    const options = { directory: join(this.#folder, id, LEDGER), mspId: this.#signer.mspId };
    const note = join(this.#folder, id, DAMAGED);
    if (!existsSync(note)) {
      try {
        return await createLedger(options, genesis);
      } catch (error) {
        if (!isDamage(error) && !isCorruption(error)) throw error;
        this.#log.error({ channel: id, err: error }, "the ledger is damaged");
      }
    }
    this.#log.warn({ channel: id }, "the ledger is fetched from the orderers again");
    await rebuildLedger(options, genesis);
    await rm(note, { force: true });
    return createLedger(options, genesis);
  }

  #follow({ puller, ledger, id }: Joined): void {
    const following = puller.run(this.#stop.signal).catch((error: unknown) => this.#failed(id, error));
    const checking = ledger.checkStored(this.#stop.signal).catch((error: unknown) => this.#failed(id, error));
    this.#pulling.push(following, checking);
  }

  /** The peer must stop: damage can only be mended while nothing works on the ledger, so the next start does it. */
  async #failed(id: string, error: unknown): Promise<void> {
    this.#log.error({ channel: id, err: error }, "the ledger cannot go on");
    this.#fail(error);
    if (isDamage(error)) await writeDurably(join(this.#folder, id), DAMAGED, utf8(`${messageOf(error)}\n`));
  }
}

/** Why a ledger does not open; the database keeps the reason in the error's cause. */
function unopened(folder: string, error: unknown): NetworkError {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : undefined;
  if (cause !== undefined && "code" in cause && cause.code === "LEVEL_LOCKED") {
    const text = { zh: `${folder} 正被另一个对等节点进程使用。`, en: `${folder} is in use by another peer process.` };
    return new NetworkError("UNUSABLE_DIRECTORY", text, { details: { folder }, cause: error });
  }
  const reason = [messageOf(error), ...(cause === undefined ? [] : [cause.message])].join(": ");
  const text = {
    zh: `无法打开 ${folder} 中的账本（${reason}）。请恢复它，或删除该目录后重新加入。`,
    en: `The ledger in ${folder} cannot be opened (${reason}). Restore it, or delete the folder and join again.`,
  };
  return new NetworkError("UNUSABLE_DIRECTORY", text, { details: { folder }, cause: error });
}

/** @throws PeerError when the block is not the first of a channel, or its configuration is not valid. */
function readGenesis(genesis: Block): { channelId: string } {
  const invalid = `"JoinChain" failed because of validation of configuration block`;
  if (genesis.header?.number !== 0n) {
    throw new PeerError(
      "MALFORMED",
      `${invalid}, because of its number ${genesis.header?.number}: only block 0 can be joined`,
    );
  }
  try {
    return bundleFromBlock(genesis.data?.data ?? []);
  } catch (error) {
    throw inContext(`${invalid}, because of`, error, "MALFORMED");
  }
}

async function writeDurably(folder: string, name: string, content: Uint8Array): Promise<void> {
  await mkdir(folder, { recursive: true });
  const part = join(folder, `${name}.part`);
  const file = await open(part, "w");
  try {
    await file.writeFile(content);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(part, join(folder, name));
}
