import { fileURLToPath } from "node:url";
import { defineConfig } from "vite";

const at = (path) => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig({
  // Addresses in the page are below the origin, whatever place in it was opened first.
  base: "/",
  resolve: {
    // The rules and formats are written for Node; of it they use digests and Buffer.
    alias: [{ find: /^node:crypto$/, replacement: at("platform/crypto.ts") }],
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
      transform: { inject: { Buffer: ["buffer", "Buffer"] } },
    },
  },
});
