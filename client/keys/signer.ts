import { signers } from "@hyperledger/fabric-gateway";
import type { Signer } from "../node/services.js";
import type { UnlockedOfficer } from "./store.js";

/** The officer as one who signs on the ledger. */
export function signerOf(officer: UnlockedOfficer, mspId: string): Signer {
  return { mspId, certificate: Buffer.from(officer.pem), sign: signers.newPrivateKeySigner(officer.key) };
}
