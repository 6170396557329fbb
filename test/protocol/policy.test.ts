import type { Encodable } from "@wanlian/protocol/codec.js";
import { ProtocolError } from "@wanlian/protocol/errors.js";
import type { Identity, MspManager } from "@wanlian/protocol/identities/identity.js";
import { ConfigGroup } from "@wanlian/protocol/messages/configuration.js";
import {
  ImplicitMetaPolicy,
  ImplicitMetaPolicyRule,
  type MSPPrincipal,
  Policy,
  PolicyType,
  SignaturePolicyEnvelope,
} from "@wanlian/protocol/messages/policies.js";
import { PolicyTree } from "@wanlian/protocol/policies/policy-tree.js";
import { CompiledSignaturePolicy } from "@wanlian/protocol/policies/signature-policy.js";
import { validIdentities, validIdentitiesHere } from "@wanlian/protocol/policies/signature-set.js";
import { expect } from "chai";
import fc from "fast-check";

/** An identity that is what its name says, and, joined by `+`, several things; its signature is right if it is its name. */
function actor(name: string): Identity {
  return {
    mspId: "MSP",
    id: name,
    expiresAt: new Date(0),
    get certificate(): never {
      throw new Error("a policy must not look at certificates");
    },
    validate: () => undefined,
    satisfies: ({ principal }) => name.split("+").includes(Buffer.from(principal).toString()),
    signatureKey: undefined,
    verify: async (_, signature) => Buffer.from(signature).toString() === name,
    verifyHere: (_, signature) => Buffer.from(signature).toString() === name,
  };
}

const msps: MspManager = {
  mspIds: ["MSP"],
  deserialize(serialized) {
    const name = Buffer.from(serialized).toString();
    if (name === "stranger") throw new ProtocolError("INVALID_IDENTITY", "unknown");
    return actor(name);
  },
};

type Rule = Encodable<NonNullable<SignaturePolicyEnvelope["rule"]>>;
const by = (signedBy: number): Rule => ({ signedBy });
const outOf = (n: number, ...rules: Rule[]): Rule => ({ nOutOf: { n, rules } });

const principals = (...names: string[]): MSPPrincipal[] =>
  names.map((name) => ({ principalClassification: 0, principal: Buffer.from(name) }));

function policy(rule: Rule, ...names: string[]): CompiledSignaturePolicy {
  const envelope = SignaturePolicyEnvelope.encode({ rule, identities: principals(...names) });
  return new CompiledSignaturePolicy(SignaturePolicyEnvelope.decode(envelope), msps);
}

describe("signature policies", () => {
  const accepts = (compiled: CompiledSignaturePolicy, ...names: string[]): boolean =>
    compiled.accepts(names.map(actor));

  it("count each identity once", () => {
    const twoA = policy(outOf(2, by(0), by(0)), "a");
    expect(accepts(twoA, "a")).to.equal(false);
    expect(accepts(twoA, "a", "a+b")).to.equal(true);
  });

  it("are greedy: an order of identities that another order would satisfy fails, as in Fabric", () => {
    const aAndB = policy(outOf(2, by(0), by(1)), "a", "b");
    expect(accepts(aAndB, "a", "a+b")).to.equal(true);
    expect(accepts(aAndB, "a+b", "a")).to.equal(false);
  });

  it("give back what a failed branch consumed", () => {
    const either = policy(outOf(2, outOf(2, by(0), by(1)), by(0), by(2)), "a", "b", "c");
    expect(accepts(either, "a", "c")).to.equal(true);
  });

  it("try every rule even when enough are satisfied", () => {
    const outer = policy(outOf(2, outOf(1, by(0), by(1)), by(1)), "a", "b");
    expect(accepts(outer, "a", "b")).to.equal(false);
  });

  it("0 of none is satisfied by nobody, 1 of none by no one at all", () => {
    expect(accepts(policy(outOf(0)))).to.equal(true);
    expect(accepts(policy(outOf(1)), "a", "b", "c")).to.equal(false);
  });

  for (const [what, rule] of Object.entries({
    "an index out of range": by(1),
    "a negative index": by(-1),
    "a missing rule": {},
  })) {
    it(`do not compile with ${what}`, () => {
      expect(() => policy(rule, "a"))
        .to.throw(ProtocolError)
        .with.property("code", "INVALID_POLICY");
    });
  }

  it("with disjoint principals accept exactly when n of them signed, in any order", () => {
    const names = ["a", "b", "c", "d", "e"];
    fc.assert(
      fc.property(fc.nat(6), fc.shuffledSubarray(names), (n, signers) => {
        const compiled = policy(outOf(n, ...names.map((_, index) => by(index))), ...names);
        expect(accepts(compiled, ...signers)).to.equal(signers.length >= n);
      }),
    );
  });
});

describe("signature sets", () => {
  const set = (...pairs: [string, string][]) =>
    pairs.map(([identity, signature]) => ({
      identity: Buffer.from(identity),
      data: new Uint8Array(0),
      signature: Buffer.from(signature),
    }));

  it("drop strangers and wrong signatures, and count an identity once", async () => {
    const signatures = set(["stranger", ""], ["a", "wrong"], ["b", "b"], ["a", "a"], ["b", "b"]);
    for (const found of [await validIdentities(signatures, msps), validIdentitiesHere(signatures, msps)]) {
      expect(found.map(({ id }) => id)).to.deep.equal(["b", "a"]);
    }
  });

  it("of thousands of copies, verified on this thread, is verified once", () => {
    let verified = 0;
    const counting: MspManager = {
      ...msps,
      deserialize(serialized) {
        const verifyHere = () => {
          verified += 1;
          return true;
        };
        return Object.assign(actor(Buffer.from(serialized).toString()), { verifyHere });
      },
    };
    validIdentitiesHere(set(...Array.from({ length: 2000 }, (): [string, string] => ["a", "a"])), counting);
    expect(verified).to.equal(1);
  });
});

describe("policies of a channel", () => {
  const signature = (name: string) => ({
    modPolicy: "Admins",
    version: 0n,
    policy: Policy.create({
      type: PolicyType.SIGNATURE,
      value: SignaturePolicyEnvelope.encode({ rule: by(0), identities: principals(name) }),
    }),
  });
  const implicit = (rule: keyof typeof ImplicitMetaPolicyRule, subPolicy = "Writers") => ({
    modPolicy: "Admins",
    version: 0n,
    policy: Policy.create({
      type: PolicyType.IMPLICIT_META,
      value: ImplicitMetaPolicy.encode({ rule: ImplicitMetaPolicyRule[rule], subPolicy }),
    }),
  });
  const organization = (name: string) => ConfigGroup.create({ policies: new Map([["Writers", signature(name)]]) });
  const application = (names: readonly string[]) =>
    ConfigGroup.create({
      groups: new Map([...names.map((name) => [name, organization(name)] as const), ["silent", ConfigGroup.create()]]),
      policies: new Map([
        ["ANY", implicit("ANY")],
        ["ALL", implicit("ALL")],
        ["MAJORITY", implicit("MAJORITY")],
      ]),
    });
  const tree = (names: readonly string[]) =>
    new PolicyTree("Channel", ConfigGroup.create({ groups: new Map([["Application", application(names)]]) }), msps);
  const judged = (names: readonly string[], rule: string, signers: readonly string[]): boolean | undefined =>
    tree(names).policy(`/Channel/Application/${rule}`)?.accepts(signers.map(actor));

  it("count organizations, one that lacks the policy among them", () => {
    const five = ["a", "b", "c", "d", "e"];
    expect(judged(five, "ANY", [])).to.equal(false);
    expect(judged(five, "ANY", ["d"])).to.equal(true);
    expect(judged(five, "MAJORITY", ["a", "b", "c"])).to.equal(false);
    expect(judged(five, "MAJORITY", ["a", "b", "c", "d"])).to.equal(true);
    expect(judged(five, "ALL", five)).to.equal(false);
  });

  it("over no organization at all are satisfied", () => {
    const empty = new PolicyTree(
      "Channel",
      ConfigGroup.create({ policies: new Map([["MAJORITY", implicit("MAJORITY")]]) }),
      msps,
    );
    expect(empty.policy("/Channel/MAJORITY")?.accepts([])).to.equal(true);
  });

  it("are found by absolute path, by relative path, and nowhere else", () => {
    const found = tree(["a"]);
    expect(found.policy("/Channel/Application/a/Writers")).to.not.equal(undefined);
    expect(found.policy("Application/a/Writers")).to.not.equal(undefined);
    expect(found.descend(["Application", "a"])?.policy("Writers")).to.not.equal(undefined);
    for (const path of [
      "",
      "/",
      "/Channel",
      "/Other/Application/a/Writers",
      "Writers",
      "/Channel/Application/a/Nothing",
    ]) {
      expect(found.policy(path), path).to.equal(undefined);
    }
  });

  it("have version 0", () => {
    const value = SignaturePolicyEnvelope.encode({ version: 1, rule: by(0), identities: principals("a") });
    const policies = new Map([
      ["Odd", { modPolicy: "", version: 0n, policy: Policy.create({ type: PolicyType.SIGNATURE, value }) }],
    ]);
    expect(() => new PolicyTree("Channel", ConfigGroup.create({ policies }), msps))
      .to.throw(ProtocolError)
      .with.property("code", "INVALID_POLICY");
  });
});
