import { signWith } from "../keys/signing.js";
import type { UnlockedOfficer } from "../keys/store.js";
import type { Signer } from "./services.js";

/** The officer as one who signs on the ledger. */
export function signerOf(officer: UnlockedOfficer, mspId: string): Signer {
  return { mspId, certificate: Buffer.from(officer.pem), sign: signWith(officer.key) };
}
