import { generateKeyPairSync, sign } from "node:crypto";
import type { SignatureClaim } from "@wanlian/client/audit/signatures/signature-task.js";
import { curveOf, toLowS } from "@wanlian/protocol/identities/ecdsa.js";

const curve = curveOf("1.2.840.10045.3.1.7");

/** Claims by one key, each of a statement in two parts. */
export function signer(kind: "ecdsa" | "ed25519"): (statement: string) => SignatureClaim {
  const isModern = kind === "ed25519";
  const { privateKey, publicKey } = isModern
    ? generateKeyPairSync("ed25519")
    : generateKeyPairSync("ec", { namedCurve: "prime256v1" });
  const key = isModern
    ? { key: publicKey, digest: null, curve: undefined }
    : { key: publicKey, digest: "sha256", curve: curve as NonNullable<typeof curve> };
  return (statement) => {
    const signed = Buffer.from(statement);
    const raw = sign(key.digest, signed, privateKey);
    return {
      key,
      signed: [signed.subarray(0, 3), signed.subarray(3)],
      signature: key.curve === undefined ? raw : toLowS(raw, key.curve),
    };
  };
}
