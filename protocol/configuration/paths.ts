/** Names in a channel configuration, as Fabric spells them. */

export const GroupName = { CHANNEL: "Channel", APPLICATION: "Application", ORDERER: "Orderer" } as const;

export const ValueName = {
  ACLS: "ACLs",
  ANCHOR_PEERS: "AnchorPeers",
  BATCH_SIZE: "BatchSize",
  BATCH_TIMEOUT: "BatchTimeout",
  BLOCK_DATA_HASHING_STRUCTURE: "BlockDataHashingStructure",
  CAPABILITIES: "Capabilities",
  CONSENSUS_TYPE: "ConsensusType",
  ENDPOINTS: "Endpoints",
  HASHING_ALGORITHM: "HashingAlgorithm",
  MSP: "MSP",
  ORDERER_ADDRESSES: "OrdererAddresses",
  ORDERERS: "Orderers",
} as const;

export const PolicyPath = {
  BLOCK_VALIDATION: "/Channel/Orderer/BlockValidation",
  CHANNEL_READERS: "/Channel/Readers",
  CHANNEL_WRITERS: "/Channel/Writers",
  APPLICATION_READERS: "/Channel/Application/Readers",
  APPLICATION_WRITERS: "/Channel/Application/Writers",
  APPLICATION_ADMINS: "/Channel/Application/Admins",
  ENDORSEMENT: "/Channel/Application/Endorsement",
  LIFECYCLE_ENDORSEMENT: "/Channel/Application/LifecycleEndorsement",
} as const;

/** Fabric's limit on the length of channel ids and configuration names. */
const MAX_NAME_LENGTH = 249;

export const isChannelId = (id: string): boolean => id.length <= MAX_NAME_LENGTH && /^[a-z][a-z0-9.-]*$/.test(id);

/** Whether a group, value or policy may have this name. */
export const isConfigName = (name: string): boolean =>
  name.length <= MAX_NAME_LENGTH && name !== "." && name !== ".." && /^[a-zA-Z0-9.-]+$/.test(name);
