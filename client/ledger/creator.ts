import { LedgerError } from "@wanlian/model/errors.js";
import { officerBehind } from "@wanlian/model/identity/creator.js";
import type { Actor } from "@wanlian/model/kernel/act.js";

/** Certificates remembered, since officers act again and again. */
const MAX_REMEMBERED = 2_000;

const remembered = new Map<string, Actor | undefined>();

/**
 * The officer behind a transaction's creator (proto msp.SerializedIdentity), undefined if it is no officer's. Whether
 * the certificate is genuine is for the MSP to say, which the peer has asked before it called the transaction valid.
 */
export function actorOf(creator: Uint8Array): Actor | undefined {
  const key = Buffer.from(creator).toString("latin1");
  if (remembered.has(key)) return remembered.get(key);
  const actor = readActor(creator);
  if (remembered.size >= MAX_REMEMBERED) remembered.clear();
  remembered.set(key, actor);
  return actor;
}

function readActor(creator: Uint8Array): Actor | undefined {
  try {
    return officerBehind(creator);
  } catch (error) {
    if (error instanceof LedgerError) return undefined;
    throw error;
  }
}
