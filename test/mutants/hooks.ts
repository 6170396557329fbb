import { readFile } from "node:fs/promises";
import type { InitializeHook, LoadHook } from "node:module";

let modules: Readonly<Record<string, string>> = {};

/** Node's hook for loading modules: what is instrumented stands for what was built. */
export const initialize: InitializeHook<{ readonly modules: Readonly<Record<string, string>> }> = (data) => {
  modules = data.modules;
};

export const load: LoadHook = async (url, context, nextLoad) => {
  const file = modules[url];
  if (file === undefined) return nextLoad(url, context);
  return { format: "module", source: await readFile(file, "utf8"), shortCircuit: true };
};
