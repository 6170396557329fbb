import type { Identity } from "../identities/identity.js";

/** One signature as a policy sees it. */
export interface SignedData {
  /** The serialized identity that is said to have signed. */
  readonly identity: Uint8Array;
  readonly data: Uint8Array;
  readonly signature: Uint8Array;
}

/** A policy of a channel, compiled. */
export interface Policy {
  /** Whether these identities, whose signatures have been verified, satisfy it. Greedy, as in Fabric. */
  accepts(identities: readonly Identity[]): boolean;
  /** Verifies the signatures (wrong ones count for nothing) and then asks `accepts`. */
  evaluate(signatures: readonly SignedData[]): Promise<boolean>;
}

/** Policies by path. */
export interface PolicyManager {
  /** The policy at an absolute path such as `/Channel/Application/Writers`, or relative to the channel group. */
  policy(path: string): Policy | undefined;
}
