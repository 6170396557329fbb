const built = (name) => decodeURIComponent(new URL(`dist/browser/${name}.js`, import.meta.url).pathname);

/** What esbuild needs so that the verifier runs in a browser: the two things of Node's that it uses come from here. */
export const forBrowser = {
  platform: "browser",
  format: "esm",
  target: "es2023",
  bundle: true,
  alias: { "node:crypto": built("node-crypto") },
  inject: [built("buffer")],
};
