import { outOf, principal } from "@wanlian/network/channel/policies.js";
import {
  countsOf,
  mergeSets,
  type PrincipalSet,
  satisfyingSets,
} from "@wanlian/network/embedded/peer/planning/principals.js";
import { type MSPPrincipal, SignaturePolicyEnvelope } from "@wanlian/protocol/messages/policies.js";
import { expect } from "chai";

const peer = (mspId: string): MSPPrincipal => principal(mspId, "PEER");
const member = (mspId: string): MSPPrincipal => principal(mspId, "MEMBER");
const setsOf = (n: number, ...principals: MSPPrincipal[]): PrincipalSet[] =>
  satisfyingSets(SignaturePolicyEnvelope.decode(outOf(n, principals).value));
/** Sets as sorted lists of organizations, for comparison. */
const names = (sets: readonly PrincipalSet[]): string[] =>
  sets
    .map((set) =>
      set
        .map(({ mspId }) => mspId)
        .sort()
        .join("+"),
    )
    .sort();

describe("endorsement planning › principals", () => {
  it("two of three can be had in three ways", () => {
    expect(names(setsOf(2, peer("A"), peer("B"), peer("C")))).to.deep.equal(["A+B", "A+C", "B+C"]);
  });

  it("a policy that nobody can satisfy has no sets: the seal of an act", () => {
    expect(setsOf(1)).to.deep.equal([]);
    expect(setsOf(3, peer("A"), peer("B"))).to.deep.equal([]);
  });

  it("an identity that the policy does not list makes its branch unsatisfiable", () => {
    const policy = SignaturePolicyEnvelope.create({
      rule: { signedBy: 4, nOutOf: undefined },
      identities: [peer("A")],
    });
    expect(satisfyingSets(policy)).to.deep.equal([]);
  });

  it("two policies together need what each needs, and no more", () => {
    const any = setsOf(1, peer("A"), peer("B"), peer("C"));
    const both = setsOf(2, peer("A"), peer("B"));
    expect(names(mergeSets(any, both))).to.deep.equal(["A+B"]);
    expect(names(mergeSets(setsOf(1, peer("A")), setsOf(1, peer("B"))))).to.deep.equal(["A+B"]);
  });

  it("a peer serves where any member would do", () => {
    const [merged, ...others] = mergeSets(setsOf(1, member("A")), setsOf(1, peer("A")));
    expect(others).to.deep.equal([]);
    expect(merged?.map(({ key }) => key)).to.deep.equal(setsOf(1, peer("A"))[0]?.map(({ key }) => key));
  });

  it("an organization named twice has to bring two peers", () => {
    const [twice] = setsOf(2, peer("A"), peer("A"));
    expect([...countsOf(twice ?? []).values()]).to.deep.equal([2]);
    expect(names(mergeSets([twice ?? []], setsOf(1, peer("A"))))).to.deep.equal(["A+A"]);
  });

  it("five of twelve and a second policy are planned within what a transaction may cost", () => {
    const cities = Array.from({ length: 12 }, (_, index) => `Org${index}MSP`);
    const records = setsOf(5, ...cities.map(peer));
    expect(records).to.have.length(792);
    const both = mergeSets(records, setsOf(1, peer("Org0MSP"), peer("Org1MSP")));
    expect(both.every((set) => set.length === 5)).to.equal(true);
    expect(both.every((set) => set.some(({ mspId }) => mspId === "Org0MSP" || mspId === "Org1MSP"))).to.equal(true);
  }).timeout(2_000);
});
