/** Which policies what a transaction writes must satisfy, and whether they are. */
import { toHex } from "@wanlian/protocol/bytes.js";
import type { Bundle } from "@wanlian/protocol/configuration/bundle.js";
import { PolicyPath } from "@wanlian/protocol/configuration/paths.js";
import { ProtocolError } from "@wanlian/protocol/errors.js";
import type { Identity } from "@wanlian/protocol/identities/identity.js";
import {
  ApplicationPolicy,
  Classification,
  MSPRole,
  MSPRoleType,
  SignaturePolicyEnvelope,
} from "@wanlian/protocol/messages/policies.js";
import type { Policy } from "@wanlian/protocol/policies/policy.js";
import { CompiledSignaturePolicy } from "@wanlian/protocol/policies/signature-policy.js";
import { attempt } from "@wanlian/protocol/transaction/envelope.js";
import {
  type ChaincodeDefinition,
  implicitCollectionOwner,
  LIFECYCLE_NAMESPACE,
  type LifecycleReader,
  readDefinition,
} from "./definitions.js";

/** Compiled policies kept in memory; beyond it the memory starts anew. Keys with policies of their own can be many. */
const MAX_COMPILED = 1000;

/** A chaincode whose writes can be validated. */
export interface Validation {
  /** Encoded ApplicationPolicy. */
  readonly policy: Uint8Array;
  readonly definition: ChaincodeDefinition | undefined;
}

/** The policies of one configuration and the chaincode definitions of the state behind it. */
export class EndorsementPolicies {
  readonly #bundle: Bundle;
  readonly #read: LifecycleReader;
  readonly #compiled = new Map<string, Policy | ProtocolError>();
  readonly #definitions = new Map<string, ChaincodeDefinition | undefined>();

  constructor(bundle: Bundle, read: LifecycleReader) {
    this.#bundle = bundle;
    this.#read = read;
  }

  /** To be called when a block has written to `_lifecycle`. */
  forgetDefinitions(): void {
    this.#definitions.clear();
  }

  async definition(chaincode: string): Promise<ChaincodeDefinition | undefined> {
    if (!this.#definitions.has(chaincode)) {
      this.#definitions.set(chaincode, await readDefinition(chaincode, this.#read));
    }
    return this.#definitions.get(chaincode);
  }

  /**
   * How a chaincode's writes are validated; undefined where it is not defined.
   * @throws ProtocolError where its definition names a validation plugin other than `vscc`: Fabric's peers stop on that.
   */
  async validationOf(chaincode: string): Promise<Validation | undefined> {
    if (chaincode === LIFECYCLE_NAMESPACE) return { policy: this.#lifecyclePolicy(), definition: undefined };
    const definition = await this.definition(chaincode);
    if (definition === undefined || definition.validationPlugin === "" || definition.validationParameter.length === 0) {
      return undefined;
    }
    if (definition.validationPlugin !== "vscc") {
      throw new ProtocolError(
        "INVALID_TRANSACTION",
        `chaincode ${chaincode} wants plugin ${definition.validationPlugin}`,
      );
    }
    return { policy: definition.validationParameter, definition };
  }

  /** The policy of writes to a collection; undefined where it does not exist. */
  collectionPolicy({ definition, policy }: Validation, collection: string): Uint8Array | undefined {
    const owner = implicitCollectionOwner(collection);
    if (owner !== undefined) return this.#implicitPolicy(owner);
    const found = definition?.collections.find(({ name }) => name === collection);
    if (found === undefined) return undefined;
    return found.endorsementPolicy === undefined ? policy : ApplicationPolicy.encode(found.endorsementPolicy);
  }

  /** Whether the identities satisfy an encoded ApplicationPolicy; one that is malformed or refers to nothing is never satisfied. */
  satisfied(applicationPolicy: Uint8Array, identities: readonly Identity[]): boolean {
    return this.#accepts(applicationPolicy, () => this.#compile(applicationPolicy), identities);
  }

  /**
   * Whether the identities satisfy a key's own policy (VALIDATION_PARAMETER).
   * @throws ProtocolError MALFORMED when it does not decode: Fabric's peers stop on that.
   */
  keyPolicySatisfied(parameter: Uint8Array, identities: readonly Identity[]): boolean {
    const envelope = SignaturePolicyEnvelope.decode(parameter);
    return this.#accepts(parameter, () => new CompiledSignaturePolicy(envelope, this.#bundle.msps), identities);
  }

  #accepts(source: Uint8Array, compile: () => Policy, identities: readonly Identity[]): boolean {
    const key = toHex(source);
    const compiled = this.#compiled.get(key) ?? attempt(compile);
    if (this.#compiled.size >= MAX_COMPILED) this.#compiled.clear();
    this.#compiled.set(key, compiled);
    return !(compiled instanceof ProtocolError) && compiled.accepts(identities);
  }

  #compile(applicationPolicy: Uint8Array): Policy {
    const { signaturePolicy, channelConfigPolicyReference } = ApplicationPolicy.decode(applicationPolicy);
    if (signaturePolicy !== undefined) return new CompiledSignaturePolicy(signaturePolicy, this.#bundle.msps);
    const policy = this.#bundle.policies.policy(channelConfigPolicyReference ?? "");
    if (policy === undefined) {
      throw new ProtocolError("INVALID_POLICY", `there is no policy ${channelConfigPolicyReference ?? "reference"}`);
    }
    return policy;
  }

  #lifecyclePolicy(): Uint8Array {
    if (this.#bundle.policies.policy(PolicyPath.LIFECYCLE_ENDORSEMENT) !== undefined) {
      return ApplicationPolicy.encode({ channelConfigPolicyReference: PolicyPath.LIFECYCLE_ENDORSEMENT });
    }
    const members = this.#bundle.applications.map(({ mspId }) => mspId);
    return ApplicationPolicy.encode({ signaturePolicy: ofMembers(Math.floor(members.length / 2) + 1, members) });
  }

  #implicitPolicy(mspId: string): Uint8Array | undefined {
    const group = this.#bundle.applicationGroupOf(mspId);
    if (group === undefined) return undefined;
    const reference = `/Channel/Application/${group}/Endorsement`;
    if (this.#bundle.policies.policy(reference) !== undefined) {
      return ApplicationPolicy.encode({ channelConfigPolicyReference: reference });
    }
    return ApplicationPolicy.encode({ signaturePolicy: ofMembers(1, [mspId]) });
  }
}

/** n of the organizations, by any member. */
function ofMembers(n: number, mspIds: readonly string[]): SignaturePolicyEnvelope {
  return SignaturePolicyEnvelope.create({
    rule: {
      signedBy: undefined,
      nOutOf: { n, rules: mspIds.map((_, index) => ({ signedBy: index, nOutOf: undefined })) },
    },
    identities: [...mspIds].map((mspIdentifier) => ({
      principalClassification: Classification.ROLE,
      principal: MSPRole.encode({ mspIdentifier, role: MSPRoleType.MEMBER }),
    })),
  });
}
