import { createPrivateKey, type KeyObject, randomBytes, sign } from "node:crypto";
import { SerializedIdentity } from "@wanlian/protocol/messages/msp.js";
import type { Credential } from "./authority.js";
import { lowerS, SCALAR_SIZE } from "./key.js";
import { readSigningIdentity } from "./msp-folder.js";

/** Fabric's nonces have 24 octets by convention. */
const NONCE_SIZE = 24;

const SEQUENCE = 0x30;
const INTEGER = 0x02;

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
    const signature = lowerS(sign("sha256", message, { key: this.#key, dsaEncoding: "ieee-p1363" }));
    const scalars = [signature.subarray(0, SCALAR_SIZE), signature.subarray(SCALAR_SIZE)].map(derInteger);
    const content = Buffer.concat(scalars);
    return Uint8Array.from([SEQUENCE, content.length, ...content]);
  }

  /** A fresh nonce. */
  nonce(): Uint8Array {
    return Uint8Array.from(randomBytes(NONCE_SIZE));
  }
}

/** A positive INTEGER: no leading zeros but the one that keeps it positive (X.690 §8.3). */
function derInteger(scalar: Uint8Array): Buffer {
  const first = scalar.findIndex((octet) => octet !== 0);
  const digits = scalar.subarray(first === -1 ? scalar.length - 1 : first);
  const padding = (digits[0] ?? 0) & 0x80 ? [0] : [];
  return Buffer.from([INTEGER, padding.length + digits.length, ...padding, ...digits]);
}
