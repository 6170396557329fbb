import { Digest, MspId } from "@wanlian/model/identifiers.js";
import { checkSchema, closed, text } from "@wanlian/model/kernel/schema.js";
import { MAX_NAME } from "@wanlian/model/model-1/limits.js";
import { assertComplete, assertWellFormed, headerHash } from "@wanlian/protocol/block.js";
import { toHex } from "@wanlian/protocol/bytes.js";
import { bundleFromBlock } from "@wanlian/protocol/configuration/bundle.js";
import { Block } from "@wanlian/protocol/messages/common.js";
import type { ConsortiumRoots } from "@wanlian/protocol/verify/configuration.js";
import { type Static, Type } from "typebox";

/** What a verifier brings along, and nothing else is believed: the consortium's beginning, and its contracts' name. */
export interface EvidenceTrust extends ConsortiumRoots {
  readonly chaincode: string;
}

/** What an auditor keeps, having compared it with another department's. */
export const TrustFile = closed({
  format: Type.Literal("wanlian-roots"),
  version: Type.Literal(2),
  channel: text(MAX_NAME),
  chaincode: text(MAX_NAME),
  /** Header hash of the genesis block: with it all that the channel began with, k and members included, is fixed. */
  genesis: Digest,
  /** PEM root certificates by MSP id, orderers' included, as the channel began. */
  roots: Type.Record(MspId, Type.Array(Type.String({ maxLength: 20_000 }), { minItems: 1, maxItems: 10 }), {
    additionalProperties: false,
  }),
  /** MSP ids of the organisations that order blocks. */
  orderers: Type.Array(MspId, { minItems: 1, maxItems: 50 }),
});
export type TrustFile = Static<typeof TrustFile>;

/** What a channel's genesis block fixes: for an auditor to compare and keep. @throws ProtocolError */
export function trustFileOf(genesis: Uint8Array, chaincode: string): TrustFile {
  const block = Block.decode(genesis);
  assertComplete(block);
  assertWellFormed(block);
  const bundle = bundleFromBlock(block.data.data);
  const roots = bundle.msps.mspIds.map((id) => {
    const { rootCerts = [] } = bundle.msps.msp(id)?.config ?? {};
    return [id, rootCerts.map((pem) => Buffer.from(pem).toString("utf8"))];
  });
  return {
    format: "wanlian-roots",
    version: 2,
    channel: bundle.channelId,
    chaincode,
    genesis: toHex(headerHash(block.header)) as Digest,
    roots: Object.fromEntries(roots),
    orderers: bundle.orderer.organizations.map(({ mspId }) => mspId as MspId),
  };
}

/** @throws LedgerError INVALID_INPUT */
export function parseTrustFile(value: unknown): TrustFile {
  checkSchema(TrustFile, value);
  return value as TrustFile;
}

export function trustOf({ channel, chaincode, genesis, roots, orderers }: TrustFile): EvidenceTrust {
  const genesisHash = Buffer.from(genesis, "hex");
  return { channelId: channel, chaincode, genesisHash, roots: new Map(Object.entries(roots)), orderers };
}

/** @throws LedgerError INVALID_INPUT */
export function parseTrust(value: unknown): EvidenceTrust {
  return trustOf(parseTrustFile(value));
}

/** Where two departments' copies differ: members of the file, and MSP ids whose roots are not the same. */
export function differencesOf(one: TrustFile, other: TrustFile): readonly string[] {
  const plain = (["channel", "chaincode", "genesis"] as const).filter((member) => one[member] !== other[member]);
  const ids = new Set<MspId>([...(Object.keys(one.roots) as MspId[]), ...(Object.keys(other.roots) as MspId[])]);
  const rootsOf = ({ roots }: TrustFile, id: MspId) =>
    [...(new Map(Object.entries(roots)).get(id) ?? [])].sort().join("");
  const roots = [...ids].filter((id) => rootsOf(one, id) !== rootsOf(other, id)).sort();
  const orderers = [...one.orderers].sort().join() === [...other.orderers].sort().join() ? [] : ["orderers"];
  return [...plain, ...orderers, ...roots];
}
