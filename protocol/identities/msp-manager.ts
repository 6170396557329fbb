import { ProtocolError } from "../errors.js";
import { SerializedIdentity } from "../messages/msp.js";
import type { Identity, MspManager } from "./identity.js";
import type { Msp } from "./msp.js";

/** The MSPs of one channel configuration. */
export class ChannelMsps implements MspManager {
  readonly #msps: ReadonlyMap<string, Msp>;

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
    const { mspid, idBytes } = SerializedIdentity.decode(serialized);
    const msp = this.#msps.get(mspid);
    if (msp === undefined) throw new ProtocolError("INVALID_IDENTITY", `MSP ${mspid} is not defined on the channel`);
    return msp.identityOf(idBytes);
  }
}
