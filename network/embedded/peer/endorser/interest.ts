import { SignaturePolicyEnvelope } from "@wanlian/protocol/messages/policies.js";
import { type ChaincodeCall, ChaincodeInterest } from "@wanlian/protocol/messages/proposal.js";
import type { ReadWriteSet } from "../simulation/read-write-set.js";
import type { Simulator } from "../simulation/simulator.js";

/** The metadata entry that holds a key's own endorsement policy. */
export const VALIDATION_PARAMETER = "VALIDATION_PARAMETER";

/** What a transaction wrote in one namespace, as far as it decides who has to endorse. */
interface Requirements {
  readonly keyPolicies: SignaturePolicyEnvelope[];
  /** Collections (and "" for the public state) in which a key without a policy of its own was written, or a value read. */
  readonly collections: Map<string, boolean>;
}

/**
 * Whose endorsement a transaction needs, said in what it touched: chaincodes, collections and policies of single keys
 * (Fabric's core/endorser/endorser.go). A gateway plans by it.
 */
export async function interestOf(
  record: ReadWriteSet,
  simulator: Simulator,
  isSystem: (namespace: string) => boolean,
): Promise<ChaincodeInterest> {
  const required = new Map<string, Requirements>();
  const written = record.written().filter(({ namespace }) => !isSystem(namespace));
  const metadata = await Promise.all(
    written.map(({ namespace, collection, key }) => simulator.committedMetadata(namespace, collection, key)),
  );
  for (const [index, { namespace, collection }] of written.entries()) {
    const requirements = required.get(namespace) ?? { keyPolicies: [], collections: new Map([["", false]]) };
    required.set(namespace, requirements);
    const policy = metadata[index]?.get(VALIDATION_PARAMETER);
    if (policy !== undefined) requirements.keyPolicies.push(SignaturePolicyEnvelope.decode(policy));
    else requirements.collections.set(collection, true);
  }
  const valuesRead = new Set<string>();
  for (const { namespace, collections } of record.touched()) {
    if (isSystem(namespace)) continue;
    const requirements = required.get(namespace) ?? { keyPolicies: [], collections: new Map([["", true]]) };
    required.set(namespace, requirements);
    for (const { name } of collections.filter((one) => one.valuesRead)) {
      requirements.collections.set(name, true);
      valuesRead.add(`${namespace}\0${name}`);
    }
  }
  const chaincodes = [...required].flatMap(([name, requirements]) => callsOf(name, requirements, valuesRead));
  return ChaincodeInterest.create({ chaincodes });
}

function callsOf(name: string, { keyPolicies, collections }: Requirements, valuesRead: Set<string>): ChaincodeCall[] {
  const calls: ChaincodeCall[] = [];
  const call = { name, collectionNames: [], noPrivateReads: false, noPublicWrites: false };
  const needsChaincodePolicy = collections.get("") === true;
  if (keyPolicies.length > 0 || needsChaincodePolicy) {
    calls.push({ ...call, keyPolicies, disregardNamespacePolicy: keyPolicies.length > 0 && !needsChaincodePolicy });
  }
  for (const collection of collections.keys()) {
    if (collection === "") continue;
    const noPrivateReads = !valuesRead.has(`${name}\0${collection}`);
    calls.push({
      ...call,
      collectionNames: [collection],
      noPrivateReads,
      keyPolicies: [],
      disregardNamespacePolicy: false,
    });
  }
  return calls;
}
