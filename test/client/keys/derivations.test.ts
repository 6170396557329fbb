import { spawnSync } from "node:child_process";
import { createCipheriv, pbkdf2Sync, scryptSync } from "node:crypto";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { KeyError } from "@wanlian/client/core/key-error.js";
import { type Asn1, integer, octets, oid, sequence } from "@wanlian/client/keys/officers/asn1.js";
import { decrypt } from "@wanlian/client/keys/officers/pbes2.js";
import { importPkcs12 } from "@wanlian/client/keys/officers/pkcs12.js";
import { expect } from "chai";

const PASSPHRASE = "carry me over the river";
const PLAIN = Buffer.from("a key");
const [salt, iv] = [Buffer.alloc(16, 1), Buffer.alloc(16, 2)];
const AES = { 16: "2.16.840.1.101.3.4.1.2", 24: "2.16.840.1.101.3.4.1.22", 32: "2.16.840.1.101.3.4.1.42" } as const;
const SCRYPT = "1.3.6.1.4.1.11591.4.11";
const PBKDF2 = "1.2.840.113549.1.5.12";

describe("a key file's derivation", () => {
  /** What becomes of a file that asks for it. */
  async function opened(kdf: Asn1, key: Buffer, more: { readonly cipher?: string; readonly iv?: Buffer } = {}) {
    const cipher = createCipheriv(`aes-${key.length * 8}-cbc`, key, iv);
    const ciphertext = Buffer.concat([cipher.update(PLAIN), cipher.final()]);
    const named = more.cipher ?? AES[key.length as keyof typeof AES];
    const encryption = sequence(oid(named), octets(more.iv ?? iv));
    const algorithm = sequence(oid("1.2.840.113549.1.5.13"), sequence(kdf, encryption));
    return await decrypt({ algorithm, ciphertext }, PASSPHRASE).then(
      (plain) => plain.toString(),
      (error: unknown) => (error instanceof KeyError ? error.code : String(error)),
    );
  }
  const scrypt = (n: number, r: number, p: number) =>
    sequence(oid(SCRYPT), sequence(octets(salt), integer(n), integer(r), integer(p)));
  const pbkdf2 = (iterations: number, ...rest: Asn1[]) =>
    sequence(oid(PBKDF2), sequence(octets(salt), integer(iterations), ...rest));
  const NONE = Buffer.alloc(32);

  for (const [n, r, p] of [
    [2, 1, 1],
    [16, 1, 1],
    [2, 8, 1],
    [2, 1, 16],
  ] as const) {
    it(`is scrypt with any work that a node can bear: N=${n}, r=${r}, p=${p}`, async () => {
      const key = scryptSync(PASSPHRASE, salt, 32, { cost: n, blockSize: r, parallelization: p });
      expect(await opened(scrypt(n, r, p), key)).to.equal("a key");
    });
  }

  for (const [what, n, r, p] of [
    ["no work at all", 1, 8, 1],
    ["a cost that is no power of two", 6, 8, 1],
    ["no blocks", 2, 0, 1],
    ["no parallel work", 2, 1, 0],
    ["more parallel work than is done", 2, 1, 17],
    ["more memory than is given", 2 ** 20, 4, 1],
  ] as const) {
    it(`is refused where scrypt asks for ${what}`, async () => {
      expect(await opened(scrypt(n, r, p), NONE)).to.equal("UNSUPPORTED_KEY");
    });
  }

  for (const [digest, name] of [
    ["sha1", undefined],
    ["sha1", "1.2.840.113549.2.7"],
    ["sha256", "1.2.840.113549.2.9"],
    ["sha384", "1.2.840.113549.2.10"],
    ["sha512", "1.2.840.113549.2.11"],
  ] as const) {
    it(`is PBKDF2 with ${digest}${name === undefined ? ", where nothing is said" : ""}, for keys of any size`, async () => {
      const prf = name === undefined ? [] : [sequence(oid(name))];
      for (const bytes of [16, 24, 32]) {
        const key = pbkdf2Sync(PASSPHRASE, salt, 1, bytes, digest);
        expect(await opened(pbkdf2(1, ...prf), key)).to.equal("a key");
        expect(await opened(pbkdf2(1, integer(bytes), ...prf), key), "with the key's length").to.equal("a key");
      }
    });
  }

  for (const [what, kdf] of [
    ["no round", pbkdf2(0)],
    ["five million rounds and one", pbkdf2(5_000_001)],
    ["a function that nobody knows", pbkdf2(1, sequence(oid("1.2.3")))],
    ["another derivation", sequence(oid("1.2.3"), sequence(octets(salt), integer(1)))],
  ] as const) {
    it(`is refused where it asks for ${what}`, async () => {
      expect(await opened(kdf, NONE)).to.equal("UNSUPPORTED_KEY");
    });
  }

  it("is of no use with another cipher, or an initialisation vector of another length", async () => {
    const key = pbkdf2Sync(PASSPHRASE, salt, 1, 32, "sha1");
    expect(await opened(pbkdf2(1), key, { cipher: "1.2.3" })).to.equal("UNSUPPORTED_KEY");
    for (const length of [15, 17])
      expect(await opened(pbkdf2(1), key, { iv: Buffer.alloc(length) })).to.equal("UNSUPPORTED_KEY");
    expect(await opened(pbkdf2(2), key), "another number of rounds").to.equal("WRONG_PASSPHRASE");
  });
});

describe("a PKCS#12 file of another program", () => {
  it("is read with a key that is not encrypted in it, and refused with another passphrase", async function () {
    const place = await mkdtemp(join(tmpdir(), "wanlian-p12-"));
    try {
      const [key, certificate, file] = ["key.pem", "cert.pem", "file.p12"].map((name) => join(place, name)) as [
        ...[string, string, string],
      ];
      const run = (...asked: string[]) => spawnSync("openssl", asked, { encoding: "utf8" });
      const made = run(
        ...["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", "/CN=CA-0001"],
        ...["-keyout", key, "-out", certificate],
      );
      if (made.error !== undefined) return this.skip(); // there is no OpenSSL on this machine
      const plain = ["-keypbe", "NONE", "-certpbe", "NONE", "-passout", `pass:${PASSPHRASE}`];
      run("pkcs12", "-export", "-inkey", key, "-in", certificate, "-out", file, ...plain);
      const { key: found } = await importPkcs12(await readFile(file), PASSPHRASE);
      expect(found.export({ type: "pkcs8", format: "pem" })).to.equal(await readFile(key, "utf8"));
      const refused = await importPkcs12(await readFile(file), "another").catch((error: unknown) => error);
      expect(refused).to.be.instanceOf(KeyError).with.property("code", "WRONG_PASSPHRASE");
    } finally {
      await rm(place, { recursive: true, force: true });
    }
  });
});
