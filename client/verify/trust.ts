import { MspId } from "@wanlian/model/identifiers.js";
import { checkSchema } from "@wanlian/model/kernel/schema.js";
import { closed, MAX_NAME, text } from "@wanlian/model/model-1/limits.js";
import { Bundle } from "@wanlian/protocol/configuration/bundle.js";
import type { ChannelBundle } from "@wanlian/protocol/configuration/channel-bundle.js";
import type { ConsortiumRoots } from "@wanlian/protocol/verify/configuration.js";
import { type Static, Type } from "typebox";

/** What a verifier brings along: the consortium's roots, and the name of its contracts. */
export interface EvidenceTrust extends ConsortiumRoots {
  readonly chaincode: string;
}

/** The consortium's root certificates as a file that an auditor keeps. */
export const TrustFile = closed({
  format: Type.Literal("wanlian-roots"),
  version: Type.Literal(1),
  channel: text(MAX_NAME),
  chaincode: text(MAX_NAME),
  /** PEM root certificates by MSP id, orderers' included. */
  roots: Type.Record(MspId, Type.Array(Type.String({ maxLength: 20_000 }), { minItems: 1, maxItems: 10 })),
  /** MSP ids of the organisations that order blocks. */
  orderers: Type.Array(MspId, { minItems: 1, maxItems: 50 }),
  /** Said by a node of a demo channel. */
  demo: Type.Optional(Type.Boolean()),
});
export type TrustFile = Static<typeof TrustFile>;

/** The roots that the channel's configuration in force names: for an auditor to compare and keep. */
export function trustFileOf(bundle: ChannelBundle, chaincode: string): TrustFile {
  if (!(bundle instanceof Bundle)) throw new TypeError("not a configuration that was read from the ledger");
  const roots = bundle.msps.mspIds.map((id) => {
    const { rootCerts = [] } = bundle.msps.msp(id)?.config ?? {};
    return [id, rootCerts.map((pem) => Buffer.from(pem).toString("utf8"))];
  });
  return {
    format: "wanlian-roots",
    version: 1,
    channel: bundle.channelId,
    chaincode,
    roots: Object.fromEntries(roots),
    orderers: bundle.orderer.organizations.map(({ mspId }) => mspId as Static<typeof MspId>),
  };
}

export function trustOf({ channel, chaincode, roots, orderers }: TrustFile): EvidenceTrust {
  return { channelId: channel, chaincode, roots: new Map(Object.entries(roots)), orderers };
}

/** @throws LedgerError INVALID_INPUT */
export function parseTrust(value: unknown): EvidenceTrust {
  checkSchema(TrustFile, value);
  return trustOf(value as TrustFile);
}
