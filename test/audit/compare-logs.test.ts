import { createHash } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { compareRecord } from "@wanlian/client/audit/comparison/compare-logs.js";
import { type Mark, Matching } from "@wanlian/client/audit/comparison/matching.js";
import { expect } from "chai";
import { array, assert, constantFrom, integer, nat, property, record } from "fast-check";

const [PROVIDER, CONSUMER, THIRD] = [0, 1, 2];
const id = createHash("sha256").update("one").digest();
const mark = (more: Partial<Mark>): Mark => ({
  ...{ id, department: PROVIDER, other: CONSUMER, position: 0, side: "provider", what: "shown", countersigned: false },
  ...more,
});
const atConsumer = (more: Partial<Mark> = {}) =>
  mark({ department: CONSUMER, other: PROVIDER, side: "consumer", ...more });

describe("marks of one record in several logs", () => {
  const cases: [string, Mark[], string[]][] = [
    ["in both logs", [mark({}), atConsumer()], []],
    ["in the provider's alone", [mark({})], ["missing 0"]],
    ["in the consumer's alone", [atConsumer()], ["missing 1"]],
    ["twice in one, once in the other", [mark({}), mark({ position: 3 }), atConsumer()], ["doubled 0"]],
    ["in a third's too", [mark({}), atConsumer(), mark({ department: THIRD, side: "neither" })], []],
    ["in a third's alone", [mark({ department: THIRD, side: "neither" })], []],
    [
      "as a hash alone in the consumer's",
      [mark({}), atConsumer({ what: "leftOut", side: "neither", other: CONSUMER })],
      ["withheld 0"],
    ],
    [
      "as a hash alone in both",
      [
        mark({ what: "leftOut", side: "neither", other: PROVIDER }),
        atConsumer({ what: "leftOut", side: "neither", other: CONSUMER }),
      ],
      [],
    ],
    ["in the provider's, and forged there", [mark({}), mark({ what: "forged", side: "neither" })], []],
    [
      "in both, and forged in the consumer's",
      [
        mark({ position: 4 }),
        atConsumer({ position: 4 }),
        atConsumer({ position: 4, what: "forged", side: "neither" }),
      ],
      ["missing 0"],
    ],
    [
      "an opening that a forged closing would have closed",
      [
        mark({ what: "opening" }),
        atConsumer({ what: "opening" }),
        mark({ what: "closes", position: 1 }),
        mark({ what: "forged", position: 1, side: "neither" }),
      ],
      ["notClosed 0"],
    ],
    ["how a stream broke off, at the provider alone", [mark({ what: "brokenOff" })], []],
    ["how a stream broke off, at the consumer alone", [atConsumer({ what: "brokenOff" })], ["missing 1"]],
    [
      "an opening that was closed",
      [mark({ what: "opening" }), atConsumer({ what: "opening" }), mark({ what: "closes" })],
      [],
    ],
    ["an opening that was not", [mark({ what: "opening" }), atConsumer({ what: "opening" })], ["notClosed 0"]],
    [
      "an opening that the consumer alone has closed",
      [mark({ what: "opening" }), atConsumer({ what: "opening" }), atConsumer({ what: "closes" })],
      ["notClosed 0"],
    ],
  ];
  for (const [what, marks, gaps] of cases) {
    it(what, () => {
      const found = compareRecord(marks, () => true).map((gap) => `${gap.kind} ${gap.mark.department}`);
      expect(found).to.deep.equal(gaps);
    });
  }

  it("say nothing of what a log lacks that was not gone through", () => {
    expect(compareRecord([mark({})], (department) => department !== CONSUMER)).to.deep.equal([]);
    expect(
      compareRecord([mark({ what: "opening" }), atConsumer()], (department) => department !== PROVIDER),
    ).to.deep.equal([]);
  });
});

describe("matching marks through files", () => {
  let dir: string;
  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), "wanlian-matching-"));
  });
  afterEach(() => rm(dir, { recursive: true }));

  const marks = array(
    record({
      id: nat(40).map((n) => createHash("sha256").update(String(n)).digest()),
      department: nat(3),
      other: nat(3),
      position: integer({ min: 0, max: 2 ** 47 }),
      side: constantFrom("provider", "consumer", "neither"),
      what: constantFrom("shown", "opening", "brokenOff", "closes", "leftOut", "forged"),
      countersigned: constantFrom(true, false),
    }),
    { maxLength: 600 },
  );
  const grouped = (given: readonly Mark[]) => {
    const groups = new Map<string, Mark[]>();
    for (const one of given) {
      const key = Buffer.from(one.id).toString("hex");
      groups.set(key, [...(groups.get(key) ?? []), { ...one, id: Buffer.from(one.id) }]);
    }
    return groups;
  };
  const read = (matching: Matching) =>
    new Map(
      [...matching.records()].map((group) => [
        Buffer.from((group[0] as Mark).id).toString("hex"),
        group.map((one) => ({ ...one, id: Buffer.from(one.id) })),
      ]),
    );

  it("gives every mark of a record together, as it was given, whatever the order", () => {
    let run = 0;
    assert(
      property(marks, (given) => {
        const matching = Matching.open(join(dir, String(run++)), 0x9e3779b1);
        for (const one of given) matching.add(one as Mark);
        const found = read(matching);
        matching.close();
        expect(found).to.deep.equal(grouped(given as Mark[]));
      }),
      { numRuns: 30 },
    );
  });

  it("goes on from where it was saved, and forgets what came after", () => {
    const one = mark({});
    const first = Matching.open(dir, 7);
    first.add(one);
    const lengths = first.flush();
    first.add(mark({ position: 5 }));
    first.flush();
    first.close();
    const second = Matching.open(dir, 7, lengths);
    second.add(atConsumer());
    const [group] = [...second.records()];
    second.close();
    expect(group?.map(({ department, position }) => [department, position])).to.deep.equal([
      [PROVIDER, 0],
      [CONSUMER, 0],
    ]);
  });
});
