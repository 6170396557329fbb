import { generateKeyPairSync, sign } from "node:crypto";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
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
