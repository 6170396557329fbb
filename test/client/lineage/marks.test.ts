import { marksOf } from "@wanlian/client/lineage/marks.js";
import type { LineageObjection } from "@wanlian/client/lineage/release.js";
import { ReleaseGraph } from "@wanlian/client/lineage/release-graph.js";
import { expect } from "chai";
import fc from "fast-check";

const MOST = 30;

/** Releases of which each derives from, and revises, any others: circles included, which no ledger holds. */
const graph = fc.array(
  fc.record({
    derivedFrom: fc.uniqueArray(fc.nat(MOST).map(String), { maxLength: 4 }),
    revises: fc.option(fc.nat(MOST).map(String), { nil: undefined }),
    status: fc.constantFrom("registered", "withdrawn"),
  }),
  { maxLength: MOST },
);

interface Told {
  readonly releases: readonly string[];
  readonly links: readonly { readonly from: string; readonly to: string; readonly how: "derived" | "revised" }[];
  readonly withdrawn: readonly string[];
  readonly objections?: readonly LineageObjection[];
  readonly explained?: readonly { readonly release: string; readonly cause: string }[];
}

function marksIn({ releases, links, withdrawn, objections = [], explained = [] }: Told) {
  const graph = new ReleaseGraph();
  const saidBy = new Map(
    releases.map((id) => [id, [] as { source: string; how: "derived" | "revised" | "explained" }[]]),
  );
  for (const { from: source, to, how } of links) saidBy.get(to)?.push({ source, how });
  for (const { release, cause } of explained) saidBy.get(release)?.push({ source: cause, how: "explained" });
  for (const [id, said] of saidBy)
    graph.take({ id, said, status: withdrawn.includes(id) ? "withdrawn" : "registered" });
  return marksOf({ ...graph.around(releases, 10_000), objections });
}

describe("the marks of releases", () => {
  it("are for whatever graph: affected exactly where a source is wrong or affected, made anew by what is neither", () => {
    fc.assert(
      fc.property(graph, (drawn) => {
        const releases = drawn.map((_one, at) => String(at));
        const links = drawn.flatMap(({ derivedFrom, revises }, at) => [
          ...derivedFrom.map((from) => ({ from, to: String(at), how: "derived" as const })),
          ...(revises === undefined ? [] : [{ from: revises, to: String(at), how: "revised" as const }]),
        ]);
        const withdrawn = releases.filter((id) => drawn[Number(id)]?.status === "withdrawn");
        const marks = marksIn({ releases, links, withdrawn });
        const isBad = (id: string) => ["wrong", "affected"].includes(marks.get(id)?.mark ?? "none");
        for (const [id, marked] of marks) {
          const one = drawn[Number(id)];
          expect(marked.mark === "wrong").to.equal(one?.status === "withdrawn");
          if (marked.mark === "affected") expect(marked.restsOn).not.to.deep.equal([]);
          expect(marked.restsOn).to.deep.equal(one?.derivedFrom.filter(isBad));
          if (marked.restsOn.length > 0) expect(isBad(id)).to.equal(true);
          if (marked.madeAnewBy !== undefined) expect(isBad(marked.madeAnewBy)).to.equal(false);
        }
      }),
    );
  });

  describe("where an owner explained why something stands", () => {
    const made = (from: string, to: string) => ({ from, to, how: "derived" as const });
    const objection = (id: string, release: string) => ({
      ...{ objection: id, release, objector: "HealthMSP", status: "closed", outcome: "substantiated" },
      ...{ corrections: [], open: false, raised: { time: "2026-09-28T02:00:00Z", block: 5 } },
    });
    /** 1 was found wrong by objections a and b; 2 is made from it, 3 from 2; 4 from 3 and from 5, which was withdrawn. */
    const base = {
      releases: ["1", "2", "3", "4", "5"],
      links: [made("1", "2"), made("2", "3"), made("3", "4"), made("5", "4")],
      objections: [objection("a", "1"), objection("b", "1")],
      withdrawn: ["5"],
    };
    const marked = (...explained: readonly (readonly [string, string])[]) => {
      const marks = marksIn({ ...base, explained: explained.map(([release, cause]) => ({ release, cause })) });
      return [...marks].map(([, { mark }]) => mark);
    };

    it("marks it no more, nor what was made from it, once every cause was explained", () => {
      expect(marked()).to.deep.equal(["wrong", "affected", "affected", "affected", "wrong"]);
      expect(marked(["2", "a"])).to.deep.equal(["wrong", "affected", "affected", "affected", "wrong"]);
      expect(marked(["2", "a"], ["2", "b"])).to.deep.equal(["wrong", "none", "none", "affected", "wrong"]);
      expect(marked(["4", "a"], ["4", "b"])).to.deep.equal(["wrong", "affected", "affected", "affected", "wrong"]);
      const all = marked(["4", "a"], ["4", "b"], ["4", "5"]);
      expect(all).to.deep.equal(["wrong", "affected", "affected", "none", "wrong"]);
    });

    it("explains nobody's own fault", () => {
      expect(marked(["1", "a"], ["1", "b"])[0]).to.equal("wrong");
      expect(marked(["5", "5"])[4]).to.equal("wrong");
    });

    it("answers at a bounded cost, however many were explained behind however many sources", () => {
      const releases = Array.from({ length: 3000 }, (_, at) => String(at));
      const links = releases.slice(1).map((to, at) => made(String(at), to));
      const explained = releases.map((release) => ({ release, cause: "0" }));
      const marks = marksIn({ releases, links, explained, withdrawn: ["0"] });
      expect(marks.get("1")?.mark).to.equal("none");
      expect(marks.size).to.equal(3000);
    });
  });
});
