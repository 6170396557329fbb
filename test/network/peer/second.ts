import { installPackage } from "@wanlian/network/administration/contracts/lifecycle.js";
import { contractPackage } from "@wanlian/network/administration/contracts/package.js";
import { transact } from "@wanlian/network/administration/transaction.js";
import { anyOf } from "@wanlian/network/channel/policies.js";
import {
  ApproveChaincodeDefinitionForMyOrgArgs,
  CommitChaincodeDefinitionArgs,
} from "@wanlian/protocol/messages/lifecycle.js";
import { ApplicationPolicy, SignaturePolicyEnvelope } from "@wanlian/protocol/messages/policies.js";
import { freePort } from "../free-port.js";
import type { City } from "./city.js";
import { CHANNEL } from "./network.js";

/** A second chaincode: any one department endorses it, and two departments share a collection of it. */
export const SECOND = "second";
export const SHARED = "shared";
/** Shared by the same two; nothing is endorsed in it before the other has the values. */
export const WITNESSED = "witnessed";

const memberPolicy = (...mspIds: [string, ...string[]]): SignaturePolicyEnvelope => {
  const policies = mspIds.map((mspId) => SignaturePolicyEnvelope.decode(anyOf(mspId, "MEMBER").value));
  return SignaturePolicyEnvelope.create({
    identities: policies.flatMap(({ identities }) => identities),
    rule: {
      signedBy: undefined,
      nOutOf: { n: 1, rules: policies.map((_, index) => ({ signedBy: index, nOutOf: undefined })) },
    },
  });
};

export const DEFINITION = {
  name: SECOND,
  version: "1.0",
  sequence: 1n,
  endorsementPlugin: "escc",
  validationPlugin: "vscc",
  validationParameter: ApplicationPolicy.encode({
    signaturePolicy: memberPolicy("BureauMSP", "CivilMSP", "PoliceMSP"),
  }),
  initRequired: false,
  collections: {
    config: [
      {
        staticCollectionConfig: {
          name: SHARED,
          memberOrgsPolicy: { signaturePolicy: memberPolicy("BureauMSP", "CivilMSP") },
          maximumPeerCount: 1,
          memberOnlyRead: true,
        },
      },
      {
        staticCollectionConfig: {
          name: WITNESSED,
          memberOrgsPolicy: { signaturePolicy: memberPolicy("BureauMSP", "CivilMSP") },
          requiredPeerCount: 1,
          maximumPeerCount: 1,
        },
      },
    ],
  },
};

/** The arguments of a lifecycle call that approves or commits a definition. */
export const approveArgs = (packageId: string, changes: Partial<typeof DEFINITION> = {}): Uint8Array =>
  ApproveChaincodeDefinitionForMyOrgArgs.encode({
    ...DEFINITION,
    ...changes,
    source: { localPackage: { packageId } },
  });
export const commitArgs = (): Uint8Array => CommitChaincodeDefinitionArgs.encode(DEFINITION);

/** One call of `_lifecycle` by a department's administrator, endorsed by the peers of the departments named. */
export async function lifecycle(city: City, by: string, method: string, args: Uint8Array, ...endorsers: string[]) {
  const { administration } = city.network;
  const as = administration.administrator(by);
  const [first, ...others] = administration.peers
    .filter(({ mspId }) => endorsers.includes(mspId))
    .map((peer) => administration.peer(peer, as));
  if (first === undefined) throw new Error("nobody endorses");
  const invocation = { channel: CHANNEL, chaincode: "_lifecycle", args: [Buffer.from(method), args] };
  return transact(administration, invocation, [first, ...others], as);
}

/** Installs the second chaincode on a department's peer and starts its process; gives the package id. */
export async function runSecond({ network }: City, mspId: string): Promise<string> {
  const address = `127.0.0.1:${await freePort()}`;
  const { id, content } = await contractPackage(SECOND, address);
  const peer = network.administration.peers.find((one) => one.mspId === mspId);
  if (peer === undefined) throw new Error(`no peer of ${mspId}`);
  await installPackage(network.administration.peer(peer), content);
  await network.startProbe(`second-${mspId}`, id, address);
  return id;
}
