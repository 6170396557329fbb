import { createPrivateKey, type KeyObject, randomBytes, sign } from "node:crypto";
import { toLowS } from "@wanlian/protocol/identities/ecdsa.js";
import { SerializedIdentity } from "@wanlian/protocol/messages/msp.js";
import type { Credential } from "./authority.js";
import { readSigningIdentity } from "./msp-folder.js";
import { P256 } from "./p256.js";

/** Fabric's nonces have 24 octets by convention. */
const NONCE_SIZE = 24;

/** Somebody who signs on a channel: a certificate, the organisation that vouches for it, and its P-256 key. */
export class SigningIdentity {
  /** The identity as messages carry it: SerializedIdentity, encoded. */
  readonly creator: Uint8Array;
  readonly #key: KeyObject;

  constructor(
    readonly mspId: string,
    credential: Credential,
  ) {
    this.creator = SerializedIdentity.encode({ mspid: mspId, idBytes: Buffer.from(credential.certificate) });
    this.#key = createPrivateKey(credential.privateKey);
  }

  /** The identity in an MSP folder. */
  static async read(mspId: string, mspFolder: string): Promise<SigningIdentity> {
    return new SigningIdentity(mspId, await readSigningIdentity(mspFolder));
  }

  /** ECDSA over SHA-256 of `message`, DER, with the low s that Fabric insists on. */
  sign(message: Uint8Array): Uint8Array {
    return toLowS(sign("sha256", message, this.#key), P256);
  }

  /** A fresh nonce. */
  nonce(): Uint8Array {
    return Uint8Array.from(randomBytes(NONCE_SIZE));
  }
}
