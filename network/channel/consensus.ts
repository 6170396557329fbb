import { ConsensusType, Orderers } from "@wanlian/protocol/messages/configuration.js";
import { RaftConfigMetadata, Rotation, SmartBftOptions } from "@wanlian/protocol/messages/consensus.js";
import type { Policy } from "@wanlian/protocol/messages/policies.js";
import { type Batch, hostAndPort, type OrdererPlace, type Topology } from "../topology/topology.js";
import { holder, outOf, POLICY, subGroups } from "./policies.js";

/** What the configuration says of an orderer's certificates (PEM). */
export interface OrdererCertificates {
  readonly identity: string;
  readonly tls: string;
}

/** The consensus part of a channel's Orderer group. */
export interface ConsensusParts {
  readonly values: Readonly<Record<string, Uint8Array>>;
  /** Whose signatures a block needs. */
  readonly blockValidation: Policy;
  /** The channel capability that this consensus needs. */
  readonly channelCapability: "V2_0" | "V3_0";
}

/** Ticks of 500 ms, an election after ten without a heartbeat: what Fabric's samples have. */
const RAFT_OPTIONS = {
  tickInterval: "500ms",
  electionTick: 10,
  heartbeatTick: 1,
  maxInflightBlocks: 50,
  snapshotIntervalSize: 16 * 1024 * 1024,
} as const;

/** Fabric's defaults for SmartBFT; sizes and the interval come from the batch. */
const BFT_OPTIONS = {
  incomingMessageBufferSize: 200n,
  requestPoolSize: 100_000n,
  requestForwardTimeout: "5s",
  requestComplainTimeout: "20s",
  requestAutoRemoveTimeout: "3m0s",
  viewChangeResendInterval: "5s",
  viewChangeTimeout: "20s",
  leaderHeartbeatTimeout: "1m0s",
  leaderHeartbeatCount: 10n,
  collectTimeout: "1s",
  leaderRotation: Rotation.ROTATION_UNSPECIFIED,
} as const;

/** The parts of the configuration that depend on how transactions are ordered. */
export function consensusParts(
  topology: Pick<Topology, "consensus" | "batch" | "orderers">,
  certificates: (orderer: OrdererPlace) => OrdererCertificates,
): ConsensusParts {
  const { consensus, batch } = topology;
  const { nodes } = topology.orderers;
  switch (consensus) {
    // Fabric's peers follow orderers that call themselves etcdraft or BFT and no others, so the embedded one is a Raft of one.
    case "embedded":
    case "raft":
      return crashTolerant("etcdraft", raftMetadata(nodes, certificates));
    case "bft":
      return byzantine(nodes, batch, certificates);
  }
}

/** One orderer's signature makes a block. */
function crashTolerant(type: string, metadata: Uint8Array): ConsensusParts {
  return {
    values: { ConsensusType: ConsensusType.encode({ type, metadata }) },
    blockValidation: subGroups("ANY", POLICY.blockSigners),
    channelCapability: "V2_0",
  };
}

function raftMetadata(
  nodes: readonly OrdererPlace[],
  certificates: (orderer: OrdererPlace) => OrdererCertificates,
): Uint8Array {
  const consenters = nodes.map((node) => {
    const tls = Buffer.from(certificates(node).tls);
    return { ...hostAndPort(node.address), clientTlsCert: tls, serverTlsCert: tls };
  });
  return RaftConfigMetadata.encode({ consenters, options: RAFT_OPTIONS });
}

function byzantine(
  nodes: readonly OrdererPlace[],
  batch: Batch,
  certificates: (orderer: OrdererPlace) => OrdererCertificates,
): ConsensusParts {
  const consenterMapping = nodes.map((node, index) => {
    const { identity, tls } = certificates(node);
    return {
      id: index + 1,
      ...hostAndPort(node.address),
      mspId: node.organisation,
      identity: Buffer.from(identity),
      clientTlsCert: Buffer.from(tls),
      serverTlsCert: Buffer.from(tls),
    };
  });
  const options = SmartBftOptions.encode({
    ...BFT_OPTIONS,
    requestBatchMaxCount: BigInt(batch.messages),
    requestBatchMaxBytes: BigInt(batch.absoluteBytes),
    requestBatchMaxInterval: batch.timeout,
  });
  return {
    values: {
      ConsensusType: ConsensusType.encode({ type: "BFT", metadata: options }),
      Orderers: Orderers.encode({ consenterMapping }),
    },
    blockValidation: outOf(
      bftQuorum(nodes.length),
      nodes.map((node) => holder(node.organisation, Buffer.from(certificates(node).identity))),
    ),
    channelCapability: "V3_0",
  };
}

/** Signatures that no f faulty orderers of n = 3f + 1 can bring about by themselves for two blocks: ⌈(n + f + 1) / 2⌉. */
export function bftQuorum(n: number): number {
  const f = Math.floor((n - 1) / 3);
  return Math.ceil((n + f + 1) / 2);
}
