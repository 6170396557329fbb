import type { Encodable } from "@wanlian/protocol/codec.js";
import {
  Classification,
  MSPRole,
  MSPRoleType,
  Policy,
  PolicyType,
  SignaturePolicyEnvelope,
} from "@wanlian/protocol/messages/policies.js";
import { peersOutOf } from "@wanlian/protocol/policies/peers-out-of.js";
import { expect } from "chai";

const roleOf = (mspIdentifier: string, role: keyof typeof MSPRoleType) => ({
  principalClassification: Classification.ROLE,
  principal: MSPRole.encode({ mspIdentifier, role: MSPRoleType[role] }),
});
const peerOf = (mspIdentifier: string) => roleOf(mspIdentifier, "PEER");

const signatures = (envelope: Encodable<SignaturePolicyEnvelope>): Policy =>
  Policy.create({ type: PolicyType.SIGNATURE, value: SignaturePolicyEnvelope.encode(envelope) });

type Principals = Encodable<SignaturePolicyEnvelope>["identities"];

/** n of all of these, each named once. */
const outOf = (n: number, identities: NonNullable<Principals>): Policy =>
  signatures({ rule: { nOutOf: { n, rules: identities.map((_, signedBy) => ({ signedBy })) } }, identities });

describe("which departments have to endorse", () => {
  it("is read from a policy of k departments' peers, whatever their order", () => {
    const policy = outOf(2, [peerOf("PoliceMSP"), peerOf("BureauMSP"), peerOf("CivilMSP")]);
    expect(peersOutOf(policy)).to.deep.equal({ k: 2, departments: ["BureauMSP", "CivilMSP", "PoliceMSP"] });
  });

  const two = [peerOf("BureauMSP"), peerOf("CivilMSP")] as const;
  const others: [title: string, policy: Policy | undefined][] = [
    ["no policy", undefined],
    ["a policy of another type", Policy.create({ ...outOf(2, [...two]), type: PolicyType.IMPLICIT_META })],
    ["one signature alone", signatures({ rule: { signedBy: 0 }, identities: [...two] })],
    [
      "a rule within a rule",
      signatures({
        rule: { nOutOf: { n: 1, rules: [{ nOutOf: { n: 1, rules: [{ signedBy: 0 }] } }] } },
        identities: [...two],
      }),
    ],
    ["a department twice", outOf(2, [peerOf("BureauMSP"), peerOf("CivilMSP"), peerOf("CivilMSP")])],
    ["members in place of peers", outOf(2, [peerOf("BureauMSP"), roleOf("CivilMSP", "MEMBER")])],
    [
      "somebody who is not named",
      signatures({ rule: { nOutOf: { n: 1, rules: [{ signedBy: 2 }] } }, identities: [...two] }),
    ],
    [
      "a unit in place of a role",
      outOf(2, [
        peerOf("BureauMSP"),
        { ...peerOf("CivilMSP"), principalClassification: Classification.ORGANIZATION_UNIT },
      ]),
    ],
  ];
  for (const [title, policy] of others) {
    it(`is not read from ${title}`, () => expect(peersOutOf(policy)).to.equal(undefined));
  }
});
