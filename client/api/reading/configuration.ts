import { Bundle } from "@wanlian/protocol/configuration/bundle.js";
import { Certificate } from "@wanlian/protocol/identities/certificate.js";
import { Config } from "@wanlian/protocol/messages/configuration.js";
import type { Db } from "../../read/index.js";

/** The contracts as they were committed at a block. */
export interface ContractVersion {
  readonly block: number;
  readonly sequence: number;
  readonly version: string;
  /** Path of the policy by which transactions have to be endorsed; empty where it is none of the channel's. */
  readonly policyReference: string;
}

/** A certificate that a department's others chain up to, and its last instant. */
export interface Authority {
  readonly department: string;
  readonly use: "members" | "connections";
  readonly subject: string;
  readonly ends: string;
}

/** Every version of the contracts, the last first. */
export async function listContracts(db: Db): Promise<ContractVersion[]> {
  const rows = await db
    .selectFrom("configurations")
    .select(["block", "content"])
    .where("kind", "=", "definition")
    .orderBy("block", "desc")
    .orderBy("tx", "desc")
    .execute();
  return rows.map(({ block, content }) => {
    const { sequence, version, policyReference } = JSON.parse(
      Buffer.from(content, "base64").toString(),
    ) as ContractVersion;
    return { block: Number(block), sequence, version, policyReference };
  });
}

/** The authorities of the configuration in force, those that end first before the others; none before block 0. */
export async function listAuthorities(db: Db, channel: string): Promise<Authority[]> {
  const row = await db
    .selectFrom("configurations")
    .select("content")
    .where("kind", "=", "channel")
    .orderBy("block", "desc")
    .orderBy("tx", "desc")
    .limit(1)
    .executeTakeFirst();
  if (row === undefined) return [];
  const { msps } = new Bundle(channel, Config.decode(Buffer.from(row.content, "base64")));
  const found = msps.mspIds.flatMap((department) => {
    const config = msps.msp(department)?.config;
    const of = (use: Authority["use"], pems: readonly Uint8Array[] = []): Authority[] =>
      pems.map((pem) => {
        const { commonName, notAfter } = Certificate.fromPem(pem);
        return { department, use, subject: commonName, ends: `${notAfter.toISOString().slice(0, SECONDS)}Z` };
      });
    return [
      ...of("members", [...(config?.rootCerts ?? []), ...(config?.intermediateCerts ?? [])]),
      ...of("connections", [...(config?.tlsRootCerts ?? []), ...(config?.tlsIntermediateCerts ?? [])]),
    ];
  });
  return found.sort((a, b) => a.ends.localeCompare(b.ends));
}

/** Of an instant, without its fraction. */
const SECONDS = "2026-10-13T00:00:00".length;
