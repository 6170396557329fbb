import { existsSync, readFileSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { brotliCompressSync } from "node:zlib";
import { expect } from "chai";
import { BUILT_PAGE } from "./built-page.js";

/** What an official waits for on a slow line before anything is seen. The goal is 400 KB; what is gained stays gained. */
const FIRST_LOAD_BYTES = 260_000;

/** What a document names, and what a script imports before it runs. What is loaded later is called, not imported. */
const NAMED = /(?:src|href)="\/([^"]+)"/g;
const IMPORTED = /(?:^|[;}\s])(?:import|export)(?:[\w$\s{},*]*?from)?\s*["'](\.[^"']+)["']/g;

describe("the page's first load", () => {
  const read = (path: string) => readFileSync(join(BUILT_PAGE, path), "utf8");

  function firstLoad(): ReadonlySet<string> {
    const all = new Set(["index.html"]);
    for (const path of all) {
      const pattern = path.endsWith(".html") ? NAMED : path.endsWith(".js") ? IMPORTED : undefined;
      if (pattern === undefined) continue;
      for (const [, named = ""] of read(path).matchAll(pattern)) {
        all.add(path.endsWith(".html") ? named : join(dirname(path), named));
      }
    }
    return all;
  }

  it("is small enough for a slow line, and holds neither the reader of keys' files nor charts, graphs or pictures", () => {
    const files = [...firstLoad()];
    expect(files.filter((name) => /^assets\/page-.*\.js$/.test(name))).to.have.length(1);
    for (const later of ["pkcs12", "day-chart", "case-graph", "desk", "not-found"])
      expect(
        files.filter((name) => name.includes(later)),
        later,
      ).to.deep.equal([]);
    const sizes = files.map((name) => [name, sentBytes(name)] as const);
    const total = sizes.reduce((sum, [, size]) => sum + size, 0);
    expect(total, JSON.stringify(sizes))
      .to.be.lessThan(FIRST_LOAD_BYTES)
      .and.to.be.greaterThan(FIRST_LOAD_BYTES / 4);
  });

  /** As the node sends it: what the build has packed, packed. The document is packed as it goes out. */
  function sentBytes(path: string): number {
    const packed = join(BUILT_PAGE, `${path}.br`);
    return existsSync(packed) ? statSync(packed).size : brotliCompressSync(read(path)).length;
  }
});
