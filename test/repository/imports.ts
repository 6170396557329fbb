import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path/posix";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../../", import.meta.url));

/** Workspaces, and the folder in which a package's modules lie. */
const PACKAGES: Readonly<Record<string, string>> = {
  "@wanlian/protocol/": "protocol/",
  "@wanlian/model/": "chaincode/model/",
  "@wanlian/network/": "network/",
  "@wanlian/verify/": "client/verify/",
  "@wanlian/signing/": "client/signing/",
  "@wanlian/words/": "client/words/",
  "@wanlian/client/": "client/",
};
const SOURCES = ["protocol", "chaincode", "network", "client", "scripts", "test"];
const NOT_SOURCES = new Set(["node_modules", "dist"]);

/** One import or re-export of a file of this repository, by another. */
export interface Import {
  readonly from: string;
  readonly to: string;
  /** Whether nothing is left of it when it runs. */
  readonly types: boolean;
  /** Whether it is loaded when it is first needed, which makes no circle. */
  readonly lazy: boolean;
}

/** All imports between the repository's own files, by path from the root. */
export function readImports(): Import[] {
  return SOURCES.flatMap(filesIn).flatMap((file) => importsOf(file, readFileSync(join(root, file), "utf8")));
}

/** The imports that a source text states. */
export function importsOf(file: string, source: string): Import[] {
  const stated = [...source.matchAll(/^(?:import|export)\s+(type\s)?([^;"]*?)\s*from\s+"([^"]+)"/gm)].map(
    ([, type, clause = "", target = ""]) => ({
      target,
      types: type !== undefined || namesTypesAlone(clause),
      lazy: false,
    }),
  );
  const bare = [...source.matchAll(/^import\s+"([^"]+)"/gm)].map(([, target = ""]) => ({
    target,
    types: false,
    lazy: false,
  }));
  const lazy = [...source.matchAll(/\bimport\(\s*"([^"]+)"\s*\)/g)].map(([, target = ""]) => ({
    target,
    types: false,
    lazy: true,
  }));
  return [...stated, ...bare, ...lazy].flatMap(({ target, ...how }) => {
    const to = resolve(file, target);
    return to === undefined ? [] : [{ from: file, to, ...how }];
  });
}

/** `{ type A, type B }` */
function namesTypesAlone(clause: string): boolean {
  const names = /^\{(.*)\}$/s
    .exec(clause)?.[1]
    ?.split(",")
    .map((name) => name.trim())
    .filter(Boolean);
  return names?.every((name) => name.startsWith("type ")) ?? false;
}

/** The file behind a specifier, or undefined if it is no file of the repository. */
function resolve(from: string, specifier: string): string | undefined {
  const path = specifier.startsWith(".") ? normalize(join(dirname(from), specifier)) : packagePath(specifier);
  if (path === undefined) return undefined;
  const candidates = [path.replace(/\.js$/, ".ts"), path.replace(/\.js$/, ".tsx"), `${path}/index.ts`];
  return candidates.find((candidate) => /\.tsx?$/.test(candidate) && existsSync(join(root, candidate)));
}

function packagePath(specifier: string): string | undefined {
  const name = Object.keys(PACKAGES).find((prefix) => `${specifier}/`.startsWith(prefix));
  return name === undefined ? undefined : join(PACKAGES[name] ?? "", specifier.slice(name.length));
}

/** The TypeScript files of a folder, by path from the root. */
export function filesIn(folder: string): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory()) return NOT_SOURCES.has(entry.name) ? [] : filesIn(path);
    return /(?<!\.d)\.tsx?$/.test(entry.name) ? [path] : [];
  });
}

/** Files that import each other in a circle, each circle once, its files in order of name. */
export function circlesIn(imports: readonly Import[]): string[][] {
  const next = new Map<string, string[]>();
  for (const { from, to } of imports) next.set(from, [...(next.get(from) ?? []), to]);
  const order = new Map<string, number>();
  const lowest = new Map<string, number>();
  const open: string[] = [];
  const circles: string[][] = [];
  // Tarjan: files that reach each other are one component.
  const visit = (file: string): void => {
    order.set(file, order.size);
    lowest.set(file, order.size - 1);
    open.push(file);
    for (const target of next.get(file) ?? []) {
      if (!order.has(target)) visit(target);
      if (open.includes(target)) lowest.set(file, Math.min(lowestOf(file), lowestOf(target)));
    }
    if (lowest.get(file) !== order.get(file)) return;
    const component = open.splice(open.indexOf(file));
    if (component.length > 1 || next.get(file)?.includes(file)) circles.push(component.sort());
  };
  const lowestOf = (file: string) => lowest.get(file) ?? Number.POSITIVE_INFINITY;
  for (const file of [...next.keys()].sort()) if (!order.has(file)) visit(file);
  return circles;
}
