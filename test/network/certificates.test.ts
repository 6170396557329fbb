import { createPrivateKey, X509Certificate as NodeCertificate, verify } from "node:crypto";
import { cp, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { rolesOf } from "@wanlian/network/certificates/attributes.js";
import { CertificateAuthority } from "@wanlian/network/certificates/authority.js";
import { exportPrivateKey, generateKeyPair } from "@wanlian/network/certificates/key.js";
import { makeDepartment } from "@wanlian/network/certificates/make.js";
import { readPublicMsp, readSigningIdentity } from "@wanlian/network/certificates/msp-folder.js";
import { Organisation } from "@wanlian/network/certificates/organisation.js";
import { createRequest } from "@wanlian/network/certificates/request.js";
import { SigningIdentity } from "@wanlian/network/certificates/signing-identity.js";
import {
  AuthorityKeyIdentifierExtension,
  SubjectKeyIdentifierExtension,
  X509Certificate,
  X509Crl,
} from "@wanlian/network/certificates/x509.js";
import { encodeMsp } from "@wanlian/network/channel/organisation.js";
import { pilotDepartment } from "@wanlian/network/topology/pilot.js";
import { FabricMSPConfig, MSPConfig } from "@wanlian/protocol/messages/msp.js";
import { expect } from "chai";
import { refusal } from "./refusal.js";

const HALF_ORDER = 0x7fffffff800000007fffffffffffffffde737d56d38bcf4279dce5617e3192a8n;

describe("certificates", () => {
  let directory: string;
  let organisation: Organisation;

  before(async () => {
    directory = await mkdtemp(join(tmpdir(), "wanlian-certificates-"));
    organisation = await Organisation.create(directory, "HealthMSP", "卫生健康委员会");
  });

  after(() => rm(directory, { recursive: true, force: true }));

  it("a peer's certificate has one unit, its issuer's key identifier, and no authority of its own", async () => {
    const folder = await organisation.addPeer("peer0", ["localhost", "127.0.0.1"]);
    const { certificate } = await readSigningIdentity(join(folder, "msp"));
    const parsed = new NodeCertificate(certificate);
    expect(parsed.subject).to.equal("C=CN\nO=卫生健康委员会\nOU=peer\nCN=peer0");
    expect(parsed.ca).to.equal(false);
    expect(parsed.checkIssued(new NodeCertificate(organisation.identities.certificate))).to.equal(true);
    expect(parsed.verify(new NodeCertificate(organisation.identities.certificate).publicKey)).to.equal(true);
  });

  it("a TLS certificate answers to its names and addresses and no others", async () => {
    const folder = await organisation.addPeer("peer1", ["peer1.health.example", "127.0.0.1"]);
    const tls = new NodeCertificate(await readFile(join(folder, "tls", "cert.pem")));
    expect(tls.checkHost("peer1.health.example")).to.equal("peer1.health.example");
    expect(tls.checkIP("127.0.0.1")).to.equal("127.0.0.1");
    expect(tls.checkHost("peer0.health.example")).to.equal(undefined);
  });

  it("a leaf begins no earlier than its authority, where Fabric judges its chain", async () => {
    const { certificate } = await organisation.identities.issue({ kind: "identity", unit: "admin", name: "early" });
    const leaf = new X509Certificate(certificate);
    const root = new X509Certificate(organisation.identities.certificate);
    expect(leaf.notBefore.getTime()).to.be.at.least(root.notBefore.getTime());
  });

  it("every signature on a certificate has a low s", async () => {
    for (let round = 0; round < 24; round++) {
      const { certificate } = await organisation.identities.issue({ kind: "identity", unit: "client", name: "low" });
      expect(scalarS(new X509Certificate(certificate).signature) <= HALF_ORDER).to.equal(true);
    }
  });

  it("an officer's certificate carries number and roles, for a key that never left the officer", async () => {
    const keys = await generateKeyPair();
    const pem = await organisation.addOfficer("410001", ["steward", "user"], await createRequest("any name", keys));
    const certificate = new X509Certificate(pem);
    expect(certificate.subjectName.getField("CN")).to.deep.equal(["410001"]);
    expect(certificate.subjectName.getField("OU")).to.deep.equal(["client"]);
    expect(rolesOf(certificate)).to.deep.equal(["steward", "user"]);
    expect(Buffer.from(certificate.getExtension("1.2.3.4.5.6.7.8.1")?.value ?? new ArrayBuffer()).toString()).to.equal(
      '{"attrs":{"wanlian.role":"steward,user"}}',
    );
    expect((await organisation.issued()).some((entry) => entry.name === "410001")).to.equal(true);
  });

  it("a request that somebody else signed is refused", async () => {
    const request = await createRequest("410002", await generateKeyPair());
    const octets = Buffer.from(request.replace(/-----[^-]+-----|\n/g, ""), "base64");
    octets[octets.length - 5] = (octets[octets.length - 5] ?? 0) ^ 1;
    const forged = `-----BEGIN CERTIFICATE REQUEST-----\n${octets.toString("base64")}\n-----END CERTIFICATE REQUEST-----`;
    expect(await refusal(organisation.addOfficer("410002", ["user"], forged))).to.equal("INVALID_CERTIFICATE");
  });

  it("an authority opened with another's key is refused", async () => {
    const privateKey = await exportPrivateKey((await generateKeyPair()).privateKey);
    const opening = CertificateAuthority.open({ certificate: organisation.identities.certificate, privateKey });
    expect(await refusal(opening)).to.equal("INVALID_CERTIFICATE");
  });

  it("what an identity signs verifies, and always with a low s in minimal DER", async () => {
    const folder = await organisation.addClient("node", ["node"], ["localhost"]);
    const identity = await SigningIdentity.read("HealthMSP", join(folder, "msp"));
    const { certificate } = await readSigningIdentity(join(folder, "msp"));
    for (let round = 0; round < 64; round++) {
      const message = Buffer.from(`message ${round}`);
      const signature = identity.sign(message);
      expect(verify("sha256", message, new NodeCertificate(certificate).publicKey, signature)).to.equal(true);
      expect(scalarS(Uint8Array.from(signature).buffer) <= HALF_ORDER).to.equal(true);
    }
  });

  it("a revocation list names its issuer's key, as Fabric requires, and the serial numbers", async () => {
    const [entry] = await organisation.issued();
    const pem = await organisation.identities.revoke([entry?.serialNumber ?? ""]);
    expect(pem).to.match(/^-----BEGIN X509 CRL-----\n/); // Go takes no other label
    const list = new X509Crl(pem);
    expect(list.findRevoked(entry?.serialNumber ?? "")).to.not.equal(null);
    expect(list.getExtension("2.5.29.35")).to.not.equal(null);
    expect(await list.verify({ publicKey: new X509Certificate(organisation.identities.certificate) })).to.equal(true);
  });

  it("what was half made is made whole, what is whole is kept", async () => {
    const folder = join(directory, "organizations", "CivilMSP");
    await mkdir(join(`${folder}.draft`, "ca"), { recursive: true }); // as a kill leaves it
    await makeDepartment(folder, pilotDepartment(1));
    const authority = await readFile(join(folder, "ca", "cert.pem"), "utf8");
    await makeDepartment(folder, pilotDepartment(1));
    expect(await readFile(join(folder, "ca", "cert.pem"), "utf8")).to.equal(authority);
    expect(await readdir(join(directory, "organizations"))).to.deep.equal(["CivilMSP"]);
    expect(await readdir(folder)).to.include.members(["administrators", "ca", "clients", "msp", "peers", "tlsca"]);
  });

  describe("renewed", () => {
    let own: Organisation;
    let folder: string;
    before(async () => {
      folder = join(directory, "renewed");
      own = await Organisation.create(folder, "TaxMSP", "税务局");
      await own.addPeer("peer0", ["peer0.tax.example", "127.0.0.1"]);
      await own.addPeer("peer1", ["127.0.0.1"]);
      await own.addAdministrator("admin");
      await own.addClient("node", ["node"], ["localhost"]);
      await own.addOfficer("0001", ["steward", "user"], await createRequest("0001", await generateKeyPair()));
    });
    const read = async (...path: string[]) => new X509Certificate(await readFile(join(folder, ...path), "utf8"));
    const INDEFINITELY = new Date("2999-01-01T00:00:00Z");
    /** Everything but number, times and signature. */
    const what = (certificate: X509Certificate) => ({
      subject: certificate.subject,
      key: Buffer.from(certificate.publicKey.rawData).toString("hex"),
      extensions: certificate.extensions.map(({ rawData }) => Buffer.from(rawData).toString("hex")),
    });
    const FILES = [
      ["peers", "peer0", "msp", "signcerts", "cert.pem"],
      ["peers", "peer0", "tls", "cert.pem"],
      ["administrators", "admin", "msp", "signcerts", "cert.pem"],
      ["clients", "node", "tls", "cert.pem"],
      ["officers", "0001", "cert.pem"],
    ];

    it("are the same certificates of the same keys, signed anew by the same authority, and noted", async () => {
      const before = await Promise.all(FILES.map((path) => read(...path)));
      const { renewed, foreign } = await own.renew({ before: INDEFINITELY });
      expect(renewed).to.have.lengthOf(9); // four members twice, and the officer
      expect(foreign).to.deep.equal([]);
      const issued = (await own.issued()).map(({ serialNumber }) => serialNumber);
      for (const [at, path] of FILES.entries()) {
        const [old, renewal] = [before[at] as X509Certificate, await read(...path)];
        expect(what(renewal), path.join("/")).to.deep.equal(what(old));
        expect(renewal.serialNumber).to.not.equal(old.serialNumber);
        const root = new X509Certificate((path.includes("tls") ? own.tls : own.identities).certificate);
        expect(await renewal.verify({ publicKey: root })).to.equal(true);
        if (!path.includes("tls")) expect(issued).to.include(renewal.serialNumber);
      }
      const message = Buffer.from("signed with the key that was there");
      const signature = (await SigningIdentity.read("TaxMSP", join(folder, "peers", "peer0", "msp"))).sign(message);
      const { publicKey } = new NodeCertificate(
        await readFile(join(folder, "peers", "peer0", "msp", "signcerts", "cert.pem")),
      );
      expect(verify("sha256", message, publicKey, signature)).to.equal(true);
    });

    it("are those alone that end before then, and none that was revoked: both certificates are", async () => {
      expect(await own.renew({ before: new Date() })).to.deep.equal({ renewed: [], foreign: [] });
      const list = new X509Crl((await own.revoke(["peer1"]))[0] ?? "");
      const serials = (await own.issued())
        .filter(({ name }) => name === "peer1")
        .map(({ serialNumber }) => serialNumber);
      expect(serials).to.have.lengthOf(2);
      for (const serial of serials) expect(list.findRevoked(serial)).to.not.equal(null);
      const { renewed } = await own.renew({ before: INDEFINITELY });
      const identities = renewed.filter(({ use }) => use === "identity");
      expect(identities.map(({ holder }) => holder)).to.deep.equal([
        "peers/peer0",
        "administrators/admin",
        "clients/node",
        "officers/0001",
      ]);
      const withTls = renewed.filter(({ use }) => use === "tls").map(({ holder }) => holder);
      expect(withTls).to.deep.equal(["peers/peer0", "administrators/admin", "clients/node"]);
    });

    it("are not those that another authority signed, which are named", async () => {
      const file = join(folder, "peers", "peer0", "msp", "signcerts", "cert.pem");
      const { certificate } = await organisation.identities.issue({ kind: "identity", unit: "peer", name: "peer0" });
      await writeFile(file, certificate);
      expect((await own.renew({ before: INDEFINITELY })).foreign).to.deep.equal(["peers/peer0"]);
      expect(await readFile(file, "utf8")).to.equal(certificate);
    });
  });

  describe("rolled over to new roots", () => {
    let own: Organisation;
    let folder: string;
    const INDEFINITELY = new Date("2999-01-01T00:00:00Z");
    const at = (...path: string[]) => readFile(join(folder, ...path), "utf8");
    before(async () => {
      folder = join(directory, "rolled");
      own = await Organisation.create(folder, "TaxMSP", "税务局");
      await own.addPeer("peer0", ["127.0.0.1"]);
      await own.addClient("node", ["node"], ["localhost"]);
      await own.addOfficer("0001", ["steward"], await createRequest("0001", await generateKeyPair()));
    });

    it("both count while the former are in use, in every folder, and either certifies the units", async () => {
      const former = own.identities.certificate;
      own = await own.rollOver("税务局");
      const msp = await readPublicMsp(join(folder, "msp"));
      expect(msp.rootCertificates).to.deep.equal([own.identities.certificate, former]);
      expect(msp.tlsRootCertificates).to.have.lengthOf(2);
      expect(await readPublicMsp(join(folder, "peers", "peer0", "msp"))).to.deep.equal(msp);
      expect(await at("peers", "peer0", "tls", "ca.pem")).to.equal(msp.tlsRootCertificates.join(""));
      expect(await at("msp", "config.yaml")).to.not.include("Certificate");
      const encoded = FabricMSPConfig.decode(MSPConfig.decode(encodeMsp("TaxMSP", msp)).config);
      expect(encoded.fabricNodeOus?.peerOuIdentifier?.certificate).to.have.lengthOf(0);
      expect(await refusal(own.rollOver("税务局"))).to.equal("ALREADY_DONE");
    });

    it("revoking takes what either signed: a list of each", async () => {
      const [entry] = (await own.issued()).filter(({ name }) => name === "node");
      const lists = await own.revoke(["node"]);
      expect(lists).to.have.lengthOf(1);
      expect(new X509Crl(lists[0] ?? "").findRevoked(entry?.serialNumber ?? "")).to.not.equal(null);
      await own.addClient("second", ["node"], ["localhost"]);
      expect(await own.revoke(["second"])).to.have.lengthOf(2);
      expect(await own.revoke(["second"])).to.have.lengthOf(2);
    });

    it("what the former signed is renewed under the new, and only then do they end", async () => {
      expect(await refusal(own.endFormer())).to.equal("INVALID_CERTIFICATE");
      const { renewed, foreign } = await own.renew({ before: new Date(), former: "too" });
      expect([...new Set(renewed.map(({ holder }) => holder))]).to.deep.equal(["peers/peer0", "officers/0001"]);
      expect(foreign).to.deep.equal([]);
      for (const path of [
        ["peers", "peer0", "msp", "signcerts", "cert.pem"],
        ["officers", "0001", "cert.pem"],
      ]) {
        const certificate = new X509Certificate(await at(...path));
        const root = new X509Certificate(own.identities.certificate);
        expect(await certificate.verify({ publicKey: root })).to.equal(true);
        const identifier = certificate.getExtension(AuthorityKeyIdentifierExtension)?.keyId;
        expect(identifier).to.equal(root.getExtension(SubjectKeyIdentifierExtension)?.keyId);
      }
      own = await own.endFormer();
      const msp = await readPublicMsp(join(folder, "peers", "peer0", "msp"));
      expect(msp.rootCertificates).to.deep.equal([own.identities.certificate]);
      expect(msp.revocationLists).to.have.lengthOf(1);
      expect(await at("msp", "config.yaml")).to.include("Certificate");
      expect(own.former).to.equal(undefined);
    });

    it("a beginning that was broken off goes on where it stopped", async () => {
      const before = own.identities.certificate;
      await cp(join(folder, "ca"), join(folder, "former", "ca"), { recursive: true });
      await cp(join(folder, "tlsca"), join(folder, "former", "tlsca"), { recursive: true });
      own = await own.rollOver("税务局");
      expect((await readPublicMsp(join(folder, "msp"))).rootCertificates).to.deep.equal([
        own.identities.certificate,
        before,
      ]);
    });

    it("new keys are a holder's own, but orderers' and officers' stay", async () => {
      const keys = () =>
        Promise.all([at("peers", "peer0", "msp", "keystore", "priv_sk"), at("peers", "peer0", "tls", "key.pem")]);
      const before = await keys();
      await own.addOrderer("orderer0", ["127.0.0.1"]);
      const ordering = await at("orderers", "orderer0", "tls", "key.pem");
      const officer = new X509Certificate(await at("officers", "0001", "cert.pem")).publicKey.rawData;
      const { renewed } = await own.renew({ before: INDEFINITELY, keys: "new" });
      expect(renewed.map(({ holder }) => holder)).to.include.members([
        "peers/peer0",
        "orderers/orderer0",
        "officers/0001",
      ]);
      const after = await keys();
      for (const [index, key] of after.entries()) {
        expect(key).to.not.equal(before[index]);
        expect((await stat(join(folder, "peers", "peer0", "tls", "key.pem"))).mode & 0o077).to.equal(0);
      }
      expect(await at("orderers", "orderer0", "tls", "key.pem")).to.equal(ordering);
      expect(new X509Certificate(await at("officers", "0001", "cert.pem")).publicKey.rawData).to.deep.equal(officer);
      const certificate = new NodeCertificate(await at("peers", "peer0", "msp", "signcerts", "cert.pem"));
      expect(certificate.checkPrivateKey(createPrivateKey(after[0] ?? ""))).to.equal(true);
    });

    it("a new key whose certificate was not put in place is thrown away, and one whose was is taken", async () => {
      const key = join(folder, "peers", "peer0", "msp", "keystore", "priv_sk");
      const waiting = join(folder, "peers", "peer0", "msp", "keystore", ".priv_sk.next");
      const right = await readFile(key, "utf8");
      const { privateKey: other } = await own.identities.issue({ kind: "identity", unit: "peer", name: "peer0" });
      await writeFile(waiting, other);
      await own.renew({ before: new Date(0) });
      expect(await readFile(key, "utf8")).to.equal(right);
      await writeFile(waiting, right);
      await writeFile(key, other);
      await own.renew({ before: new Date(0) });
      expect(await readFile(key, "utf8")).to.equal(right);
    });
  });

  it("an MSP folder reads back as it was written, keys for their owner only", async () => {
    const msp = await readPublicMsp(join(directory, "msp"));
    expect(msp.rootCertificates).to.deep.equal([organisation.identities.certificate]);
    expect(msp.tlsRootCertificates).to.deep.equal([organisation.tls.certificate]);
    for (const key of ["ca/key.pem", "tlsca/key.pem", "peers/peer0/msp/keystore/priv_sk", "peers/peer0/tls/key.pem"])
      expect((await stat(join(directory, key))).mode & 0o077, key).to.equal(0);
    const reopened = await Organisation.open(directory, "HealthMSP");
    expect(reopened.identities.certificate).to.equal(organisation.identities.certificate);
  });
});

/** The second INTEGER of the DER signature inside a certificate. */
function scalarS(signature: ArrayBuffer): bigint {
  const der = Buffer.from(signature);
  const lengthOfR = der[3] ?? 0;
  const lengthOfS = der[5 + lengthOfR] ?? 0;
  return BigInt(`0x${der.subarray(6 + lengthOfR, 6 + lengthOfR + lengthOfS).toString("hex")}`);
}
