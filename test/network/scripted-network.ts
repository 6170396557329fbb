import type { ChannelStatus } from "@wanlian/network/administration/calls/participation.js";
import type { PeerClient } from "@wanlian/network/administration/calls/peer.js";
import type { Invocation } from "@wanlian/network/administration/calls/proposal.js";
import type { DepartmentPeer, Network } from "@wanlian/network/administration/network.js";
import { RECORDS_REFERENCE } from "@wanlian/network/channel/policies.js";
import { NetworkError } from "@wanlian/network/error.js";
import type { Topology } from "@wanlian/network/topology/topology.js";
import {
  Block,
  BlockchainInfo,
  ChannelHeader,
  Envelope,
  HeaderType,
  Payload,
} from "@wanlian/protocol/messages/common.js";
import { ConfigEnvelope } from "@wanlian/protocol/messages/configuration.js";
import {
  CheckCommitReadinessResult,
  QueryApprovedChaincodeDefinitionResult,
  QueryChaincodeDefinitionResult,
  QueryInstalledChaincodesResult,
} from "@wanlian/protocol/messages/lifecycle.js";
import { ApplicationPolicy } from "@wanlian/protocol/messages/policies.js";

/** How a peer answers; what is left out is as in a network where all is well. */
export interface PeerScript {
  /** One for each time that it is asked; the last one goes on. */
  readonly heights?: readonly (bigint | NetworkError)[];
  readonly channels?: readonly string[];
  readonly installed?: readonly string[];
  /** Undefined: no contracts are in force. */
  readonly version?: string | undefined;
  readonly approvals?: ReadonlyMap<string, boolean>;
  readonly approvedPackage?: string;
  /** What its contracts answer. */
  readonly contracts?: NetworkError;
  readonly sees?: number;
}

export interface NetworkScript {
  readonly topology: Topology;
  /** Where certificates lie. */
  readonly base: string;
  /** Organisations whose administrator's key is here; all of them by default. */
  readonly keys?: readonly string[];
  readonly peers?: Readonly<Record<string, PeerScript>>;
  readonly orderer?: ChannelStatus | NetworkError | undefined;
}

export const refused = (message: string, status = 500) =>
  new NetworkError("REFUSED", { zh: "拒绝", en: message }, { details: { status } });
export const unreachable = () => new NetworkError("UNREACHABLE", { zh: "没有应答", en: "it does not answer" });

/** What was asked of the scripted network, in order: whom, and what. */
export type Asked = string[];

/** A network as an administrator's machine sees it, with peers and orderers that answer by a script. */
export function scriptedNetwork(script: NetworkScript, asked: Asked = []): Network {
  const { topology, base, keys, peers = {} } = script;
  const canActFor = (mspId: string) => keys?.includes(mspId) ?? true;
  const clients = new Map(
    topology.departments.map(({ mspId }) => [mspId, scriptedPeer(mspId, peers[mspId] ?? {}, topology, asked)]),
  );
  const network: Partial<Record<keyof Network, unknown>> = {
    ...{ topology, base, channel: topology.channel, msps: new Map(), canActFor },
    peers: topology.departments.flatMap((one) => one.peers.map((place) => ({ mspId: one.mspId, place }))),
    hasDepartment: topology.departments.some(({ mspId }) => canActFor(mspId)),
    peer: ({ mspId }: DepartmentPeer) => clients.get(mspId),
    participation: () => ({
      channel: async () => {
        if (script.orderer instanceof NetworkError) throw script.orderer;
        return script.orderer;
      },
    }),
  };
  return network as unknown as Network;
}

function scriptedPeer(mspId: string, script: PeerScript, topology: Topology, asked: Asked): PeerClient {
  const heights = [...(script.heights ?? [8n])];
  const seen = Array.from({ length: script.sees ?? topology.departments.length }, () => ({}));
  const peer: Partial<Record<keyof PeerClient, unknown>> = {
    identity: { creator: new Uint8Array(), sign: () => new Uint8Array() },
    endpoint: { mspId, name: "peer0", address: "127.0.0.1:1" },
    connections: {
      to: () => ({
        unary: async () => ({ results: [{ members: { peersByOrg: new Map([[mspId, { peers: seen }]]) } }] }),
      }),
    },
    info: async () => {
      asked.push(`${mspId} info`);
      const [height = 0n] = heights.length > 1 ? heights.splice(0, 1) : heights;
      if (height instanceof NetworkError) throw height;
      return BlockchainInfo.create({ height });
    },
    channels: async () => script.channels ?? [topology.channel],
    block: async (_channel: string, number: bigint) => {
      asked.push(`${mspId} block ${number}`);
      return Block.create({ header: { number, previousHash: new Uint8Array(32), dataHash: new Uint8Array(32) } });
    },
    configBlock: async () => configurationBlock(),
    query: async ({ chaincode, args: [method] }: Invocation) =>
      answerTo(`${chaincode}.${Buffer.from(method ?? []).toString()}`),
  };
  return peer as unknown as PeerClient;

  function answerTo(call: string): Uint8Array {
    asked.push(`${mspId} ${call}`);
    const approvals = script.approvals ?? new Map(topology.departments.map((one) => [one.mspId, true]));
    switch (call) {
      case "_lifecycle.QueryChaincodeDefinition": {
        const { version = "version" in script ? undefined : topology.contracts.version } = script;
        if (version === undefined) throw refused("there is none", 404);
        const validationParameter = ApplicationPolicy.encode({ channelConfigPolicyReference: RECORDS_REFERENCE });
        return QueryChaincodeDefinitionResult.encode({ version, sequence: 1n, validationParameter, approvals });
      }
      case "_lifecycle.CheckCommitReadiness":
        return CheckCommitReadinessResult.encode({ approvals });
      case "_lifecycle.QueryInstalledChaincodes":
        return QueryInstalledChaincodesResult.encode({
          installedChaincodes: (script.installed ?? []).map((packageId) => ({ packageId })),
        });
      case "_lifecycle.QueryApprovedChaincodeDefinition":
        if (script.approvedPackage === undefined) throw refused("could not fetch approved chaincode definition");
        return QueryApprovedChaincodeDefinitionResult.encode({
          source: { localPackage: { packageId: script.approvedPackage } },
        });
      default:
        if (script.contracts !== undefined) throw script.contracts;
        return new Uint8Array();
    }
  }
}

function configurationBlock(): Block {
  const channelHeader = ChannelHeader.encode({ type: HeaderType.CONFIG, channelId: "pilot" });
  const header = { channelHeader, signatureHeader: new Uint8Array() };
  const data = ConfigEnvelope.encode({ config: { sequence: 3n, channelGroup: {} } });
  return Block.create({ data: { data: [Envelope.encode({ payload: Payload.encode({ header, data }) })] } });
}
