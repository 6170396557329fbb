import { createHash } from "node:crypto";
import { implicitCollection } from "../../ledger/definitions.js";
import type { StateSnapshot } from "../../ledger/snapshot.js";
import type { Simulator } from "../simulation/simulator.js";
import { LIFECYCLE, type OpaqueState, type ReadableState, type WritableState } from "./layout.js";

/** The lifecycle's public records as a transaction sees and changes them. */
export function publicState(simulator: Simulator): WritableState {
  return {
    get: (key) => simulator.get(LIFECYCLE, key),
    async put(key, value) {
      simulator.put(LIFECYCLE, key, value);
    },
    async delete(key) {
      simulator.put(LIFECYCLE, key, undefined);
    },
  };
}

/** An organization's private records: plain where this peer belongs to it, as hashes everywhere. */
export function organizationState(simulator: Simulator, mspId: string): WritableState & OpaqueState {
  const collection = implicitCollection(mspId);
  return {
    get: (key) => simulator.getPrivate(LIFECYCLE, collection, key),
    put: (key, value) => simulator.putPrivate(LIFECYCLE, collection, key, value),
    delete: (key) => simulator.putPrivate(LIFECYCLE, collection, key, undefined),
    hash: (key) => simulator.getPrivateHash(LIFECYCLE, collection, key),
  };
}

/** The public records as they stand, without noting what is read. */
export function committedPublicState(snapshot: StateSnapshot): ReadableState {
  return { get: async (key) => (await snapshot.get(LIFECYCLE, key))?.value };
}

/** An organization's private records as they stand, without noting what is read. */
export function committedOrganizationState(snapshot: StateSnapshot, mspId: string): ReadableState & OpaqueState {
  const collection = implicitCollection(mspId);
  return {
    get: async (key) => (await snapshot.privateGet(LIFECYCLE, collection, key))?.value,
    async hash(key) {
      const keyHash = createHash("sha256").update(key).digest();
      return (await snapshot.hashedGet(LIFECYCLE, collection, keyHash))?.valueHash;
    },
  };
}
