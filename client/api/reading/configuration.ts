import { Certificate } from "@wanlian/protocol/identities/certificate.js";
import { ChannelConfiguration, type Db } from "../../read/index.js";

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

/** Compiling one takes milliseconds, and anybody at all may ask: once a configuration, not once a question. */
const compiled = new WeakMap<Db, ChannelConfiguration>();

/**
 * The channel's configuration in force by the node's own blocks.
 * @throws NodeError CONFIGURATION where the newest is none
 */
export async function configurationInForce(db: Db, channel: string): Promise<ChannelConfiguration> {
  const configuration = compiled.get(db) ?? new ChannelConfiguration(channel, db);
  compiled.set(db, configuration);
  await configuration.refresh();
  return configuration;
}

/** The authorities of the configuration in force, those that end first before the others; none before block 0. */
export async function listAuthorities(db: Db, channel: string): Promise<Authority[]> {
  const { known } = await configurationInForce(db, channel);
  if (known === undefined) return [];
  const { msps } = known;
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
