import type { SigningIdentity } from "../../certificates/signing-identity.js";

/** Who signs, and what time it is: what every channel of an orderer shares. */
export interface OrdererContext {
  readonly signer: SigningIdentity;
  /** Milliseconds since 1970. */
  now(): number;
}
