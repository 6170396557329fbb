import type { ChannelBundle, OrdererOrganization } from "@wanlian/protocol/configuration/channel-bundle.js";
import { Status } from "@wanlian/protocol/messages/common.js";
import type { BroadcastResponse } from "@wanlian/protocol/messages/orderer.js";
import { RpcClient } from "../../../grpc/client.js";
import { clientCredentials, joinPem, type TlsMaterial } from "../../../grpc/credentials.js";
import { BroadcastStreams } from "./broadcast-streams.js";

/** One orderer of a channel. */
export interface Orderer {
  readonly address: string;
  readonly mspId: string;
  readonly streams: BroadcastStreams;
}

/** Connections to the orderers that a channel's configuration names. */
export class Orderers {
  readonly #own: TlsMaterial;
  readonly #streams = new Map<string, BroadcastStreams>();

  constructor(own: TlsMaterial) {
    this.#own = own;
  }

  of({ orderer }: ChannelBundle): Orderer[] {
    return orderer.organizations.flatMap((organization) =>
      organization.endpoints.map((address) => ({
        address,
        mspId: organization.mspId,
        streams: this.#streamsTo(address, organization),
      })),
    );
  }

  close(): void {
    for (const streams of this.#streams.values()) streams.close();
  }

  /** Other roots make another connection, so that a renewed certificate authority is taken up. */
  #streamsTo(address: string, organization: OrdererOrganization): BroadcastStreams {
    const roots = joinPem([...organization.tlsRootCerts, ...organization.tlsIntermediateCerts]);
    const key = `${address}\n${roots.toString("latin1")}`;
    let streams = this.#streams.get(key);
    if (streams === undefined) {
      streams = new BroadcastStreams(new RpcClient(address, clientCredentials(roots, this.#own)));
      this.#streams.set(key, streams);
    }
    return streams;
  }
}

const NAMES: ReadonlyMap<number, string> = new Map(Object.entries(Status).map(([name, code]) => [code, name]));

/** An orderer's refusal in the words of Fabric's gateway. */
export function refusalText({ status: code, info }: BroadcastResponse): string {
  return `received unsuccessful response from orderer: status=${NAMES.get(code) ?? code}, info=${info}`;
}
