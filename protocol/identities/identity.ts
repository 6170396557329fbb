import type { MSPPrincipal } from "../messages/policies.js";
import type { Certificate } from "./certificate.js";
import type { SignatureKey } from "./signature-key.js";

/** An identity that an MSP of the channel could read. Reading does not make it valid: see `validate`. */
export interface Identity {
  readonly mspId: string;
  /** Hex SHA-256 of the (low-S) certificate: with `mspId` the key by which policies tell identities apart. */
  readonly id: string;
  readonly certificate: Certificate;
  /**
   * Whether its MSP accepts it: key algorithm, chain, revocation, OUs. Expiry does not count here, so that old blocks stay valid; see
   * `expiresAt`.
   * @throws ProtocolError INVALID_IDENTITY with the reason.
   */
  validate(): void;
  /** When its certificate ends. Checked at the edges (proposals, broadcast, deliver) and never in block validation. */
  readonly expiresAt: Date;
  /** Whether the identity is valid and is what a policy's principal asks for. */
  satisfies(principal: MSPPrincipal): boolean;
  /** What its signatures are verified with, for whoever does that elsewhere; undefined: with a key of a kind that none can be right with. */
  readonly signatureKey: SignatureKey | undefined;
  /** Whether the signature (DER with low S for ECDSA) over the data is this identity's. Runs on the thread pool. */
  verify(data: Uint8Array, signature: Uint8Array): Promise<boolean>;
  /** The same on this thread: for a single signature, the way to another thread and back costs half as much as verifying. */
  verifyHere(data: Uint8Array, signature: Uint8Array): boolean;
}

/** The MSPs of a channel together. */
export interface MspManager {
  readonly mspIds: readonly string[];
  /** @throws ProtocolError INVALID_IDENTITY when no MSP of the channel knows it or its certificate has no chain there. */
  deserialize(serialized: Uint8Array): Identity;
}
