import { marksOf } from "@wanlian/client/lineage/marks.js";
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
        const marks = marksOf({ releases, links, withdrawn, corrected: [], objections: [] });
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
});
