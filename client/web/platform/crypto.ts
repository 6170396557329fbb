import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";
import { Buffer } from "buffer";

/*
 * What the rules and formats use of node:crypto, in a browser. Digests are the same to the bit; of signatures a page
 * makes and checks its own with WebCrypto, and never calls Node's.
 */

type Input = string | Uint8Array;

const bytesOf = (data: Input): Uint8Array => (typeof data === "string" ? utf8ToBytes(data) : data);

function encoded(digest: Uint8Array, encoding: "hex" | "base64" | "buffer" | undefined): string | Buffer {
  if (encoding === undefined || encoding === "buffer") return Buffer.from(digest);
  return encoding === "hex" ? bytesToHex(digest) : Buffer.from(digest).toString("base64");
}

function onlySha256(algorithm: string): void {
  if (algorithm !== "sha256") throw new Error(`the page has no ${algorithm}`);
}

export function createHash(algorithm: string) {
  onlySha256(algorithm);
  const state = sha256.create();
  return {
    update(data: Input) {
      state.update(bytesOf(data));
      return this;
    },
    digest: (encoding?: "hex" | "base64") => encoded(state.digest(), encoding),
  };
}

export function hash(algorithm: string, data: Input, encoding: "hex" | "base64" | "buffer" = "hex"): string | Buffer {
  onlySha256(algorithm);
  return encoded(sha256(bytesOf(data)), encoding);
}

export function randomBytes(size: number): Buffer {
  return Buffer.from(crypto.getRandomValues(new Uint8Array(size)));
}

const notHere = (name: string) => () => {
  throw new Error(`node:crypto's ${name} is not in a browser`);
};

export const createHmac = notHere("createHmac");
export const createPublicKey = notHere("createPublicKey");
export const sign = notHere("sign");
export const verify = notHere("verify");
