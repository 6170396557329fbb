import { stringify } from "yaml";
import type {
  Address,
  Connector,
  Consensus,
  Department,
  Name,
  NodePlace,
  OrdererPlace,
  PeerPlace,
} from "./topology.js";

/** The city's departments in the order in which they join a pilot. The first is the data bureau. */
export const PILOT_DEPARTMENTS: readonly { readonly mspId: string; readonly name: Name }[] = [
  { mspId: "BureauMSP", name: { zh: "数据局", en: "data bureau" } },
  { mspId: "CivilMSP", name: { zh: "民政局", en: "civil affairs" } },
  { mspId: "PoliceMSP", name: { zh: "公安局", en: "police" } },
  { mspId: "HealthMSP", name: { zh: "卫健委", en: "health commission" } },
  { mspId: "StatisticsMSP", name: { zh: "统计局", en: "statistics" } },
  { mspId: "HrssMSP", name: { zh: "人社局", en: "human resources" } },
  { mspId: "HousingMSP", name: { zh: "住建局", en: "housing" } },
  { mspId: "TransportMSP", name: { zh: "交通局", en: "transport" } },
  { mspId: "EducationMSP", name: { zh: "教育局", en: "education" } },
  { mspId: "TaxMSP", name: { zh: "税务局", en: "taxation" } },
  { mspId: "MarketMSP", name: { zh: "市场监管局", en: "market supervision" } },
  { mspId: "JusticeMSP", name: { zh: "司法局", en: "justice" } },
];

export const FEWEST_DEPARTMENTS = 3;
export const MOST_DEPARTMENTS = PILOT_DEPARTMENTS.length;

/** The organisation that runs the pilot's orderers. */
export const PILOT_ORDERER = { mspId: "OrdererMSP", name: { zh: "排序服务", en: "ordering service" } } as const;

/** Below the ports that systems hand out by themselves, and used by nothing well known. */
export const DEFAULT_FIRST_PORT = 17_000;

/** A department's ports follow each other; the next department's begin ten further on. */
const PORTS_PER_PLACE = 10;
const DEPARTMENTS_FROM = 100;
const HOST = "127.0.0.1";

/** One orderer is all the embedded network has; three bear one that fails; four bear one that lies. */
const ORDERERS: Readonly<Record<Consensus, number>> = { embedded: 1, raft: 3, bft: 4 };

export interface PilotOptions {
  readonly departments: number;
  readonly consensus: Consensus;
  /** The lowest of the pilot's ports. */
  readonly firstPort?: number;
  /** k, how many departments have to endorse; without it, a majority and at most five. */
  readonly endorsements?: number;
  /** `fabric-network`: no peer has the Gateway service, and every node does without. */
  readonly connector?: Connector;
}

/** The topology file of a pilot on one host, as YAML. */
export function pilotTopology({
  departments,
  consensus,
  firstPort = DEFAULT_FIRST_PORT,
  endorsements,
  connector = "gateway",
}: PilotOptions): string {
  return stringify({
    version: 1,
    channel: "pilot",
    consensus,
    ...(endorsements === undefined ? {} : { endorsements }),
    departments: PILOT_DEPARTMENTS.slice(0, departments).map((_, index) =>
      pilotDepartment(index, firstPort, connector),
    ),
    orderers: {
      organisations: [PILOT_ORDERER],
      nodes: Array.from({ length: ORDERERS[consensus] }, (_, index) => pilotOrderer(index, firstPort)),
    },
  });
}

/** The pilot's department number `index`, with the ports that are its own. */
export function pilotDepartment(
  index: number,
  firstPort = DEFAULT_FIRST_PORT,
  connector: Connector = "gateway",
): Department {
  const department = PILOT_DEPARTMENTS[index];
  if (!department) throw new RangeError(`the pilot has no department number ${index}`);
  const port = firstPort + DEPARTMENTS_FROM + PORTS_PER_PLACE * index;
  const peer: PeerPlace = { name: "peer0", address: at(port + 1), contracts: at(port + 2), operations: at(port + 5) };
  const node: NodePlace = { api: at(port + 3), exchange: at(port + 4), operations: at(port + 6) };
  return {
    ...department,
    ...(index === 0 ? { bureau: true } : {}),
    peers: [connector === "fabric-network" ? { ...peer, gateway: "off" } : peer],
    node: connector === "fabric-network" ? { ...node, connector } : node,
  };
}

function pilotOrderer(index: number, firstPort: number): OrdererPlace {
  const port = firstPort + PORTS_PER_PLACE * index;
  return {
    name: `orderer${index}`,
    organisation: PILOT_ORDERER.mspId,
    address: at(port),
    administration: at(port + 1),
    operations: at(port + 2),
  };
}

function at(port: number): Address {
  return `${HOST}:${port}`;
}
