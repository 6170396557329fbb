import * as node from "node:crypto";
import { generateKeyPairSync, sign } from "node:crypto";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import * as browser from "@wanlian/verify/browser/node-crypto.js";
import { forBrowser } from "@wanlian/verify/browser.mjs";
import { expect } from "chai";
import { build } from "esbuild";
import { inBrowser } from "./in-browser.js";

const require = createRequire(import.meta.url);

describe("the verifier in a browser", () => {
  it("reaches for nothing of Node's but what stands in for it", async () => {
    const built = await build({
      ...forBrowser,
      entryPoints: [require.resolve("@wanlian/verify/verify.js")],
      write: false,
      metafile: true,
      logLevel: "silent",
    });
    const outside = Object.values(built.metafile.outputs).flatMap(({ imports }) => imports.map(({ path }) => path));
    expect(outside).to.deep.equal([]);
    const packages = Object.keys(built.metafile.inputs).filter((path) =>
      /client\/(?!verify\/|node_modules\/)/.test(path),
    );
    expect(packages, "of the node").to.deep.equal([]);
  });

  it("is a package that knows model and protocol alone", async () => {
    const manifest: unknown = JSON.parse(await readFile(require.resolve("@wanlian/verify/package.json"), "utf8"));
    const { dependencies } = manifest as { dependencies: Record<string, string> };
    const own = Object.keys(dependencies).filter((name) => name.startsWith("@wanlian/"));
    expect(own).to.deep.equal(["@wanlian/model", "@wanlian/protocol"]);
  });

  describe("verifies as Node does", () => {
    const data = Buffer.from("what was signed");
    const kinds = [
      ["sha256", () => generateKeyPairSync("ec", { namedCurve: "P-256" })],
      ["sha3-256", () => generateKeyPairSync("ec", { namedCurve: "P-256" })],
      ["sha384", () => generateKeyPairSync("ec", { namedCurve: "P-384" })],
      ["sha512", () => generateKeyPairSync("ec", { namedCurve: "P-521" })],
      [null, () => generateKeyPairSync("ed25519")],
    ] as const;
    for (const [digest, make] of kinds) {
      for (const dsaEncoding of ["der", "ieee-p1363"] as const) {
        it(`${digest ?? "Ed25519"}, ${dsaEncoding}`, async () => {
          const { verify } = await inBrowser(`
            import { createPublicKey, verify as check } from "node:crypto";
            export function verify(spki, data, signature) {
              const key = createPublicKey({ key: Buffer.from(spki, "hex"), format: "der", type: "spki" });
              const bytes = (hex) => Buffer.from(hex, "hex");
              return check(${JSON.stringify(digest)}, bytes(data), { key, dsaEncoding: "${dsaEncoding}" }, bytes(signature));
            }`);
          const { privateKey, publicKey } = make();
          const spki = publicKey.export({ format: "der", type: "spki" }).toString("hex");
          const signature = sign(digest, data, { key: privateKey, dsaEncoding });
          const flipped = Buffer.from(signature);
          flipped[flipped.length - 1] = (flipped.at(-1) as number) ^ 1;
          expect(verify?.(spki, data.toString("hex"), signature.toString("hex"))).to.equal(true);
          expect(verify?.(spki, data.toString("hex"), flipped.toString("hex"))).to.equal(false);
          expect(verify?.(spki, data.toString("hex"), "00")).to.equal(false);
        });
      }
    }

    it("digests, and nothing by a function that it has not", () => {
      for (const name of ["sha256", "sha384", "sha512", "sha3-256", "sha3-384"]) {
        for (const encoding of ["hex", "base64", "buffer"] as const) {
          expect(browser.hash(name, data, encoding)).to.deep.equal(node.hash(name, data, encoding));
        }
        expect(browser.hash(name, "宛城区")).to.equal(node.hash(name, "宛城区"));
        const parts = ["what ", Buffer.from("was signed")];
        const [here, there] = [node.createHash(name), browser.createHash(name)];
        for (const part of parts) [here.update(part), there.update(part)];
        expect(there.digest()).to.deep.equal(here.digest());
        const key = Buffer.from("a key");
        const keyed = node.createHmac(name, key).update(data).digest("hex");
        expect(browser.createHmac(name, key).update(data).digest("hex")).to.equal(keyed);
      }
      expect(() => browser.hash("md5", data)).to.throw("no hash function md5 here");
      expect(browser.randomBytes(32)).to.have.length(32).and.not.deep.equal(browser.randomBytes(32));
      expect(() => browser.sign()).to.throw("nothing is signed here");
    });

    for (const [digest, make] of kinds) {
      it(`in the same process: ${digest ?? "Ed25519"}`, () => {
        const { privateKey, publicKey } = make();
        const spki = publicKey.export({ format: "der", type: "spki" });
        const key = browser.createPublicKey({ key: spki });
        expect(key.export()).to.deep.equal(spki);
        const told: [Error | null, boolean][] = [];
        const done = (error: Error | null, valid: boolean) => told.push([error, valid]);
        for (const dsaEncoding of ["der", "ieee-p1363"] as const) {
          const signature = sign(digest, data, { key: privateKey, dsaEncoding });
          const check = (bytes: Uint8Array, under = dsaEncoding) =>
            browser.verify(digest, data, { key, dsaEncoding: under }, bytes, done);
          const flipped = Buffer.from(signature);
          flipped[flipped.length - 1] = (flipped.at(-1) as number) ^ 1;
          expect([check(signature), check(flipped), check(Buffer.of(0))]).to.deep.equal([true, false, false]);
          expect(browser.verify(digest, Buffer.from("another"), { key, dsaEncoding }, signature)).to.equal(false);
          // Without a word it is DER, as in Node.
          expect(browser.verify(digest, data, key, signature)).to.equal(digest === null || dsaEncoding === "der");
          const other = dsaEncoding === "der" ? "ieee-p1363" : "der";
          expect(check(signature, other)).to.equal(digest === null);
        }
        expect(told.every(([error]) => error === null)).to.equal(true);
        expect(told[0]).to.deep.equal([null, true]);
      });
    }

    it("takes a high S, as Node does: whether that passes is for the rules to say", () => {
      const { privateKey, publicKey } = node.generateKeyPairSync("ec", { namedCurve: "P-256" });
      const key = browser.createPublicKey({ key: publicKey.export({ format: "der", type: "spki" }) });
      const signature = sign("sha256", data, { key: privateKey, dsaEncoding: "ieee-p1363" });
      const order = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;
      const s = BigInt(`0x${signature.subarray(32).toString("hex")}`);
      const turned = Buffer.from((order - s).toString(16).padStart(64, "0"), "hex");
      const other = Buffer.concat([signature.subarray(0, 32), turned]);
      for (const one of [signature, other]) {
        expect(browser.verify("sha256", data, { key, dsaEncoding: "ieee-p1363" }, one)).to.equal(true);
      }
    });

    it("takes no key of another kind, and none that is no point of its curve", () => {
      const spki = ({ publicKey }: { readonly publicKey: node.KeyObject }) =>
        publicKey.export({ format: "der", type: "spki" });
      const rsa = spki(node.generateKeyPairSync("rsa", { modulusLength: 1024 }));
      const koblitz = spki(node.generateKeyPairSync("ec", { namedCurve: "secp256k1" }));
      for (const key of [rsa, koblitz]) {
        expect(() => browser.createPublicKey({ key })).to.throw("no key of a kind that is verified here");
      }
      const own = spki(node.generateKeyPairSync("ec", { namedCurve: "P-256" }));
      own[own.length - 1] = (own.at(-1) as number) ^ 1;
      expect(() => browser.createPublicKey({ key: own })).to.throw();
    });

    it("takes no point off its curve for a key", async () => {
      const { read } = await inBrowser(`
        import { createPublicKey } from "node:crypto";
        export function read(spki) {
          try { return createPublicKey({ key: Buffer.from(spki, "hex"), format: "der", type: "spki" }) && true; }
          catch { return false; }
        }`);
      const { publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
      const spki = publicKey.export({ format: "der", type: "spki" });
      expect(read?.(spki.toString("hex"))).to.equal(true);
      spki[spki.length - 1] = (spki.at(-1) as number) ^ 1;
      expect(read?.(spki.toString("hex"))).to.equal(false);
    });
  });
});
