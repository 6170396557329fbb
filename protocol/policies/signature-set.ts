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
  const byKey = new Map<string, Identity>();
  for (const identity of verified) {
    if (identity !== undefined && !byKey.has(keyOf(identity))) byKey.set(keyOf(identity), identity);
  }
  return [...byKey.values()];
}

/**
 * The same on this thread, for the one or few signatures of a message that somebody waits for. Whose signature held already is not
 * verified again: a message with thousands of copies must not keep the thread.
 */
export function validIdentitiesHere(signatures: readonly SignedData[], msps: MspManager): Identity[] {
  const byKey = new Map<string, Identity>();
  for (const { identity: serialized, data, signature } of signatures) {
    const identity = read(serialized, msps);
    if (identity === undefined || byKey.has(keyOf(identity))) continue;
    if (identity.verifyHere(data, signature)) byKey.set(keyOf(identity), identity);
  }
  return [...byKey.values()];
}

const keyOf = ({ mspId, id }: Identity): string => `${mspId}${id}`;

function read(serialized: Uint8Array, msps: MspManager): Identity | undefined {
  try {
    return msps.deserialize(serialized);
  } catch (error) {
    if (error instanceof ProtocolError) return undefined;
    throw error;
  }
}
