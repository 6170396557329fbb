import type { Identity } from "@wanlian/protocol/identities/identity.js";
import { Msp } from "@wanlian/protocol/identities/msp.js";
import { MSPConfig } from "@wanlian/protocol/messages/msp.js";
import { readPublicMsp } from "../../certificates/msp-folder.js";
import { encodeMsp } from "../../channel/organisation.js";

/** The peer's own organization as its MSP folder describes it: it decides who administers the peer. */
export class LocalMsp {
  readonly mspId: string;
  readonly #msp: Msp;

  constructor(msp: Msp) {
    this.mspId = msp.id;
    this.#msp = msp;
  }

  /** Reads an MSP folder. */
  static async read(mspId: string, folder: string): Promise<LocalMsp> {
    return new LocalMsp(new Msp(MSPConfig.decode(encodeMsp(mspId, await readPublicMsp(folder))), "v3"));
  }

  /** @throws ProtocolError when the identity is not one of this organization. */
  deserialize(serialized: Uint8Array): Identity {
    return this.#msp.deserialize(serialized);
  }
}
