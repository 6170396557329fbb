import type { Signer } from "../../core/index.js";
import { signWith } from "../signing.js";
import type { Session } from "./sessions.js";
import type { SigningDesks } from "./signing-desk.js";
import type { UnlockedOfficer } from "./store.js";

/** The officer as one who signs on the ledger, with a key that is open here. */
export function signerOf(officer: UnlockedOfficer, mspId: string): Signer {
  return { mspId, certificate: Buffer.from(officer.pem), sign: signWith(officer.key) };
}

/** The officer of a session: signs here, or at the desk that the officer's own page has opened. */
export function sessionSigner(
  { officer, holder }: Session,
  mspId: string,
  desks: SigningDesks,
  desk: string | undefined,
): Signer {
  if (holder.kind === "node") return signerOf({ ...officer, key: holder.key }, mspId);
  const sign = (message: Uint8Array) => desks.sign(desk, message, officer.x509);
  return { mspId, certificate: Buffer.from(officer.pem), sign };
}
