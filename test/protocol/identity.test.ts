import { sign } from "node:crypto";
import { utf8 } from "@wanlian/protocol/bytes.js";
import { ProtocolError } from "@wanlian/protocol/errors.js";
import {
  type Curve,
  encodeSignature,
  isLowS,
  isStrictSignature,
  lowSInFixedWidth,
  parseSignature,
  toFixedWidth,
} from "@wanlian/protocol/identities/ecdsa.js";
import type { Identity } from "@wanlian/protocol/identities/identity.js";
import { Msp } from "@wanlian/protocol/identities/msp.js";
import {
  Classification,
  CombinedPrincipal,
  MSPIdentityAnonymity,
  type MSPPrincipal,
  MSPRole,
  MSPRoleType,
} from "@wanlian/protocol/messages/policies.js";
import { expect } from "chai";
import fc from "fast-check";
import {
  type CertificateOptions,
  CLIENT_AUTH,
  inForm,
  mspConfig,
  SERVER_AUTH,
  serialized,
  signLow,
  TestAuthority,
} from "./authority.js";

const ORG = "CivilMSP";
const authority = TestAuthority.root("ca.civil");
const msp = new Msp(mspConfig(ORG, [authority]), "v1_4_3");

const identity = (options: CertificateOptions, of: Msp = msp, by: TestAuthority = authority): Identity =>
  of.deserialize(serialized(ORG, by.issue("somebody", options)));

const role = (name: keyof typeof MSPRoleType): MSPPrincipal => ({
  principalClassification: Classification.ROLE,
  principal: MSPRole.encode({ mspIdentifier: ORG, role: MSPRoleType[name] }),
});

function refusal(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    if (error instanceof ProtocolError) return error.message;
    throw error;
  }
  return "accepted";
}

/** Whether a signature is right, which either way of verifying must say. */
async function verdict(identity: Identity, data: Uint8Array, signature: Uint8Array): Promise<boolean> {
  const right = await identity.verify(data, signature);
  expect(identity.verifyHere(data, signature), "verified here").to.equal(right);
  return right;
}

describe("identities of an MSP", () => {
  const data = utf8("what is signed");

  describe("signatures", () => {
    const issued = authority.issue("signer", { units: ["client"] });
    const signer = msp.deserialize(serialized(ORG, issued));
    const low = signLow(data, issued.privateKey);

    it("verifies one with low S and refuses the same with high S", async () => {
      expect(await verdict(signer, data, low)).to.equal(true);
      expect(await verdict(signer, data, inForm(low, "high S"))).to.equal(false);
    });

    it("refuses it over other data, and noise", async () => {
      expect(await verdict(signer, utf8("something else"), low)).to.equal(false);
      expect(await verdict(signer, data, utf8("noise"))).to.equal(false);
      expect(await verdict(signer, data, new Uint8Array(0))).to.equal(false);
    });

    it("ignores what follows the DER, as Go does", async () => {
      expect(await verdict(signer, data, Buffer.concat([low, Buffer.from("junk")]))).to.equal(true);
    });

    it("refuses zero, negative and non-minimal integers", () => {
      const { r } = parseSignature(low);
      for (const hex of ["3006020100020101", "30060201ff020101", "300702020001020101", "30810602010102 0101"]) {
        expect(() => parseSignature(Buffer.from(hex.replace(" ", ""), "hex")), hex).to.throw(ProtocolError);
      }
      expect(parseSignature(encodeSignature({ r, s: 1n }))).to.deep.equal({ r, s: 1n });
    });

    it("is read without big numbers as with them, whatever it is made of", () => {
      const curve = signer.certificate.curve as Curve;
      const half = curve.order >> 1n;
      const edges = [0n, 1n, 127n, 128n, half, half + 1n, curve.order - 1n, curve.order, 1n << 256n];
      const number = fc.oneof(fc.constantFrom(...edges), fc.bigInt(0n, 1n << 257n));
      const change = fc.record({ at: fc.nat(80), to: fc.nat(255), times: fc.nat(1), more: fc.nat(2) });
      fc.assert(
        fc.property(number, number, change, (r, s, { at, to, times, more }) => {
          const der = Buffer.concat([encodeSignature({ r, s }), Buffer.alloc(more)]);
          if (times > 0 && at < der.length) der[at] = to;
          const asNumbers = (): [fixed: Uint8Array | undefined, strict: boolean] => {
            try {
              const read = parseSignature(der);
              const fixed = isLowS(read, curve) ? toFixedWidth(read, curve) : undefined;
              return [fixed, Buffer.compare(encodeSignature(read), der) === 0];
            } catch {
              return [undefined, false];
            }
          };
          const [fixed, strict] = asNumbers();
          expect(lowSInFixedWidth(der, curve)).to.deep.equal(fixed);
          expect(isStrictSignature(der)).to.equal(strict);
        }),
        { numRuns: 2000 },
      );
    });

    it("takes P-384 keys", async () => {
      const wide = authority.issue("wide", { units: ["client"], key: "P-384" });
      const user = msp.deserialize(serialized(ORG, wide));
      const raw = new Uint8Array(sign("sha256", data, wide.privateKey));
      const { curve } = user.certificate;
      const { r, s } = parseSignature(raw);
      const order = curve?.order ?? 0n;
      const lowS = encodeSignature({ r, s: s > order / 2n ? order - s : s });
      expect(await verdict(user, data, lowS)).to.equal(true);
    });

    it("takes Ed25519 with capability V3_0 alone", async () => {
      const issuedEd = authority.issue("modern", { units: ["client"], key: "ed25519" });
      const v3 = new Msp(mspConfig(ORG, [authority]), "v3");
      const modern = v3.deserialize(serialized(ORG, issuedEd));
      modern.validate();
      expect(await verdict(modern, data, sign(null, data, issuedEd.privateKey))).to.equal(true);
      expect(refusal(() => msp.deserialize(serialized(ORG, issuedEd)).validate())).to.include("key algorithm");
    });
  });

  describe("validity", () => {
    it("takes a certificate that ended long ago: expiry is checked at the edges, not in blocks", () => {
      const old = TestAuthority.root("ca.old", { notBefore: new Date("2001-01-01T00:00:00Z") });
      const ended = { notBefore: new Date("2002-01-01T00:00:00Z"), notAfter: new Date("2003-01-01T00:00:00Z") };
      const one = identity({ units: ["client"], ...ended }, new Msp(mspConfig(ORG, [old]), "v1_4_3"), old);
      one.validate();
      expect(one.expiresAt.getUTCFullYear()).to.equal(2003);
    });

    it("refuses one that begins before its authority", () => {
      expect(refusal(() => identity({ units: ["client"], notBefore: new Date("2001-01-01T00:00:00Z") }))).to.include(
        "does not chain up",
      );
    });

    it("refuses another authority of the same name", () => {
      const impostor = TestAuthority.root("ca.civil");
      expect(refusal(() => identity({ units: ["client"] }, msp, impostor))).to.include("does not chain up");
    });

    it("refuses an authority's own certificate", () => {
      expect(refusal(() => msp.deserialize(serialized(ORG, authority.own)).validate())).to.include("not an identity");
    });

    it("needs exactly one node unit, counted by attribute", () => {
      identity({ units: ["client"] }).validate();
      identity({ units: ["peer", "records"] }).validate();
      for (const units of [[], ["records"], ["client", "client"], ["client", "peer"]]) {
        expect(
          refusal(() => identity({ units }).validate()),
          units.join(),
        ).to.include("exactly one");
      }
    });

    it("needs server authentication where extended key usages are given, Go's default", () => {
      identity({ units: ["client"], extendedKeyUsages: [SERVER_AUTH, CLIENT_AUTH] }).validate();
      expect(refusal(() => identity({ units: ["client"], extendedKeyUsages: [CLIENT_AUTH] }))).to.include("chain");
    });

    it("refuses a revoked serial number, whatever dates say, and that one alone", () => {
      const revoking = new Msp(
        mspConfig(ORG, [authority], { revocationList: [utf8(authority.revoke([77n]))] }),
        "v1_4_3",
      );
      expect(refusal(() => identity({ units: ["client"], serial: 77n }, revoking).validate())).to.include("revoked");
      identity({ units: ["client"], serial: 78n }, revoking).validate();
    });

    it("does not let another authority revoke", () => {
      const other = TestAuthority.root("ca.other");
      const lists = [utf8(other.revoke([77n]))];
      identity(
        { units: ["client"], serial: 77n },
        new Msp(mspConfig(ORG, [authority], { revocationList: lists }), "v1_4_3"),
      ).validate();
    });

    it("refuses everybody where a revocation list names no key, as Fabric does", () => {
      const lists = [utf8(authority.revoke([77n], "without key id"))];
      const make = () =>
        identity({ units: ["client"] }, new Msp(mspConfig(ORG, [authority], { revocationList: lists }), "v1_4_3"));
      expect(refusal(() => make().validate())).to.include("no authority key identifier");
    });

    it("lets the lowest authority issue identities and no other", () => {
      const middle = authority.intermediate("ica.civil");
      const tree = new Msp(mspConfig(ORG, [authority], { intermediateCerts: [utf8(middle.own.pem)] }), "v1_4_3");
      identity({ units: ["client"] }, tree, middle).validate();
      expect(refusal(() => identity({ units: ["client"] }, tree, authority).validate())).to.include("another below");
    });
  });

  describe("low S of certificates", () => {
    it("identifies a certificate with high S by its form with low S", () => {
      const issued = authority.issue("somebody", { units: ["client"], highS: true });
      const known = msp.deserialize(serialized(ORG, issued));
      known.validate();
      expect(known.certificate.raw).to.not.deep.equal(issued.der);
      expect(known.id).to.equal(known.certificate.fingerprint);
    });

    it("takes a root with high S and certifies units by its form with low S", () => {
      const root = TestAuthority.root("ca.high", { highS: true });
      const certified = mspConfig(ORG, [root], {
        fabricNodeOus: {
          enable: true,
          clientOuIdentifier: { organizationalUnitIdentifier: "client", certificate: utf8(root.own.pem) },
          adminOuIdentifier: { organizationalUnitIdentifier: "admin" },
        },
      });
      identity({ units: ["client"] }, new Msp(certified, "v1_4_3"), root).validate();
    });
  });

  describe("principals", () => {
    const client = identity({ units: ["client"] });
    const admin = identity({ units: ["admin"] });
    const invalid = identity({ units: [] });
    const table: readonly [string, MSPPrincipal, readonly boolean[]][] = [
      ["member", role("MEMBER"), [true, true, false]],
      ["client", role("CLIENT"), [true, false, false]],
      ["admin", role("ADMIN"), [false, true, false]],
      ["peer", role("PEER"), [false, false, false]],
      [
        "member of another organization",
        { ...role("MEMBER"), principal: MSPRole.encode({ mspIdentifier: "OtherMSP" }) },
        [false, false, false],
      ],
      [
        "nominal, valid or not",
        { principalClassification: Classification.ANONYMITY, principal: MSPIdentityAnonymity.encode({}) },
        [true, true, true],
      ],
      [
        "client and member",
        {
          principalClassification: Classification.COMBINED,
          principal: CombinedPrincipal.encode({ principals: [role("CLIENT"), role("MEMBER")] }),
        },
        [true, false, false],
      ],
      [
        "a combination of nothing",
        { principalClassification: Classification.COMBINED, principal: new Uint8Array(0) },
        [false, false, false],
      ],
      ["an unknown kind", { principalClassification: 9, principal: new Uint8Array(0) }, [false, false, false]],
      [
        "one that does not decode",
        { principalClassification: 0, principal: Uint8Array.of(0x0a) },
        [false, false, false],
      ],
    ];
    for (const [name, principal, verdicts] of table) {
      it(name, () => {
        expect([client, admin, invalid].map((one) => one.satisfies(principal))).to.deep.equal(verdicts);
      });
    }

    it("this very certificate", () => {
      const issued = authority.issue("one", { units: ["client"] });
      const principal = { principalClassification: Classification.IDENTITY, principal: serialized(ORG, issued) };
      expect(msp.deserialize(serialized(ORG, issued)).satisfies(principal)).to.equal(true);
      expect(client.satisfies(principal)).to.equal(false);
    });
  });
});
