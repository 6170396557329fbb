import type { CountedTransaction } from "@wanlian/client/fold";
import { foundWrong } from "@wanlian/client/projection/owners-behind.js";
import { releaseSourceRows } from "@wanlian/client/projection/release-sources.js";
import { expect } from "chai";

const counted = (noun: string, state: object, before?: object): CountedTransaction =>
  ({ act: { noun, case: "own", state }, before }) as unknown as CountedTransaction;

describe("the release that an act finds wrong", () => {
  const open = { release: "r" };
  const table: [title: string, noun: string, before: object | undefined, state: object, found: string | undefined][] = [
    ["a withdrawal, of the release itself", "release", { status: "registered" }, { status: "withdrawn" }, "own"],
    ["no second act on what was withdrawn", "release", { status: "withdrawn" }, { status: "withdrawn" }, undefined],
    ["no other act on a release", "release", { status: "registered" }, { status: "registered" }, undefined],
    ["no withdrawal of anything else", "product", { status: "registered" }, { status: "withdrawn" }, undefined],
    ["an objection that is found right", "objection", open, { ...open, outcome: "substantiated" }, "r"],
    ["one that is found right in part", "objection", open, { ...open, outcome: "partly" }, "r"],
    ["none that is found wrong", "objection", open, { ...open, outcome: "unsubstantiated" }, undefined],
    ["none that is open", "objection", undefined, open, undefined],
    [
      "none of which that was known before",
      "objection",
      { ...open, outcome: "partly" },
      { ...open, outcome: "partly", status: "closed" },
      undefined,
    ],
    [
      "one that the bureau upholds",
      "objection",
      { ...open, outcome: "unsubstantiated" },
      { ...open, outcome: "unsubstantiated", settled: "upheld" },
      "r",
    ],
    [
      "none that it upheld before",
      "objection",
      { ...open, outcome: "unsubstantiated", settled: "upheld" },
      { ...open, outcome: "unsubstantiated", settled: "upheld", status: "closed" },
      undefined,
    ],
    [
      "none that it does not uphold",
      "objection",
      { ...open, outcome: "unsubstantiated" },
      { ...open, outcome: "unsubstantiated", settled: "dismissed" },
      undefined,
    ],
    ["none about anything but a release", "objection", {}, { outcome: "substantiated" }, undefined],
    ["nothing else's outcome", "demand", open, { ...open, outcome: "substantiated" }, undefined],
  ];
  for (const [title, noun, before, state, found] of table) {
    it(`is that of ${title}`, () => expect(foundWrong(counted(noun, state, before))).to.equal(found));
  }
});

describe("what a case says that it was made from", () => {
  const row = (source: unknown, how: string) => ({ release: "own", source, how });
  const table: [title: string, noun: string, before: object | undefined, state: object, rows: object[]][] = [
    ["nothing where it says nothing", "release", undefined, {}, []],
    [
      "each release once",
      "release",
      undefined,
      { derivedFrom: ["a", "b", "a"] },
      [row("a", "derived"), row("b", "derived")],
    ],
    ["a product likewise", "product", undefined, { derivedFrom: ["a"] }, [row("a", "derived")]],
    ["nothing of any other noun", "demand", undefined, { derivedFrom: ["a"], revises: "r" }, []],
    ["what it revises", "release", undefined, { revises: "r" }, [row("r", "revised")]],
    [
      "what it corrects, for an objection",
      "release",
      undefined,
      { revises: "r", objection: "o" },
      [row("r", "corrected")],
    ],
    ["both", "release", undefined, { derivedFrom: ["a"], revises: "r" }, [row("a", "derived"), row("r", "revised")]],
    ["nothing in another form", "release", undefined, { derivedFrom: "a", revises: ["r"] }, []],
    [
      "no member of a list in another form",
      "release",
      undefined,
      { derivedFrom: [1, "a", null] },
      [row("a", "derived")],
    ],
    ["nothing anew by a later act", "release", { derivedFrom: ["a"] }, { derivedFrom: ["a"], revises: "r" }, []],
    ["a cause that is explained", "release", {}, { explained: ["c"] }, [row("c", "explained")]],
    ["only what is explained now", "release", { explained: ["c"] }, { explained: ["c", "d"] }, [row("d", "explained")]],
    ["nothing that is explained from the beginning", "release", undefined, { explained: ["c"] }, []],
  ];
  for (const [title, noun, before, state, rows] of table) {
    it(`is ${title}`, () => expect(releaseSourceRows(counted(noun, state, before))).to.deep.equal(rows));
  }
});
