import type { Words } from "@wanlian/protocol/language.js";

/** What somebody is called. */
export type Name = Words;

/** `host:port` */
export type Address = string;

/** How the channel's transactions are put in order. */
export type Consensus = "embedded" | "raft" | "bft";

/** Where an organisation's certificates lie, relative to the topology file. Absent: made here, in organizations/MSPID. */
export interface CertificateSource {
  readonly folder: string;
}

/** When an orderer cuts a block. */
export interface Batch {
  /** Transactions in a block at most. */
  readonly messages: number;
  /** Larger transactions are refused. */
  readonly absoluteBytes: number;
  /** A block grows no larger than this unless a single transaction is. */
  readonly preferredBytes: number;
  /** How long a transaction waits for company, as Go writes durations. */
  readonly timeout: string;
}

export interface Contracts {
  readonly name: string;
  readonly version: string;
}

export interface PeerPlace {
  readonly name: string;
  readonly address: Address;
  /** Where the chaincode process beside this peer listens. */
  readonly contracts: Address;
  readonly operations?: Address;
  /** `off` for a peer without the Gateway service, as Fabric's were before 2.4. On, unless said otherwise. */
  readonly gateway?: "on" | "off";
}

/** How a department node reaches the ledger: through its peer's Gateway service, or with the older SDK without one. */
export type Connector = "gateway" | "fabric-network";

export interface NodePlace {
  /** The API that officers use. */
  readonly api: Address;
  /** Where other departments' nodes fetch data. */
  readonly exchange?: Address;
  /** Health and figures for those who run the machine: `/livez`, `/readyz`, `/metrics`. */
  readonly operations?: Address;
  /** `gateway` unless said otherwise. */
  readonly connector?: Connector;
}

export interface Department {
  readonly mspId: string;
  readonly name: Name;
  readonly bureau?: boolean;
  readonly certificates?: CertificateSource;
  readonly peers: readonly [PeerPlace, ...PeerPlace[]];
  readonly node?: NodePlace;
}

export interface OrdererOrganisation {
  readonly mspId: string;
  readonly name: Name;
  readonly certificates?: CertificateSource;
}

export interface OrdererPlace {
  readonly name: string;
  /** MSP id of the organisation that runs it. */
  readonly organisation: string;
  readonly address: Address;
  /** Its channel participation port. */
  readonly administration: Address;
  readonly operations?: Address;
}

/** Who takes part in a channel and where everything of theirs runs: what topology.schema.json describes, defaults filled in. */
export interface Topology {
  readonly version: 1;
  readonly channel: string;
  readonly consensus: Consensus;
  /** k of the policy Records. */
  readonly endorsements: number;
  readonly batch: Batch;
  readonly contracts: Contracts;
  readonly departments: readonly Department[];
  readonly orderers: {
    readonly organisations: readonly OrdererOrganisation[];
    readonly nodes: readonly OrdererPlace[];
  };
}

/** More endorsements than these make acts slow and hardly safer. */
const MOST_ENDORSEMENTS_BY_DEFAULT = 5;

/** k where nobody says otherwise: a majority of the departments, at most five. */
export function defaultEndorsements(departments: number): number {
  return Math.min(Math.floor(departments / 2) + 1, MOST_ENDORSEMENTS_BY_DEFAULT);
}

/** Fabric's own defaults for sizes. */
const BATCH_SIZES = { messages: 500, absoluteBytes: 10_485_760, preferredBytes: 2_097_152 } as const;

/**
 * How long a transaction waits for company at most where nobody says otherwise. The embedded orderer waits as long only
 * under load (see its `Pace`); real ones always do, have a consensus round to share, and did best at 100 ms.
 */
const BATCH_TIMEOUT: Readonly<Record<Consensus, string>> = { embedded: "60ms", raft: "100ms", bft: "100ms" };

export function defaultBatch(consensus: Consensus): Batch {
  return { ...BATCH_SIZES, timeout: BATCH_TIMEOUT[consensus] };
}

export const DEFAULT_CONTRACTS: Contracts = { name: "wanlian", version: "1.0" };

/** Host and port of an address that the schema has passed. */
export function hostAndPort(address: Address): { host: string; port: number } {
  const colon = address.lastIndexOf(":");
  return { host: address.slice(0, colon), port: Number(address.slice(colon + 1)) };
}
