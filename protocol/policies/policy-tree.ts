import { ProtocolError } from "../errors.js";
import type { Identity, MspManager } from "../identities/identity.js";
import type { ConfigGroup } from "../messages/configuration.js";
import {
  ImplicitMetaPolicy,
  ImplicitMetaPolicyRule,
  type Policy as PolicyDefinition,
  PolicyType,
  SignaturePolicyEnvelope,
} from "../messages/policies.js";
import type { Policy, PolicyManager, SignedData } from "./policy.js";
import { CompiledSignaturePolicy } from "./signature-policy.js";
import { validIdentitiesHere } from "./signature-set.js";

/** A policy over a policy of the same name in each of the sub-groups. */
export class CompiledImplicitMetaPolicy implements Policy {
  readonly definition: ImplicitMetaPolicy;
  /** How many sub-policies must accept. */
  readonly threshold: number;
  /** Undefined stands for a sub-group that lacks the policy: it never accepts, and it counts. */
  readonly subPolicies: readonly (Policy | undefined)[];
  readonly #msps: MspManager;

  constructor(definition: ImplicitMetaPolicy, subPolicies: readonly (Policy | undefined)[], msps: MspManager) {
    this.definition = definition;
    this.subPolicies = subPolicies;
    this.threshold = threshold(definition.rule, subPolicies.length);
    this.#msps = msps;
  }

  accepts(identities: readonly Identity[]): boolean {
    const accepting = this.subPolicies.filter((policy) => policy?.accepts(identities) === true).length;
    return accepting >= this.threshold;
  }

  async evaluate(signatures: readonly SignedData[]): Promise<boolean> {
    return this.accepts(validIdentitiesHere(signatures, this.#msps));
  }
}

function threshold(rule: number, subGroups: number): number {
  if (subGroups === 0) return 0;
  if (rule === ImplicitMetaPolicyRule.ANY) return 1;
  if (rule === ImplicitMetaPolicyRule.ALL) return subGroups;
  return rule === ImplicitMetaPolicyRule.MAJORITY ? Math.floor(subGroups / 2) + 1 : 0;
}

/** The policies of a configuration group and, under it, of its sub-groups. */
export class PolicyTree implements PolicyManager {
  readonly #path: string;
  readonly #policies = new Map<string, Policy>();
  readonly #children = new Map<string, PolicyTree>();

  /**
   * @param path of the group, without the leading slash: `Channel` at the root
   * @throws ProtocolError INVALID_POLICY or MALFORMED where a policy does not compile.
   */
  constructor(path: string, group: ConfigGroup, msps: MspManager) {
    this.#path = path;
    for (const [name, child] of group.groups) this.#children.set(name, new PolicyTree(`${path}/${name}`, child, msps));
    for (const [name, { policy }] of group.policies) {
      if (policy === undefined) throw new ProtocolError("INVALID_POLICY", `policy ${name} at ${path} is empty`);
      this.#policies.set(name, this.#compile(`${path}/${name}`, policy, msps));
    }
  }

  /** The group's policies under a path of group names. */
  descend(path: readonly string[]): PolicyTree | undefined {
    const [first, ...rest] = path;
    return first === undefined ? this : this.#children.get(first)?.descend(rest);
  }

  policy(path: string): Policy | undefined {
    if (path === "") return undefined;
    if (!path.startsWith("/")) return this.#find(path);
    return path.startsWith(`/${this.#path}/`) ? this.#find(path.slice(this.#path.length + 2)) : undefined;
  }

  #find(relative: string): Policy | undefined {
    const groups = relative.split("/");
    const name = groups.pop() ?? "";
    return this.descend(groups)?.own(name);
  }

  /** A policy of this very group. */
  own(name: string): Policy | undefined {
    return this.#policies.get(name);
  }

  #compile(path: string, { type, value }: PolicyDefinition, msps: MspManager): Policy {
    if (type === PolicyType.SIGNATURE) {
      const envelope = SignaturePolicyEnvelope.decode(value);
      if (envelope.version !== 0)
        throw new ProtocolError("INVALID_POLICY", `policy ${path} has version ${envelope.version}`);
      return new CompiledSignaturePolicy(envelope, msps);
    }
    if (type !== PolicyType.IMPLICIT_META) throw new ProtocolError("INVALID_POLICY", `policy ${path} has type ${type}`);
    const definition = ImplicitMetaPolicy.decode(value);
    const subPolicies = [...this.#children.values()].map((child) => child.policy(definition.subPolicy));
    return new CompiledImplicitMetaPolicy(definition, subPolicies, msps);
  }
}
