import { setTimeout as pause } from "node:timers/promises";
import type { ChannelBundle } from "@wanlian/protocol/configuration/channel-bundle.js";
import { ProtocolError } from "@wanlian/protocol/errors.js";
import type { Block } from "@wanlian/protocol/messages/common.js";
import type { Logger } from "pino";
import type { SigningIdentity } from "../../certificates/signing-identity.js";
import { RpcClient } from "../../grpc/client.js";
import { clientCredentials, joinPem, type TlsMaterial, tlsCertificateHash } from "../../grpc/credentials.js";
import { AtomicBroadcast } from "../../grpc/services.js";
import type { Ledger } from "../ledger/ledger.js";
import { blocksFrom, seekRequest } from "./seek-request.js";

/** An orderer is back within a second of a restart; one that stays away is asked now and then. */
const BACKOFF_MIN_MS = 100;
const BACKOFF_MAX_MS = 5_000;

/** Who pulls, and into what. */
export interface PullerParts {
  readonly ledger: Pick<Ledger, "channelId" | "height" | "commit"> & {
    readonly config: Pick<ChannelBundle, "orderer">;
  };
  readonly signer: SigningIdentity;
  /** Shown to orderers that demand a client certificate. */
  readonly tls?: TlsMaterial | undefined;
  readonly log: Logger;
}

interface Source {
  readonly address: string;
  readonly roots: Buffer;
}

/** What the orderer said, or did, that ended a stream. */
class SourceFailure extends Error {
  override readonly name = "SourceFailure";
}

/**
 * Keeps a peer's ledger up with the ordering service: takes blocks from one of the orderers that the channel's
 * configuration names, and from another when that one fails, or hands out a block that the ledger refuses.
 */
export class BlockPuller {
  readonly #parts: PullerParts;
  #source: string | undefined;
  #turn = 0;

  constructor(parts: PullerParts) {
    this.#parts = parts;
  }

  /** The address of the orderer that blocks come from at present. */
  get source(): string | undefined {
    return this.#source;
  }

  /** Follows until `signal` aborts. Rejects with what the ledger threw when it could not store a good block. */
  async run(signal: AbortSignal): Promise<void> {
    let backoff = BACKOFF_MIN_MS;
    while (!signal.aborted) {
      const before = this.#parts.ledger.height;
      try {
        await this.#follow(this.#nextSource(), signal);
      } catch (error) {
        if (signal.aborted) return;
        this.#judge(error);
      } finally {
        this.#source = undefined;
      }
      const progressed = this.#parts.ledger.height > before;
      backoff = progressed ? BACKOFF_MIN_MS : Math.min(backoff * 2, BACKOFF_MAX_MS);
      await pause(backoff, undefined, { signal }).catch(() => undefined);
    }
  }

  /** Takes blocks from one orderer until its stream ends, or the configuration no longer names it. */
  async #follow(source: Source, signal: AbortSignal): Promise<void> {
    const { ledger, signer, tls } = this.#parts;
    const client = new RpcClient(source.address, clientCredentials(source.roots, tls));
    try {
      const stream = client.bidi(AtomicBroadcast.deliver, { signal });
      const tlsCertHash = tls && tlsCertificateHash(tls.cert);
      const seek = blocksFrom(ledger.height);
      await stream.send(seekRequest({ channelId: ledger.channelId, seek, tlsCertHash }, signer));
      for await (const { block, status } of stream) {
        if (block === undefined) {
          throw new SourceFailure(`${source.address} ended the delivery with status ${status}`);
        }
        this.#source = source.address;
        if (!(await this.#commit(block, source))) return;
      }
    } finally {
      client.close();
    }
  }

  /** Stores a block. Resolves to whether the orderer is still one of the channel's. */
  async #commit(block: Block, source: Source): Promise<boolean> {
    const { ledger, log } = this.#parts;
    try {
      const { config } = await ledger.commit(block);
      return config === undefined || this.#sources().some(({ address }) => address === source.address);
    } catch (error) {
      if (error instanceof ProtocolError && error.code === "INVALID_BLOCK") {
        log.error({ err: error, orderer: source.address }, "an orderer delivered a block that is not valid");
        throw new SourceFailure(`${source.address} delivered a bad block: ${error.message}`, { cause: error });
      }
      throw new LedgerFailure(error);
    }
  }

  #judge(error: unknown): void {
    if (error instanceof LedgerFailure) {
      throw error.cause;
    }
    this.#parts.log.warn({ err: error, channel: this.#parts.ledger.channelId }, "blocks stopped coming; trying again");
  }

  #nextSource(): Source {
    const sources = this.#sources();
    const source = sources[this.#turn++ % sources.length];
    if (source === undefined) {
      throw new SourceFailure("the channel's configuration names no orderer");
    }
    return source;
  }

  #sources(): Source[] {
    return this.#parts.ledger.config.orderer.organizations.flatMap((organization) => {
      const roots = joinPem([...organization.tlsRootCerts, ...organization.tlsIntermediateCerts]);
      return organization.endpoints.map((address) => ({ address, roots }));
    });
  }
}

/** A good block that could not be stored: not the orderer's fault. */
class LedgerFailure extends Error {
  override readonly name = "LedgerFailure";

  constructor(override readonly cause: unknown) {
    super("the ledger failed");
  }
}
