import { type KeyObject, sign } from "node:crypto";
import { curveOf, toLowS } from "@wanlian/protocol/identities/ecdsa.js";
import type { Signer } from "../core/index.js";
import { KeyError } from "../core/index.js";

const P256 = "1.2.840.10045.3.1.7";

/**
 * How a key signs on the ledger: ECDSA on P-256 over SHA-256, DER, low S. By OpenSSL, which takes a hundredth of the time of the
 * client library's own signers, and has no tables to compute at the first signature.
 * @throws KeyError UNSUPPORTED_KEY for any other kind of key
 */
export function signWith(key: KeyObject): Signer["sign"] {
  const curve = curveOf(P256);
  if (curve === undefined || key.asymmetricKeyDetails?.namedCurve !== "prime256v1") {
    throw new KeyError("UNSUPPORTED_KEY", "A key that signs on the ledger is an elliptic curve key on P-256.");
  }
  return async (message) => toLowS(sign("sha256", message, key), curve);
}
