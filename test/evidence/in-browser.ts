import { createContext, runInContext } from "node:vm";
import { forBrowser } from "@wanlian/verify/browser.mjs";
import { build } from "esbuild";

/** What a page has of what the verifier could reach for; no `process`, no `Buffer`, no `require`. */
const BROWSER = ["TextEncoder", "TextDecoder", "URL", "structuredClone", "crypto", "atob", "btoa"] as const;

/** Runs a module and what it imports as a browser would, and gives its exports. */
export async function inBrowser(contents: string): Promise<Record<string, (...given: unknown[]) => unknown>> {
  const built = await build({
    ...forBrowser,
    stdin: { contents, resolveDir: new URL(".", import.meta.url).pathname },
    format: "iife",
    globalName: "page",
    write: false,
    logLevel: "silent",
  });
  const globals = Object.fromEntries(BROWSER.map((name) => [name, globalThis[name]]));
  const context = createContext(globals);
  runInContext(built.outputFiles[0]?.text ?? "", context);
  return runInContext("page", context) as Record<string, (...given: unknown[]) => unknown>;
}
