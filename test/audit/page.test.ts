import { decodePage, encodePage, PAGE_ENTRIES, type Page } from "@wanlian/client/audit/answering/page.js";
import type { Digest } from "@wanlian/model/identifiers.js";
import { leafHash } from "@wanlian/model/merkle.js";
import { expect } from "chai";

const HASH = "ab".repeat(32) as Digest;
const signature = Buffer.from("3006020101020101", "hex").toString("base64");
const entryOf = (text: string) => ({ leaf: leafHash(Buffer.from(text)), entry: Buffer.from(text), receipt: undefined });
const page = (more: Partial<Page> = {}): Page => ({
  ...{ checkpoint: "note", start: 7, proof: [HASH] },
  entries: [
    entryOf("one"),
    { ...entryOf("two"), receipt: { signature, certificate: HASH } },
    { leaf: Buffer.from(HASH, "hex"), entry: undefined, receipt: undefined },
    entryOf(""),
  ],
  ...more,
});

/** A page whose head says something else. */
function withHead(change: (head: Record<string, unknown>) => unknown, least = 0): Buffer {
  const bytes = encodePage(page());
  const length = bytes.readUInt32BE(0);
  const head = JSON.parse(bytes.toString("utf8", 4, 4 + length)) as Record<string, unknown>;
  const changed = Buffer.from(JSON.stringify(change(head)).padEnd(least));
  const prefix = Buffer.alloc(4);
  prefix.writeUInt32BE(changed.length);
  return Buffer.concat([prefix, changed, bytes.subarray(4 + length)]);
}

describe("a page of a log on the wire", () => {
  it("is read as it was written", () => {
    expect(decodePage(encodePage(page()))).to.deep.equal(page());
  });

  it("is read where it is as large as it may be, in entries and in what its head takes", () => {
    const entries = Array.from({ length: PAGE_ENTRIES }, () => entryOf(""));
    expect(decodePage(encodePage(page({ entries }))).entries).to.have.lengthOf(PAGE_ENTRIES);
    expect(decodePage(withHead((head) => head, 32 * 1024))).to.deep.equal(page());
  });

  const cut = encodePage(page());
  const cases: [string, Uint8Array][] = [
    ["nothing", Buffer.alloc(0)],
    ["with a byte after its end", Buffer.concat([cut, Buffer.of(0)])],
    ["without its last byte", cut.subarray(0, -1)],
    ["with its head alone", cut.subarray(0, 4 + cut.readUInt32BE(0))],
    ["with a head longer than the page", Buffer.concat([Buffer.of(0xff, 0xff, 0xff, 0xff), cut.subarray(4)])],
    ["with a head of a byte more than it may take", withHead((head) => head, 32 * 1024 + 1)],
    ["with a head that is no JSON", Buffer.concat([Buffer.of(0, 0, 0, 1), Buffer.from("{")])],
    ["with a head that has one member too many", withHead((head) => ({ ...head, more: 1 }))],
    ["with a head that lacks one", withHead(({ proof: _, ...head }) => head)],
    ["with more hashes than a proof can have", withHead((head) => ({ ...head, proof: Array(200).fill(HASH) }))],
    ["with fewer entries than it says", withHead((head) => ({ ...head, entries: 5 }))],
    ["with more entries than it says", withHead((head) => ({ ...head, entries: 3 }))],
    ["of no entries", withHead((head) => ({ ...head, entries: 0 }))],
    ["of more entries than a page has", withHead((head) => ({ ...head, entries: PAGE_ENTRIES + 1 }))],
    ["with an entry of no known kind", Buffer.concat([cut.subarray(0, 4 + cut.readUInt32BE(0)), Buffer.alloc(200, 2)])],
  ];
  for (const [what, bytes] of cases) {
    it(`is none: ${what}`, () => {
      expect(() => decodePage(bytes))
        .to.throw()
        .with.property("code", "BAD_ANSWER");
    });
  }
});
