import { checkCollections } from "@wanlian/network/embedded/peer/lifecycle/collections.js";
import type { MspManager } from "@wanlian/protocol/identities/identity.js";
import { CollectionConfigPackage } from "@wanlian/protocol/messages/collections.js";
import { Classification, MSPRole, type SignaturePolicy } from "@wanlian/protocol/messages/policies.js";
import { expect } from "chai";

const msps: MspManager = {
  mspIds: ["BureauMSP"],
  deserialize: () => {
    throw new Error("no principal here is an identity");
  },
};

function check(name: string, rule: Partial<SignaturePolicy> = { signedBy: 0 }): void {
  const principal = MSPRole.encode({ mspIdentifier: "BureauMSP" });
  const identities = [{ principalClassification: Classification.ROLE, principal }];
  const memberOrgsPolicy = { signaturePolicy: { rule, identities } };
  const config = [{ staticCollectionConfig: { name, maximumPeerCount: 1, memberOrgsPolicy } }];
  const proposed = CollectionConfigPackage.decode(CollectionConfigPackage.encode({ config }));
  checkCollections(proposed, undefined, msps);
}

describe("peer › collections of a proposed definition", () => {
  for (const name of ["a", "-", "A-1_b", "a_", "--_"]) it(`"${name}" is a name`, () => check(name));

  for (const name of ["", "_a", "a b", "a\n"]) {
    it(`${JSON.stringify(name)} is no name`, () => expect(() => check(name)).to.throw("invalid collection name"));
  }

  it("a long name that does not match is refused at once, for any writer can propose it", function () {
    this.timeout(1000);
    expect(() => check(`${"a".repeat(100_000)}!`)).to.throw("invalid collection name");
  });

  it("a members' policy names principals that it has, in rules that are there", () => {
    const refused = "invalid member org policy for collection 'shared'";
    expect(() => check("shared", { signedBy: 1 })).to.throw(refused);
    expect(() => check("shared", { nOutOf: { n: 1, rules: [{ signedBy: -1, nOutOf: undefined }] } })).to.throw(refused);
    expect(() => check("shared", {})).to.throw(refused);
  });
});
