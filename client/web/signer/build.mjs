import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const at = (path) => fileURLToPath(new URL(path, import.meta.url));

/** Typebox tries whether it may make code out of text: here it is told that it may not. */
const noCodeFromText = {
  name: "no-code-from-text",
  setup({ onLoad }) {
    onLoad({ filter: /typebox\/build\/system\/environment\/evaluate\.mjs$/ }, () => ({
      contents:
        'export const CanEvaluate = () => false;\nexport function Evaluate() { throw new Error("no code from text"); }\n',
    }));
  },
};

/** What stands in an element of the document is what is named by this digest (CSP level 3). */
const named = (text) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;

/**
 * The signing page as one file (decision 300): neither minified nor split, so that it can be read, with a policy that
 * lets it reach nothing. It runs the same from a disk.
 */
export function signingPage({ alias }) {
  return {
    name: "signing-page",
    async generateBundle() {
      const built = await build({
        entryPoints: [at("main.ts")],
        bundle: true,
        write: false,
        format: "iife",
        target: "es2023",
        charset: "utf8",
        alias,
        inject: [at("buffer.ts")],
        plugins: [noCodeFromText],
        absWorkingDir: at("../../.."),
        logLevel: "warning",
      });
      // No text of a script ends the element that it stands in.
      const script = built.outputFiles[0].text.replaceAll("</script", "<\\/script");
      const style = readFileSync(at("signer.css"), "utf8");
      const policy = [
        "default-src 'none'",
        `script-src ${named(script)}`,
        `style-src ${named(style)}`,
        "img-src data:",
        "form-action 'none'",
        "base-uri 'none'",
        "require-trusted-types-for 'script'",
        "trusted-types 'none'",
      ].join("; ");
      const parts = { POLICY: policy, "/* STYLE */": style, "/* SCRIPT */": script };
      const source = readFileSync(at("signing.html"), "utf8").replace(
        /POLICY|\/\* (?:STYLE|SCRIPT) \*\//g,
        (part) => parts[part],
      );
      this.emitFile({ type: "asset", fileName: "signing.html", source });
    },
  };
}
