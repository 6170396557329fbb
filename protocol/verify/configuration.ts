import { assertComplete, assertWellFormed, headerHash, isConfigBlock, lastConfigIndex } from "../block.js";
import { assertOrdered } from "../block-signatures.js";
import { equalBytes, toHex } from "../bytes.js";
import { type Bundle, bundleFromBlock, configOf } from "../configuration/bundle.js";
import { applyConfig } from "../configuration/update.js";
import { ProtocolError } from "../errors.js";
import { Certificate } from "../identities/certificate.js";
import { type Block, Envelope } from "../messages/common.js";

/** What a verifier brings along: everything else has to follow from it. */
export interface ConsortiumRoots {
  readonly channelId: string;
  /** PEM root certificates by MSP id, of every organization that the channel began with. */
  readonly roots: ReadonlyMap<string, readonly (string | Uint8Array)[]>;
  /** MSP ids of the organizations that order blocks. */
  readonly orderers: readonly string[];
  /**
   * Header hash of the genesis block, which carries no signature: whoever has an orderer's key could make another with
   * the same roots and policies of its own.
   */
  readonly genesisHash: Uint8Array;
}

/** A channel's configurations, each with the number of the block from which it holds. */
export interface VerifiedConfiguration {
  readonly channelId: string;
  readonly genesisHash: Uint8Array;
  readonly epochs: readonly { readonly configBlock: bigint; readonly bundle: Bundle }[];
}

const invalid = (message: string): ProtocolError => new ProtocolError("INVALID_CONFIGURATION", message);

/**
 * Follows a channel's configuration from its beginning to the last of the given blocks: the genesis block names the trusted roots and no
 * others, each later configuration was ordered and allowed by the one before.
 * @param configBlocks all configuration blocks from the genesis block on, in order
 * @throws ProtocolError with what does not hold.
 */
export async function followConfiguration(
  configBlocks: readonly Block[],
  trust: ConsortiumRoots,
): Promise<VerifiedConfiguration> {
  const [genesis, ...later] = configBlocks;
  if (genesis === undefined) throw invalid("there is no genesis block");
  let bundle = readGenesis(genesis, trust);
  const genesisHash = checkGenesis(genesis, trust);
  const epochs = [{ configBlock: 0n, bundle }];
  for (const block of later) {
    bundle = await nextConfiguration(block, bundle);
    epochs.push({ configBlock: block.header?.number ?? 0n, bundle });
  }
  return { channelId: trust.channelId, genesisHash, epochs };
}

/** The configuration under which a block was ordered, by what its orderers signed. */
export function configurationOf(block: Block, configuration: VerifiedConfiguration): Bundle {
  const number = block.header?.number ?? 0n;
  const index = lastConfigIndex(block);
  // A configuration block names itself; it was ordered under the one before.
  const under = configuration.epochs.filter(({ configBlock }) => configBlock < number).at(-1);
  const named = index === number ? under : configuration.epochs.find(({ configBlock }) => configBlock === index);
  if (named === undefined || named !== under) {
    throw invalid(`block ${number} was ordered under the configuration of block ${index}, which is not at hand`);
  }
  return named.bundle;
}

function readGenesis(genesis: Block, trust: ConsortiumRoots): Bundle {
  assertComplete(genesis);
  assertWellFormed(genesis);
  if (genesis.header.number !== 0n || !isConfigBlock(genesis)) throw invalid("the first block is not a genesis block");
  const bundle = bundleFromBlock(genesis.data.data);
  if (bundle.channelId !== trust.channelId) throw invalid(`channel ${bundle.channelId}, not ${trust.channelId}`);
  for (const mspId of bundle.msps.mspIds) assertTrusted(mspId, bundle, trust);
  for (const { mspId } of bundle.orderer.organizations) {
    if (!trust.orderers.includes(mspId)) throw invalid(`${mspId} orders blocks and is not among the trusted orderers`);
  }
  return bundle;
}

function assertTrusted(mspId: string, bundle: Bundle, trust: ConsortiumRoots): void {
  const trusted = new Set((trust.roots.get(mspId) ?? []).map((pem) => Certificate.fromPem(pem).fingerprint));
  for (const pem of bundle.msps.msp(mspId)?.config.rootCerts ?? []) {
    const root = Certificate.fromPem(pem);
    if (!trusted.has(root.fingerprint))
      throw invalid(`root ${root.commonName} of ${mspId} is not among the trusted roots`);
  }
}

function checkGenesis(genesis: Block, { genesisHash }: ConsortiumRoots): Uint8Array {
  assertComplete(genesis);
  const hash = headerHash(genesis.header);
  if (!equalBytes(hash, genesisHash))
    throw invalid(`the genesis block is ${toHex(hash)}, another than the trusted one`);
  return hash;
}

async function nextConfiguration(block: Block, bundle: Bundle): Promise<Bundle> {
  assertComplete(block);
  assertWellFormed(block);
  if (!isConfigBlock(block)) throw invalid(`block ${block.header.number} holds no configuration`);
  await assertOrdered(block, block.header, bundle);
  const [only = new Uint8Array(0)] = block.data.data;
  const { config, lastUpdate } = configOf(Envelope.decode(only));
  return applyConfig(bundle, { config, lastUpdate });
}
