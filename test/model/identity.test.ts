import { LedgerError } from "@wanlian/model/errors.js";
import { officerBehind } from "@wanlian/model/identity/creator.js";
import { SerializedIdentity } from "@wanlian/protocol/messages/msp.js";
import { expect } from "chai";
import fc from "fast-check";
import { messageOf, messages, SPELLINGS } from "../attacks/odd-creators.js";
import { Departments } from "../chaincode/channel.js";

/** Whom a creator makes act; undefined where it is nobody. Anything else than a refusal by the rules is a failure. */
function officerIn(creator: Uint8Array): unknown {
  try {
    return officerBehind(creator);
  } catch (error) {
    if (error instanceof LedgerError && error.code === "NOT_A_CLIENT") return undefined;
    throw error;
  }
}

describe("a creator", () => {
  const departments = new Departments();
  let user: string;
  let steward: string;
  const creatorOf = (pem: string) => SerializedIdentity.encode({ mspid: "CivilMSP", idBytes: Buffer.from(pem) });

  before(async () => {
    const issued = async (role: "user" | "steward", name: string) => {
      const identity = await departments.issue("CivilMSP", [role], "client", name);
      return Buffer.from(SerializedIdentity.decode(identity.creator).idBytes).toString("latin1");
    };
    user = await issued("user", "410002");
    steward = await issued("steward", "410001");
  });

  it("is the officer whose one certificate it is", () => {
    expect(officerIn(creatorOf(user))).to.deep.include({ department: "CivilMSP", officer: "410002", roles: ["user"] });
    expect(officerIn(creatorOf(steward))).to.deep.include({ officer: "410001", roles: ["steward"] });
  });

  for (const [spelling, spell] of Object.entries(SPELLINGS)) {
    it(`is nobody with ${spelling}`, () => {
      expect(officerIn(creatorOf(spell(user, steward)))).to.equal(undefined);
    });
  }

  it("is nobody in another spelling of its message", () => {
    expect(messageOf("CivilMSP", user)).to.deep.equal(Buffer.from(creatorOf(user)));
    for (const [name, message] of Object.entries(messages("CivilMSP", user, steward))) {
      expect(officerIn(message), name).to.equal(undefined);
    }
  });

  it("never becomes another officer, whatever is changed of its bytes", () => {
    const honest = Buffer.from(creatorOf(user));
    const change = fc.record({
      at: fc.nat(honest.length),
      remove: fc.nat(3),
      insert: fc.oneof(
        fc.uint8Array({ maxLength: 4 }),
        fc.constant(Buffer.from(steward)),
        fc.constant(Buffer.from("\n")),
      ),
    });
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 3 }), (changes) => {
        const altered = changes.reduce(
          (bytes, { at, remove, insert }) =>
            Buffer.concat([bytes.subarray(0, at), insert, bytes.subarray(Math.min(bytes.length, at + remove))]),
          honest,
        );
        const found = officerIn(altered) as { readonly officer: string } | undefined;
        if (altered.equals(honest)) expect(found?.officer).to.equal("410002");
        else expect(found?.officer ?? "nobody").not.to.equal("410001");
      }),
      { numRuns: 2_000 },
    );
  });
});
