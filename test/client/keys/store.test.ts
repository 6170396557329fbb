import { spawnSync } from "node:child_process";
import { createPrivateKey, createPublicKey, generateKeyPairSync, sign, verify } from "node:crypto";
import { readdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { KeyError } from "@wanlian/client/core/key-error.js";
import { certificateRequest } from "@wanlian/client/keys/officers/request.js";
import { OfficerStore } from "@wanlian/client/keys/officers/store.js";
import { Organisation } from "@wanlian/network/certificates/organisation.js";
import { expect } from "chai";
import { officerWorld, PASSPHRASE, type World } from "./officer.js";

async function codeOf(work: Promise<unknown>): Promise<string> {
  try {
    await work;
  } catch (error) {
    if (error instanceof KeyError) return error.code;
    throw error;
  }
  return "none";
}

describe("an officer's key", () => {
  let world: World;
  let keyFile: string;

  before(async () => {
    world = await officerWorld();
    await world.enrol("CA-0001", ["steward", "user"]);
    keyFile = join(world.directory, "officers", "CA-0001", "key.pem");
  });
  after(() => world.remove());

  it("opens with its passphrase, and signs what its certificate verifies", async () => {
    const officer = await world.store.unlock("CA-0001", PASSPHRASE, new Date());
    const message = Buffer.from("raise");
    expect(verify("sha256", message, officer.x509.publicKey, sign("sha256", message, officer.key))).to.equal(true);
    expect(officer.roles).to.deep.equal(["steward", "user"]);
    expect(await world.store.list()).to.deep.equal(["CA-0001"]);
  });

  it("does not open with another passphrase", async () => {
    expect(await codeOf(world.store.unlock("CA-0001", `${PASSPHRASE}.`, new Date()))).to.equal("WRONG_PASSPHRASE");
  });

  it("is a file that OpenSSL reads, for its owner only, and holds no word of the key in the clear", async () => {
    const pem = await readFile(keyFile, "utf8");
    const opened = createPrivateKey({ key: pem, passphrase: PASSPHRASE });
    const { key } = await world.store.unlock("CA-0001", PASSPHRASE, new Date());
    expect(createPublicKey(opened).equals(createPublicKey(key))).to.equal(true);
    expect((await stat(keyFile)).mode & 0o077).to.equal(0);
    const scalar = key.export({ format: "jwk" }).d ?? "";
    const der = Buffer.from(pem.replace(/-----.*-----/g, ""), "base64");
    expect(der.includes(Buffer.from(scalar, "base64url"))).to.equal(false);
  });

  it("does not open once any part of its file was altered", async () => {
    const pem = await readFile(keyFile, "utf8");
    const der = Buffer.from(pem.replace(/-----.*-----/g, ""), "base64");
    try {
      // Some bytes of the cost and of the key: each flip costs one derivation.
      for (const position of [0, 10, 60, 80, 101, 150, der.length - 40, der.length - 1]) {
        const altered = Buffer.from(der);
        altered[position] = (altered[position] ?? 0) ^ 0x01;
        const text = `-----BEGIN ENCRYPTED PRIVATE KEY-----\n${altered.toString("base64")}\n-----END ENCRYPTED PRIVATE KEY-----\n`;
        await writeFile(keyFile, text);
        const code = await codeOf(world.store.unlock("CA-0001", PASSPHRASE, new Date()));
        expect(["WRONG_PASSPHRASE", "DAMAGED_KEY", "UNSUPPORTED_KEY", "KEY_MISMATCH"], `byte ${position}`).to.include(
          code,
        );
      }
      await writeFile(keyFile, pem.slice(0, 100));
      expect(await codeOf(world.store.unlock("CA-0001", PASSPHRASE, new Date()))).to.equal("DAMAGED_KEY");
    } finally {
      await writeFile(keyFile, pem);
    }
  });

  it("is not read when the file asks for more work than a node can bear", async () => {
    const pem = await readFile(keyFile, "utf8");
    const der = Buffer.from(pem.replace(/-----.*-----/g, ""), "base64");
    const cost = der.indexOf(Buffer.from([0x02, 0x02, 0x40, 0x00])); // INTEGER 2^14
    expect(cost).to.be.greaterThan(0);
    der[cost + 3] = 0x01; // no power of two
    try {
      await writeFile(
        keyFile,
        `-----BEGIN ENCRYPTED PRIVATE KEY-----\n${der.toString("base64")}\n-----END ENCRYPTED PRIVATE KEY-----\n`,
      );
      expect(await codeOf(world.store.unlock("CA-0001", PASSPHRASE, new Date()))).to.equal("UNSUPPORTED_KEY");
    } finally {
      await writeFile(keyFile, pem);
    }
  });

  it("goes into PKCS#12 and comes back the same, elliptic curve or not", async function () {
    this.timeout(60_000); // deriving keys slowly is the point
    const transport = "carry me over the river";
    const now = new Date();
    const file = await world.store.exportPkcs12("CA-0001", PASSPHRASE, transport, { now });
    const other = new OfficerStore(join(world.directory, "other"));
    expect(await codeOf(other.importPkcs12(file, "something else entirely", PASSPHRASE))).to.equal("WRONG_PASSPHRASE");
    expect(await other.importPkcs12(file, transport, PASSPHRASE)).to.equal("CA-0001");
    const back = await other.unlock("CA-0001", PASSPHRASE, new Date());
    const original = await world.store.unlock("CA-0001", PASSPHRASE, new Date());
    expect(back.key.equals(original.key)).to.equal(true);
    expect(back.x509.raw.equals(original.x509.raw)).to.equal(true);
    const altered = Buffer.from(file);
    altered[300] = (altered[300] ?? 0) ^ 0x20;
    expect(await codeOf(other.importPkcs12(altered, transport, PASSPHRASE))).to.be.oneOf([
      "WRONG_PASSPHRASE",
      "DAMAGED_KEY",
    ]);
  });

  it("goes into PKCS#12 with what its certificate chains up to, and with no other authority", async function () {
    this.timeout(60_000);
    const transport = "carry me over the river";
    const strangers = await Organisation.create(join(world.directory, "strangers"), "HealthMSP", "Health");
    const authorities = await Promise.all(
      [strangers, world.organisation].map(({ directory }) => readFile(join(directory, "ca", "cert.pem"), "utf8")),
    );
    const options = { now: new Date(), authorities };
    const file = await world.store.exportPkcs12("CA-0001", PASSPHRASE, transport, options);
    const place = join(world.directory, "officer.p12");
    await writeFile(place, file);
    const openssl = ["pkcs12", "-in", place, "-nokeys", "-passin", `pass:${transport}`];
    const { stdout, error } = spawnSync("openssl", openssl, { encoding: "utf8" });
    if (error !== undefined) return this.skip(); // there is no OpenSSL on this machine
    const names = [...stdout.matchAll(/^subject=.*CN\s*=\s*(\S+)/gm)].map(([, name]) => name);
    expect(names).to.deep.equal(["CA-0001", "ca.CivilAffairsMSP"]);
    const other = new OfficerStore(join(world.directory, "chained"));
    expect(await other.importPkcs12(file, transport, PASSPHRASE)).to.equal("CA-0001");
  });

  it("changes its passphrase", async () => {
    await world.enrol("CA-0002", ["user"]);
    await world.store.changePassphrase("CA-0002", PASSPHRASE, "一个全新的而且很长的口令", new Date());
    expect(await codeOf(world.store.unlock("CA-0002", PASSPHRASE, new Date()))).to.equal("WRONG_PASSPHRASE");
    expect((await world.store.unlock("CA-0002", "一个全新的而且很长的口令", new Date())).officer).to.equal("CA-0002");
  });

  it("is refused with a short passphrase, a foreign certificate, an expired one, a name that is a path", async () => {
    expect(await codeOf(world.store.request("CA-0009", "short"))).to.equal("WEAK_PASSPHRASE");
    const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
    const { pem } = await world.store.certificate("CA-0001");
    const key = privateKey.export({ type: "pkcs8", format: "pem" }).toString();
    expect(await codeOf(world.store.enrol(pem, key, PASSPHRASE))).to.equal("KEY_MISMATCH");
    const later = new Date(Date.now() + 20 * 365 * 86_400_000);
    expect(await codeOf(world.store.unlock("CA-0001", PASSPHRASE, later))).to.equal("CERTIFICATE_NOT_VALID");
    for (const name of ["../CA-0001", "", ".", "CA-0001/key.pem", "nobody"]) {
      expect(await codeOf(world.store.unlock(name, PASSPHRASE, new Date())), name).to.equal("UNKNOWN_OFFICER");
    }
  });

  it("stays in use while a new one waits for its certificate", async () => {
    await world.enrol("CA-0003", ["user"]);
    const request = await world.store.request("CA-0003", "another passphrase");
    await world.store.unlock("CA-0003", PASSPHRASE, new Date());
    const certificate = await world.organisation.addOfficer("CA-0003", ["auditor"], request);
    expect(await codeOf(world.store.install(certificate, PASSPHRASE))).to.equal("WRONG_PASSPHRASE");
    const waiting = () => readdir(join(world.directory, "officers", "CA-0003")).then((names) => names.sort());
    expect(await waiting()).to.deep.equal(["certificate.pem", "key.pem", "requested-key.pem"]);
    await world.store.install(certificate, "another passphrase");
    expect(await waiting(), "no key is left that nothing waits for").to.deep.equal(["certificate.pem", "key.pem"]);
    expect((await world.store.unlock("CA-0003", "another passphrase", new Date())).roles).to.deep.equal(["auditor"]);
    // Once more changes nothing.
    await world.store.install(certificate, "another passphrase");
    expect((await world.store.unlock("CA-0003", "another passphrase", new Date())).roles).to.deep.equal(["auditor"]);
  });

  it("takes its renewed certificate while a request for another key waits, and that one's later", async () => {
    await world.enrol("CA-0005", ["user"]);
    const request = await world.store.request("CA-0005", "another passphrase");
    await world.organisation.renew({ before: new Date(Date.now() + 50 * 365 * 86_400_000) });
    const issued = join(world.organisation.directory, "officers", "CA-0005", "cert.pem");
    const renewed = await readFile(issued, "utf8");
    await world.store.install(renewed, PASSPHRASE);
    expect((await world.store.unlock("CA-0005", PASSPHRASE, new Date())).pem).to.equal(renewed);
    const certificate = await world.organisation.addOfficer("CA-0005", ["auditor"], request);
    await world.store.install(certificate, "another passphrase");
    expect((await world.store.unlock("CA-0005", "another passphrase", new Date())).roles).to.deep.equal(["auditor"]);
  });

  it("keeps its key when its certificate is renewed, and takes no certificate of another key or of nobody here", async () => {
    await world.enrol("CA-0004", ["user"]);
    const later = new Date(Date.now() + 50 * 365 * 86_400_000);
    await world.organisation.renew({ before: later });
    const folder = join(world.organisation.directory, "officers", "CA-0004");
    const renewed = await readFile(join(folder, "cert.pem"), "utf8");
    expect(renewed).to.not.equal((await world.store.certificate("CA-0004")).pem);
    expect(await codeOf(world.store.install(renewed, "not the passphrase"))).to.equal("WRONG_PASSPHRASE");
    await world.store.install(renewed, PASSPHRASE);
    expect((await world.store.unlock("CA-0004", PASSPHRASE, new Date())).pem).to.equal(renewed);
    const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
    const other = await world.organisation.addOfficer(
      "CA-0004",
      ["auditor"],
      certificateRequest("CA-0004", privateKey),
    );
    expect(await codeOf(world.store.install(other, PASSPHRASE))).to.equal("KEY_MISMATCH");
    const stranger = await world.organisation.addOfficer(
      "CA-0099",
      ["user"],
      certificateRequest("CA-0099", privateKey),
    );
    expect(await codeOf(world.store.install(stranger, PASSPHRASE))).to.equal("UNKNOWN_OFFICER");
    expect((await world.store.unlock("CA-0004", PASSPHRASE, new Date())).pem).to.equal(renewed);
  });
});
