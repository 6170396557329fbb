import { fileURLToPath } from "node:url";
import { defineConfig } from "vite";
import { signingPage } from "./signer/build.mjs";

const at = (path) => fileURLToPath(new URL(path, import.meta.url));

/** The rules and formats are written for Node; what they use of it comes from the verifier's stand-ins. */
const NODE_MODULES = {
  "node:crypto": at("../verify/dist/browser/node-crypto.js"),
  "node:buffer": at("platform/node-buffer.ts"),
  "node:timers/promises": at("platform/node-timers.ts"),
};

/**
 * The page's policy lets nothing make code out of text, and typebox tries whether it may: here it is told that it may
 * not, and checks values by walking their schemas.
 */
const noCodeFromText = {
  name: "no-code-from-text",
  load(id) {
    if (!/typebox\/build\/system\/environment\/evaluate\.mjs$/.test(id)) return undefined;
    return 'export const CanEvaluate = () => false;\nexport function Evaluate() { throw new Error("no code from text"); }\n';
  },
};

/**
 * Larger workbooks would be unpacked by a worker made out of text, which the policy lets nothing be. Here they are
 * unpacked where they are read, and what would grow beyond a list's size is none.
 */
const noWorkerFromText = {
  name: "no-worker-from-text",
  transform(code, id) {
    if (!/read-excel-file\/modules\/zip\/unzipFromArrayBuffer\.js$/.test(id)) return undefined;
    return code.replace(
      /import \{ unzip \} from 'fflate';/,
      `import { unzip } from ${JSON.stringify(at("platform/unzip.ts"))};`,
    );
  },
};

/** They only define things, and their packages do not say so: what of them nobody uses is left out. */
const definesOnly = {
  name: "defines-only",
  transform(code, id) {
    return /node_modules\/(?:typebox|@rc-component)\//.test(id)
      ? { code, map: null, moduleSideEffects: false }
      : undefined;
  },
};

export default defineConfig({
  plugins: [definesOnly, noCodeFromText, noWorkerFromText, signingPage({ alias: NODE_MODULES })],
  // Addresses in the page are below the origin, whatever place in it was opened first.
  base: "/",
  resolve: {
    alias: Object.entries(NODE_MODULES).map(([name, replacement]) => ({ find: new RegExp(`^${name}$`), replacement })),
  },
  build: {
    outDir: "dist/bundle",
    emptyOutDir: true,
    target: "es2023",
    // A script from a data: address would need a policy that allows it.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    chunkSizeWarningLimit: 2_000,
    rolldownOptions: {
      input: { page: at("index.html") },
      // A schema that nobody asks for is not carried along with the functions that stand beside it.
      treeshake: { manualPureFunctions: ["Type"] },
      transform: { inject: { Buffer: ["buffer", "Buffer"] } },
    },
  },
});
