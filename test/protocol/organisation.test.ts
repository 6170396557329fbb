import { utf8 } from "@wanlian/protocol/bytes.js";
import type { Encodable } from "@wanlian/protocol/codec.js";
import { ProtocolError } from "@wanlian/protocol/errors.js";
import type { Identity } from "@wanlian/protocol/identities/identity.js";
import { Msp } from "@wanlian/protocol/identities/msp.js";
import { type FabricMSPConfig, MSPConfig } from "@wanlian/protocol/messages/msp.js";
import {
  Classification,
  type MSPPrincipal,
  MSPRole,
  MSPRoleType,
  OrganizationUnit,
} from "@wanlian/protocol/messages/policies.js";
import { expect } from "chai";
import { type CertificateOptions, mspConfig, serialized, TestAuthority } from "./authority.js";

const ORG = "CivilMSP";
const root = TestAuthority.root("ca.civil");
const middle = root.intermediate("ica.civil");
const lowest = middle.intermediate("ica.lowest");
const stranger = TestAuthority.root("ca.other");

type Parts = Encodable<FabricMSPConfig>;

const define = (parts: Parts = {}, authorities: readonly TestAuthority[] = [root]): Msp =>
  new Msp(mspConfig(ORG, authorities, parts), "v1_4_3");

const pemOf = ({ own }: TestAuthority): Uint8Array => utf8(own.pem);

/** A unit that only this authority may certify. */
const certifiedBy = (organizationalUnitIdentifier: string, authority: TestAuthority) => ({
  organizationalUnitIdentifier,
  certificate: pemOf(authority),
});

const unit = (organizationalUnitIdentifier: string) => ({ organizationalUnitIdentifier });

const withoutNodeUnits = { fabricNodeOus: { enable: false } };

function said(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    if (error instanceof ProtocolError) return `${error.code}: ${error.message}`;
    throw error;
  }
  return "accepted";
}

describe("an organization's definition", () => {
  const administrator = root.issue("administrator", { units: ["admin"] });
  const clerk = root.issue("clerk", { units: ["client"] });
  const peer = root.issue("peer", { units: ["peer"] });
  const revoked = root.issue("revoked", { units: ["client"], serial: 77n });
  const below = { intermediateCerts: [pemOf(middle)] };
  const revoking = (authority: TestAuthority, serial: bigint) => ({
    revocationList: [utf8(authority.revoke([serial]))],
  });
  const child = root.intermediate("ica.revoked", { serial: 78n });

  const table: [title: string, parts: Parts, why: string][] = [
    ["with one root", {}, "accepted"],
    ["with an authority below the root", below, "accepted"],
    ["with none above", { rootCerts: [] }, "has no root certificate"],
    ["with a root that is no authority", { rootCerts: [utf8(clerk.pem)] }, "is not signed by itself"],
    [
      "with an authority that nobody above it certified",
      { intermediateCerts: [pemOf(stranger.intermediate("x"))] },
      "does not chain up",
    ],
    [
      "with an authority that is revoked",
      { intermediateCerts: [pemOf(child)], ...revoking(root, 78n) },
      "ica.revoked of CivilMSP is revoked",
    ],
    [
      "with an authority whose neighbour is revoked",
      { intermediateCerts: [pemOf(child)], ...revoking(root, 79n) },
      "accepted",
    ],
    ["with a TLS root that is no authority", { tlsRootCerts: [utf8(clerk.pem)] }, "is not a certificate authority"],
    ["with a TLS root", { tlsRootCerts: [pemOf(stranger)] }, "accepted"],
    [
      "with neither administrators nor their unit",
      { fabricNodeOus: { enable: true, clientOuIdentifier: unit("client") } },
      "neither administrators nor a unit",
    ],
    [
      "with the unit switched off and no administrators",
      { fabricNodeOus: { enable: false, adminOuIdentifier: unit("admin") } },
      "neither administrators nor a unit",
    ],
    ["with an administrator by name", { ...withoutNodeUnits, admins: [utf8(clerk.pem)] }, "accepted"],
    [
      "with an administrator by name who is revoked",
      { ...withoutNodeUnits, admins: [utf8(revoked.pem)], ...revoking(root, 77n) },
      "has been revoked",
    ],
    ["with an administrator by name of the admin unit", { admins: [utf8(administrator.pem)] }, "accepted"],
    ["with an administrator by name of the client unit", { admins: [utf8(clerk.pem)] }, "accepted"],
    [
      "with an administrator by name of the peers' unit",
      { admins: [utf8(peer.pem)] },
      "neither the client nor the admin unit",
    ],
    [
      "with an administrator of another organization",
      { admins: [utf8(stranger.issue("a", { units: ["admin"] }).pem)] },
      "does not chain up",
    ],
    [
      "with a unit certified by the root",
      { organizationalUnitIdentifiers: [certifiedBy("records", root)] },
      "accepted",
    ],
    [
      "with a unit certified by the authority below",
      { ...below, organizationalUnitIdentifiers: [certifiedBy("records", middle)] },
      "accepted",
    ],
    [
      "with a unit certified by a stranger",
      { organizationalUnitIdentifiers: [certifiedBy("records", stranger)] },
      "which is none of its authorities",
    ],
    [
      "with a unit certified by an authority that is not named",
      { organizationalUnitIdentifiers: [certifiedBy("records", middle)] },
      "which is none of its authorities",
    ],
    [
      "with a unit certified by an authority with another below it",
      {
        intermediateCerts: [pemOf(middle), pemOf(lowest)],
        organizationalUnitIdentifiers: [certifiedBy("records", middle)],
      },
      "an authority with another below it",
    ],
  ];
  for (const [title, parts, why] of table) {
    it(`${title}: ${why}`, () => expect(said(() => define(parts))).to.include(why));
  }

  it("of another kind than X.509 is not read", () => {
    const idemix = MSPConfig.create({ ...mspConfig(ORG, [root]), type: 1 });
    expect(said(() => new Msp(idemix, "v1_4_3"))).to.include("MSP type 1 is not supported");
  });

  it("knows no identity that says it is another organization's", () => {
    expect(said(() => define().deserialize(serialized("TaxMSP", clerk)))).to.include(
      "identity of MSP TaxMSP, not CivilMSP",
    );
  });
});

describe("units of an organization", () => {
  const by = (authority: TestAuthority, options: CertificateOptions, of: Msp): Identity =>
    of.deserialize(serialized(ORG, authority.issue("somebody", options)));
  const second = root.intermediate("ica.second");
  const tree = { intermediateCerts: [pemOf(middle), pemOf(second)] };

  const demanding = define({
    ...tree,
    organizationalUnitIdentifiers: [
      certifiedBy("records", middle),
      certifiedBy("records", second),
      certifiedBy("archive", second),
    ],
  });
  const demanded: [title: string, authority: TestAuthority, units: readonly string[], why: string][] = [
    ["the unit by its certifier", middle, ["client", "records"], "accepted"],
    ["the unit by its other certifier", second, ["records", "client"], "accepted"],
    ["one unit of two", second, ["client", "archive"], "accepted"],
    ["the unit by the certifier of another", middle, ["client", "archive"], "none of its organizational units"],
    ["another unit", middle, ["client", "taxes"], "none of its organizational units"],
    ["no unit but its node's", middle, ["client"], "none of its organizational units"],
  ];
  for (const [title, authority, units, why] of demanded) {
    it(`that are demanded: ${title}: ${why}`, () => {
      expect(said(() => by(authority, { units }, demanding).validate())).to.include(why);
    });
  }

  it("that tell clients from peers count by their certifier alone", () => {
    const certified = define({
      ...tree,
      fabricNodeOus: {
        enable: true,
        clientOuIdentifier: certifiedBy("client", middle),
        adminOuIdentifier: unit("admin"),
      },
    });
    expect(said(() => by(middle, { units: ["client"] }, certified).validate())).to.equal("accepted");
    expect(said(() => by(second, { units: ["client"] }, certified).validate())).to.include("has another certifier");
    expect(said(() => by(second, { units: ["admin"] }, certified).validate())).to.equal("accepted");
  });

  const roleOf = (name: keyof typeof MSPRoleType): MSPPrincipal => ({
    principalClassification: Classification.ROLE,
    principal: MSPRole.encode({ mspIdentifier: ORG, role: MSPRoleType[name] }),
  });

  it("make an orderer of an identity, if it is valid", () => {
    const defined = define(revokingAll());
    expect(by(root, { units: ["orderer"], serial: 1n }, defined).satisfies(roleOf("ORDERER"))).to.equal(true);
    expect(by(root, { units: ["orderer"], serial: 77n }, defined).satisfies(roleOf("ORDERER"))).to.equal(false);
    expect(by(root, { units: ["peer"] }, defined).satisfies(roleOf("ORDERER"))).to.equal(false);
    expect(by(root, { units: ["peer"], serial: 77n }, defined).satisfies(roleOf("PEER"))).to.equal(false);
    expect(by(root, { units: ["client"], serial: 77n }, defined).satisfies(roleOf("CLIENT"))).to.equal(false);
    expect(by(root, { units: ["admin"], serial: 77n }, defined).satisfies(roleOf("ADMIN"))).to.equal(false);
  });

  it("are not asked of an administrator by name, who stays one even when revoked, as Fabric has it", () => {
    const named = root.issue("named", { units: ["client"], serial: 77n });
    const defined = define({ admins: [utf8(named.pem)], ...revokingAll() });
    expect(defined.deserialize(serialized(ORG, named)).satisfies(roleOf("ADMIN"))).to.equal(true);
    expect(by(root, { units: ["client"] }, defined).satisfies(roleOf("ADMIN"))).to.equal(false);
  });

  it("are a principal by name, certifier and organization, each of which counts", () => {
    const defined = define({ ...tree, ...revokingAll() });
    const somebody = (authority: TestAuthority, units: readonly string[], serial = 1n) =>
      by(authority, { units, serial }, defined);
    const certifiersIdentifier = defined.certifierId(
      defined.chainOf(somebody(middle, ["client"]).certificate).slice(1),
    );
    const principal = (changes: Encodable<OrganizationUnit> = {}): MSPPrincipal => ({
      principalClassification: Classification.ORGANIZATION_UNIT,
      principal: OrganizationUnit.encode({
        mspIdentifier: ORG,
        organizationalUnitIdentifier: "records",
        certifiersIdentifier,
        ...changes,
      }),
    });
    const one = somebody(middle, ["client", "records"]);
    expect(one.satisfies(principal())).to.equal(true);
    expect(one.satisfies(principal({ mspIdentifier: "TaxMSP" })), "another organization").to.equal(false);
    expect(one.satisfies(principal({ organizationalUnitIdentifier: "archive" })), "another unit").to.equal(false);
    expect(somebody(second, ["client", "records"]).satisfies(principal()), "another certifier").to.equal(false);
    expect(somebody(middle, ["records"]).satisfies(principal()), "no valid identity").to.equal(false);
  });

  function revokingAll(): Parts {
    return { revocationList: [utf8(root.revoke([77n]))] };
  }
});
