import { OfficerStanding } from "../../access/index.js";
import { readOfficerCertificate } from "../../keys/officers/index.js";
import type { Db } from "../../read/index.js";
import { configurationInForce } from "./configuration.js";

/** Whose ledger it is, and which department's node. */
interface Place {
  readonly channel: string;
  readonly department: string;
}

/**
 * The department's certificate authorities as the channel's configuration in force names them, PEM.
 * @throws NodeError NOT_READY before block 0 was taken in
 */
export async function authoritiesOf(db: Db, { channel, department }: Place): Promise<string[]> {
  const { bundle } = await configurationInForce(db, channel);
  const { rootCerts = [], intermediateCerts = [] } = bundle.msps.msp(department)?.config ?? {};
  return [...rootCerts, ...intermediateCerts].map((pem) => Buffer.from(pem).toString("utf8"));
}

/**
 * Whether the department's own authority issued a certificate that still counts, by the check that every peer makes.
 * @throws KeyError CERTIFICATE_REFUSED with what is wrong with it
 */
export async function expectOwnCertificate(db: Db, { channel, department }: Place, pem: string): Promise<void> {
  const { bundle } = await configurationInForce(db, channel);
  const refusal = new OfficerStanding(department, () => bundle).refusal(readOfficerCertificate(pem));
  if (refusal !== undefined) throw refusal;
}
