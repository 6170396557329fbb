import { Certificate } from "@wanlian/protocol/identities/certificate.js";
import type { Signer } from "../core/index.js";

/** Officers at work at one node, and its own key. */
const MAX_REMEMBERED = 1000;
const remembered = new Map<string, Certificate>();

/** The signer's certificate, read once: reading takes longer than signing. */
export function certificateOf({ certificate }: Signer): Certificate {
  const pem = Buffer.from(certificate).toString("latin1");
  const known = remembered.get(pem);
  if (known !== undefined) return known;
  const read = Certificate.fromPem(certificate);
  if (remembered.size >= MAX_REMEMBERED) remembered.clear();
  remembered.set(pem, read);
  return read;
}
