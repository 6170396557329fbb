import type { Signer } from "../../core/index.js";
import { signWith } from "../signing.js";
import type { UnlockedOfficer } from "./store.js";

/** The officer as one who signs on the ledger. */
export function signerOf(officer: UnlockedOfficer, mspId: string): Signer {
  return { mspId, certificate: Buffer.from(officer.pem), sign: signWith(officer.key) };
}
