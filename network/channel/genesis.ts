import { createHash, randomBytes } from "node:crypto";
import {
  Block,
  ChannelHeader,
  Envelope,
  HeaderType,
  LastConfig,
  Metadata,
  OrdererBlockMetadata,
  Payload,
  SignatureHeader,
} from "@wanlian/protocol/messages/common.js";
import {
  BatchSize,
  BatchTimeout,
  BlockDataHashingStructure,
  Capabilities,
  ConfigEnvelope,
  type ConfigGroup,
  HashingAlgorithm,
} from "@wanlian/protocol/messages/configuration.js";
import { timestampOf } from "@wanlian/protocol/messages/wellknown.js";
import type { PublicMsp } from "../certificates/msp-folder.js";
import type { Batch, OrdererPlace, Topology } from "../topology/topology.js";
import { consensusParts, type OrdererCertificates } from "./consensus.js";
import { configGroup } from "./group.js";
import { departmentGroup, ordererGroup } from "./organisation.js";
import { POLICY, recordsPolicy, subGroups } from "./policies.js";

/** The certificates that a channel begins with. */
export interface ChannelMaterial {
  msp(mspId: string): PublicMsp;
  orderer(place: OrdererPlace): OrdererCertificates;
}

/** A Merkle tree over a block's transactions was planned once; this width means none, the only one Fabric takes. */
const NO_MERKLE_TREE = 0xffff_ffff;

/** Entries of a block's metadata, the unused ones included. */
const METADATA_ENTRIES = 5;
const NONCE_SIZE = 24;

/** The configuration with which the topology's channel begins. */
export function channelGroup(topology: Topology, material: ChannelMaterial): ConfigGroup {
  const consensus = consensusParts(topology, material.orderer);
  return configGroup({
    groups: {
      Application: applicationPart(topology, material),
      Orderer: configGroup({
        groups: ordererOrganisations(topology, material),
        values: {
          ...batchValues(topology.batch),
          ...consensus.values,
          ChannelRestrictions: new Uint8Array(),
          Capabilities: capabilities("V2_0"),
        },
        policies: { ...metaPolicies(), [POLICY.blockValidation]: consensus.blockValidation },
      }),
    },
    values: {
      HashingAlgorithm: HashingAlgorithm.encode({ name: "SHA256" }),
      BlockDataHashingStructure: BlockDataHashingStructure.encode({ width: NO_MERKLE_TREE }),
      Capabilities: capabilities(consensus.channelCapability),
    },
    policies: metaPolicies(),
  });
}

/** Block 0 of the topology's channel, as every orderer and peer takes it to join. */
export function genesisBlock(topology: Topology, material: ChannelMaterial): Uint8Array {
  const config = { sequence: 0n, channelGroup: channelGroup(topology, material) };
  const nonce = randomBytes(NONCE_SIZE);
  const payload = Payload.encode({
    header: {
      channelHeader: ChannelHeader.encode({
        type: HeaderType.CONFIG,
        version: 1,
        timestamp: timestampOf(Date.now()),
        channelId: topology.channel,
        txId: createHash("sha256").update(nonce).digest("hex"),
      }),
      signatureHeader: SignatureHeader.encode({ nonce }),
    },
    data: ConfigEnvelope.encode({ config }),
  });
  const envelope = Envelope.encode({ payload });
  const metadata: Uint8Array[] = Array.from({ length: METADATA_ENTRIES }, () => new Uint8Array());
  metadata[0] = Metadata.encode({ value: OrdererBlockMetadata.encode({ lastConfig: { index: 0n } }) });
  metadata[1] = Metadata.encode({ value: LastConfig.encode({ index: 0n }) });
  return Block.encode({
    header: { number: 0n, dataHash: createHash("sha256").update(envelope).digest() },
    data: { data: [envelope] },
    metadata: { metadata },
  });
}

/** The values that say when a block is cut. */
export function batchValues(batch: Batch): Record<"BatchSize" | "BatchTimeout", Uint8Array> {
  return {
    BatchSize: BatchSize.encode({
      maxMessageCount: batch.messages,
      absoluteMaxBytes: batch.absoluteBytes,
      preferredMaxBytes: batch.preferredBytes,
    }),
    BatchTimeout: BatchTimeout.encode({ timeout: batch.timeout }),
  };
}

function applicationPart({ departments, endorsements }: Topology, material: ChannelMaterial): ConfigGroup {
  const mspIds = departments.map((department) => department.mspId);
  return configGroup({
    groups: Object.fromEntries(
      departments.map((department) => [department.mspId, departmentGroup(department, material.msp(department.mspId))]),
    ),
    values: { Capabilities: capabilities("V2_5") },
    policies: {
      ...metaPolicies(),
      [POLICY.endorsement]: subGroups("MAJORITY", POLICY.endorsement),
      [POLICY.lifecycleEndorsement]: subGroups("MAJORITY", POLICY.endorsement),
      [POLICY.records]: recordsPolicy(endorsements, mspIds),
    },
  });
}

function ordererOrganisations({ orderers }: Topology, material: ChannelMaterial): Record<string, ConfigGroup> {
  return Object.fromEntries(
    orderers.organisations.map(({ mspId }) => {
      const own = orderers.nodes.filter((node) => node.organisation === mspId);
      const addresses = own.map((node) => node.address);
      return [mspId, ordererGroup(mspId, material.msp(mspId), addresses)];
    }),
  );
}

/** Anybody in a sub-group reads and writes, a majority of the sub-groups' administrators changes. */
function metaPolicies() {
  return {
    [POLICY.readers]: subGroups("ANY", POLICY.readers),
    [POLICY.writers]: subGroups("ANY", POLICY.writers),
    [POLICY.admins]: subGroups("MAJORITY", POLICY.admins),
  };
}

function capabilities(name: string): Uint8Array {
  return Capabilities.encode({ capabilities: new Map([[name, {}]]) });
}
