import { ProtocolError } from "../errors.js";
import type { Identity, MspManager } from "../identities/identity.js";
import type { MSPPrincipal, SignaturePolicy, SignaturePolicyEnvelope } from "../messages/policies.js";
import type { Policy, SignedData } from "./policy.js";
import { validIdentitiesHere } from "./signature-set.js";

/** Marks in `used` the identities that it consumes. */
type Rule = (identities: readonly Identity[], used: boolean[]) => boolean;

/**
 * A signature policy as Fabric's cauthdsl evaluates it: greedy, each identity counts once, rules and identities are tried in order, what a
 * failed branch consumed is given back.
 */
export class CompiledSignaturePolicy implements Policy {
  readonly envelope: SignaturePolicyEnvelope;
  readonly #rule: Rule;
  readonly #msps: MspManager;

  /** @throws ProtocolError INVALID_POLICY for an index out of range or a missing rule. */
  constructor(envelope: SignaturePolicyEnvelope, msps: MspManager) {
    this.envelope = envelope;
    this.#rule = compile(envelope.rule, envelope.identities);
    this.#msps = msps;
  }

  accepts(identities: readonly Identity[]): boolean {
    return this.#rule(
      identities,
      identities.map(() => false),
    );
  }

  async evaluate(signatures: readonly SignedData[]): Promise<boolean> {
    return this.accepts(validIdentitiesHere(signatures, this.#msps));
  }
}

function compile(policy: SignaturePolicy | undefined, principals: readonly MSPPrincipal[]): Rule {
  if (policy?.nOutOf !== undefined) {
    const { n, rules } = policy.nOutOf;
    return allOf(
      n,
      rules.map((rule) => compile(rule, principals)),
    );
  }
  if (policy?.signedBy === undefined) throw new ProtocolError("INVALID_POLICY", "a policy rule is missing");
  const principal = principals[policy.signedBy];
  if (principal === undefined) {
    throw new ProtocolError("INVALID_POLICY", `a policy names principal ${policy.signedBy} of ${principals.length}`);
  }
  return signedBy(principal);
}

/** Every rule is tried, even when enough are satisfied: Fabric's evaluation does, and later rules see what earlier ones consumed. */
function allOf(n: number, rules: readonly Rule[]): Rule {
  return (identities, used) => {
    let satisfied = 0;
    for (const rule of rules) {
      const attempt = [...used];
      if (!rule(identities, attempt)) continue;
      satisfied++;
      attempt.forEach((consumed, index) => {
        used[index] = consumed;
      });
    }
    return satisfied >= n;
  };
}

function signedBy(principal: MSPPrincipal): Rule {
  return (identities, used) => {
    const index = identities.findIndex((identity, at) => used[at] !== true && identity.satisfies(principal));
    if (index < 0) return false;
    used[index] = true;
    return true;
  };
}
