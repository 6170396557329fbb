import { LedgerError } from "@wanlian/model/errors.js";
import { officerBehind } from "@wanlian/model/identity/creator.js";
import type { Actor } from "@wanlian/model/kernel/act.js";
import { CertificateAuthority } from "@wanlian/network/certificates/authority.js";
import { SigningIdentity } from "@wanlian/network/certificates/signing-identity.js";
import { ProtocolError } from "@wanlian/protocol/errors.js";
import { Msp } from "@wanlian/protocol/identities/msp.js";
import { FabricMSPConfig, MSPConfig } from "@wanlian/protocol/messages/msp.js";
import { expect } from "chai";
import { oddCertificates } from "./odd-certificates.js";

const OWN = "410002";
const OTHER = "410001";

/** Whom a creator makes act; undefined where it is nobody. Anything else than a refusal by the rules is a failure. */
function officerIn(creator: Uint8Array): Actor | undefined {
  try {
    return officerBehind(creator);
  } catch (error) {
    if (error instanceof LedgerError && error.code === "NOT_A_CLIENT") return undefined;
    throw error;
  }
}

/** Odd certificates in which an officer can be read all the same, and the roles that they give. */
const READABLE: Readonly<Record<string, readonly string[]>> = {
  "number and unit in one part, in the wrong order": ["user"],
  "the number before the unit": ["user"],
  "the unit twice": ["user"],
  "two units": ["user"],
  "a number in T61": ["user"],
  "a number in IA5": ["user"],
  "a number in printable characters": ["user"],
  "a unit in T61": ["user"],
  "a serial number in more octets": ["user"],
  "another version": ["user"],
  "an empty part": ["user"],
  "its attributes twice": [],
  "one attribute twice": [],
  "one attribute twice, once in escapes": [],
  "attributes that are no object": [],
  "attributes with text behind them": [],
  "attributes in another encoding": [],
};

describe("a certificate that an authority has made oddly", () => {
  let odd: ReturnType<typeof oddCertificates>;
  let privateKey: string;
  let msp: Msp;

  before(async () => {
    const { authority, ...root } = await CertificateAuthority.create("ca.CivilMSP", "civil affairs");
    const profile = { kind: "identity", unit: "client", name: OWN, roles: ["user"] } as const;
    const honest = await authority.issue(profile);
    ({ privateKey } = honest);
    odd = oddCertificates(honest.certificate, root.privateKey, OWN, OTHER);
    const unit = (organizationalUnitIdentifier: string) => ({ organizationalUnitIdentifier });
    const config = FabricMSPConfig.encode({
      name: "CivilMSP",
      rootCerts: [Buffer.from(root.certificate)],
      fabricNodeOus: {
        enable: true,
        ...{ clientOuIdentifier: unit("client"), peerOuIdentifier: unit("peer") },
        ...{ adminOuIdentifier: unit("admin"), ordererOuIdentifier: unit("orderer") },
      },
    });
    msp = new Msp(MSPConfig.create({ config }), "v3");
    const creator = new SigningIdentity("CivilMSP", honest).creator;
    expect(isTaken(creator), "the honest one").to.equal(true);
    expect(officerIn(creator)).to.deep.include({ officer: OWN, roles: ["user"] });
  });

  function isTaken(creator: Uint8Array): boolean {
    try {
      msp.deserialize(creator).validate();
      return true;
    } catch (error) {
      if (error instanceof ProtocolError) return false;
      throw error;
    }
  }

  it("is its own officer's with the roles that it gives once, or nobody's; never another's", () => {
    const read = odd.flatMap(({ what, certificate }) => {
      const found = officerIn(new SigningIdentity("CivilMSP", { certificate, privateKey }).creator);
      expect(found?.officer ?? OWN, what).to.equal(OWN);
      return found === undefined ? [] : [[what, found.roles]];
    });
    expect(Object.fromEntries(read)).to.deep.equal(READABLE);
  });

  it("is taken by the peers' reader only where the rules read that officer, or nobody", () => {
    const taken = odd.filter(({ certificate }) =>
      isTaken(new SigningIdentity("CivilMSP", { certificate, privateKey }).creator),
    );
    expect(taken.length, "odd certificates that an MSP takes").to.be.greaterThan(0);
    for (const { what, certificate } of taken) {
      const found = officerIn(new SigningIdentity("CivilMSP", { certificate, privateKey }).creator);
      expect(found?.officer ?? OWN, what).to.equal(OWN);
    }
  });
});
