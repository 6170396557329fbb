import { ProtocolError } from "../errors.js";
import { SerializedIdentity } from "../messages/msp.js";
import type { Identity, MspManager } from "./identity.js";
import type { Msp } from "./msp.js";

/** Serialized identities whose MSP and certificate are remembered; beyond it the memory starts anew. */
const MAX_CACHED_IDENTITIES = 10_000;

/** The MSPs of one channel configuration. */
export class ChannelMsps implements MspManager {
  readonly #msps: ReadonlyMap<string, Msp>;
  readonly #cache = new Map<string, Identity>();

  constructor(msps: readonly Msp[]) {
    this.#msps = new Map(msps.map((msp) => [msp.id, msp]));
  }

  get mspIds(): readonly string[] {
    return [...this.#msps.keys()];
  }

  msp(id: string): Msp | undefined {
    return this.#msps.get(id);
  }

  deserialize(serialized: Uint8Array): Identity {
    const key = Buffer.from(serialized.buffer, serialized.byteOffset, serialized.length).toString("latin1");
    const known = this.#cache.get(key);
    if (known !== undefined) return known;
    const { mspid, idBytes } = SerializedIdentity.decode(serialized);
    const msp = this.#msps.get(mspid);
    if (msp === undefined) throw new ProtocolError("INVALID_IDENTITY", `MSP ${mspid} is not defined on the channel`);
    const identity = msp.identityOf(idBytes);
    if (this.#cache.size >= MAX_CACHED_IDENTITIES) this.#cache.clear();
    this.#cache.set(key, identity);
    return identity;
  }
}
