import { ProtocolError } from "../errors.js";
import type { Identity, MspManager } from "../identities/identity.js";
import type { SignedData } from "./policy.js";

/**
 * The identities whose signatures hold, each once, in order. Unknown identities and wrong signatures count for nothing and do not stand in
 * the way of a right signature of the same identity later (Fabric's SignatureSetToValidIdentities). Whether an identity is valid in its
 * MSP is judged where a principal is tested.
 */
export async function validIdentities(signatures: readonly SignedData[], msps: MspManager): Promise<Identity[]> {
  const verified = await Promise.all(
    signatures.map(async ({ identity: serialized, data, signature }) => {
      const identity = read(serialized, msps);
      return identity !== undefined && (await identity.verify(data, signature)) ? identity : undefined;
    }),
  );
  return eachOnce(verified);
}

/** The same on this thread, for the one or few signatures of a message that somebody waits for. */
export function validIdentitiesHere(signatures: readonly SignedData[], msps: MspManager): Identity[] {
  return eachOnce(
    signatures.map(({ identity: serialized, data, signature }) => {
      const identity = read(serialized, msps);
      return identity?.verifyHere(data, signature) ? identity : undefined;
    }),
  );
}

function eachOnce(verified: readonly (Identity | undefined)[]): Identity[] {
  const byKey = new Map<string, Identity>();
  for (const identity of verified) {
    if (identity === undefined) continue;
    const key = `${identity.mspId}${identity.id}`;
    if (!byKey.has(key)) byKey.set(key, identity);
  }
  return [...byKey.values()];
}

function read(serialized: Uint8Array, msps: MspManager): Identity | undefined {
  try {
    return msps.deserialize(serialized);
  } catch (error) {
    if (error instanceof ProtocolError) return undefined;
    throw error;
  }
}
