import { access } from "node:fs/promises";
import { join } from "node:path";
import { type PublicMsp, readPublicMsp } from "../certificates/msp-folder.js";
import type { OrdererCertificates } from "../channel/consensus.js";
import { organisationFolder, readOrdererCertificates } from "../channel/material.js";
import { NetworkError } from "../error.js";
import type { OrdererPlace, PeerPlace, Topology } from "../topology/topology.js";
import { type Administrator, Connections, type Endpoint, readAdministrator } from "./calls/connection.js";
import { ParticipationClient } from "./calls/participation.js";
import { PeerClient } from "./calls/peer.js";

/** The folder, below an organisation's, of the administrator in whose name commands act. */
const ADMINISTRATOR = join("administrators", "admin");

/** A peer of the topology, with the department it belongs to. */
export interface DepartmentPeer {
  readonly mspId: string;
  readonly place: PeerPlace;
}

/**
 * The topology's network as one administrator's machine sees it: every peer and orderer can be asked, but only organisations
 * whose administrator's key lies here can be acted for. On a one-host pilot that is all of them.
 */
export class Network {
  readonly #connections = new Connections();

  private constructor(
    readonly topology: Topology,
    /** The folder of the topology file; certificates lie below it. */
    readonly base: string,
    /** The public certificates of every organisation. */
    readonly msps: ReadonlyMap<string, PublicMsp>,
    /** By name, the certificates of orderers, as far as they are here. */
    readonly ordererCertificates: ReadonlyMap<string, OrdererCertificates>,
    private readonly administrators: ReadonlyMap<string, Administrator>,
  ) {}

  /** Reads certificates and the keys that are here. Close it after use. */
  static async open(topology: Topology, base: string): Promise<Network> {
    const msps = new Map<string, PublicMsp>();
    const administrators = new Map<string, Administrator>();
    for (const organisation of [...topology.departments, ...topology.orderers.organisations]) {
      const { mspId } = organisation;
      const folder = organisationFolder(base, organisation);
      msps.set(mspId, await readPublicMsp(join(folder, "msp")));
      const administrator = join(folder, ADMINISTRATOR);
      if (await exists(administrator)) administrators.set(mspId, await readAdministrator(mspId, administrator));
    }
    return new Network(topology, base, msps, await readOrdererCertificates(base, topology), administrators);
  }

  get channel(): string {
    return this.topology.channel;
  }

  get peers(): DepartmentPeer[] {
    return this.topology.departments.flatMap(({ mspId, peers }) => peers.map((place) => ({ mspId, place })));
  }

  /** Whether some department's administrator can act here: whoever runs orderers alone is told nothing of ledgers. */
  get hasDepartment(): boolean {
    return this.topology.departments.some(({ mspId }) => this.canActFor(mspId));
  }

  /** Whether an administrator of the organisation can act here. */
  canActFor(mspId: string): boolean {
    return this.administrators.has(mspId);
  }

  /** The organisation's administrator. Throws `MISSING_FILE` if the key is elsewhere. */
  administrator(mspId: string): Administrator {
    const found = this.administrators.get(mspId);
    if (!found)
      throw new NetworkError(
        "MISSING_FILE",
        {
          zh: `${mspId} 的管理员密钥不在本机；该步骤须在 ${mspId} 完成。`,
          en: `The administrator's key of ${mspId} is not here; the step has to be done at ${mspId}.`,
        },
        { details: { mspId } },
      );
    return found;
  }

  /** Any administrator whose key is here, the organisation's own where it is. */
  anyAdministrator(preferred: string): Administrator {
    const [first] = this.administrators.values();
    const found = this.administrators.get(preferred) ?? first;
    if (!found)
      throw new NetworkError(
        "MISSING_FILE",
        { zh: `${this.base} 下没有任何管理员密钥。`, en: `No administrator's key lies below ${this.base}.` },
        { details: { folder: this.base } },
      );
    return found;
  }

  /** A peer, asked in the name of `as` (by default its own organisation, or whoever is here). */
  peer({ mspId, place }: DepartmentPeer, as: Administrator = this.anyAdministrator(mspId)): PeerClient {
    const endpoint = { mspId, name: place.name, address: place.address, tlsRoots: this.#rootsOf(mspId) };
    return new PeerClient(endpoint, this.#connections, as.identity);
  }

  orderer({ organisation, name, address }: OrdererPlace): Endpoint {
    return { mspId: organisation, name, address, tlsRoots: this.#rootsOf(organisation) };
  }

  get orderers(): Endpoint[] {
    return this.topology.orderers.nodes.map((place) => this.orderer(place));
  }

  /** The administration port of an orderer. */
  participation(place: OrdererPlace): ParticipationClient {
    return new ParticipationClient(this.orderer(place), place.administration, this.administrator(place.organisation));
  }

  get connections(): Connections {
    return this.#connections;
  }

  close(): void {
    this.#connections.close();
  }

  #rootsOf(mspId: string): readonly string[] {
    return this.msps.get(mspId)?.tlsRootCertificates ?? [];
  }
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
