import { ExchangeError } from "@wanlian/client/core/exchange-error.js";
import {
  decodeFrames,
  encodeBatchFrame,
  encodeRecordFrame,
  type Frame,
  MAX_BATCH_BYTES,
} from "@wanlian/client/exchange/streams/frames.js";
import { expect } from "chai";
import fc from "fast-check";

/** What is not read as frames of two fields is refused, with this code. */
async function read(...pieces: Uint8Array[]): Promise<Frame[] | string> {
  const frames: Frame[] = [];
  try {
    for await (const frame of decodeFrames(each(pieces), 2)) frames.push(frame);
  } catch (error) {
    if (error instanceof ExchangeError) return error.code;
    throw error;
  }
  return frames;
}

async function* each(pieces: readonly Uint8Array[]) {
  yield* pieces;
}

const uint32 = (value: number) => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
};
const frame = (kind: string, body: Buffer, length = body.length) =>
  Buffer.concat([Buffer.from(kind), uint32(length), body]);
const batch = (rows: number, ...columns: string[]) =>
  frame("B", Buffer.concat([uint32(rows), ...columns.flatMap((c) => [uint32(Buffer.byteLength(c)), Buffer.from(c)])]));

describe("frames of a download", () => {
  it("are read as they were written, however they are cut", async () => {
    const columns = [Buffer.from("1\n2\n"), Buffer.from("a\n\n")];
    const written = Buffer.concat([...encodeRecordFrame({ a: 1 }), ...encodeBatchFrame({ rows: 2, columns })]);
    for (let size = 1; size <= written.length; size += 1) {
      const pieces = Array.from({ length: Math.ceil(written.length / size) }, (_, at) =>
        written.subarray(at * size, (at + 1) * size),
      );
      expect(await read(...pieces)).to.deep.equal([
        { $case: "record", json: { a: 1 } },
        { $case: "batch", batch: { rows: 2, columns } },
      ]);
    }
  });

  const cases: [string, Uint8Array, string | "read"][] = [
    ["no rows", batch(0, "", ""), "read"],
    ["one row of missing values", batch(1, "\\N\n", "\\N\n"), "read"],
    ["four billion rows in a few bytes", batch(0xffff_ffff, "", ""), "BAD_ANSWER"],
    ["one row more than a column has bytes", batch(3, "\n\n", "a\nb\n"), "BAD_ANSWER"],
    ["as many rows as bytes", batch(2, "\n\n", "\n\n"), "read"],
    ["no rows, and bytes all the same", batch(0, "\n", "\n"), "BAD_ANSWER"],
    ["a value that does not end", batch(1, "a\n", "bc"), "BAD_ANSWER"],
    ["a column too few", batch(1, "a\n"), "BAD_ANSWER"],
    ["a column too many", batch(1, "a\n", "b\n", "c\n"), "BAD_ANSWER"],
    [
      "a column longer than its frame",
      frame("B", Buffer.concat([uint32(1), uint32(9), Buffer.from("a\n")])),
      "BAD_ANSWER",
    ],
    ["not even a number of rows", frame("B", Buffer.alloc(3)), "BAD_ANSWER"],
    ["another kind", frame("X", Buffer.alloc(0)), "BAD_ANSWER"],
    ["a record that is not JSON", frame("R", Buffer.from("{")), "BAD_ANSWER"],
    ["a record that is JSON", frame("R", Buffer.from("{}")), "read"],
    ["a batch announced as too long", frame("B", Buffer.alloc(0), MAX_BATCH_BYTES + 1), "BAD_ANSWER"],
    [
      "a batch announced as long as may be, that does not come",
      frame("B", Buffer.alloc(0), MAX_BATCH_BYTES),
      "BROKEN_OFF",
    ],
    ["a record announced as long as a batch", frame("R", Buffer.alloc(0), MAX_BATCH_BYTES), "BAD_ANSWER"],
    ["half a header", Buffer.from("B\0"), "BROKEN_OFF"],
  ];
  for (const [what, bytes, outcome] of cases) {
    it(`${outcome === "read" ? "are read" : "are refused"}: ${what}`, async () => {
      const found = await read(bytes);
      expect(typeof found === "string" ? found : "read").to.equal(outcome);
    });
  }

  it("of more columns than were asked for are not taken apart", async () => {
    const columns = Array.from({ length: 100_000 }, () => "");
    const cut = Buffer.prototype.subarray;
    let cuts = 0;
    Buffer.prototype.subarray = function (start?: number, end?: number) {
      cuts += 1;
      return cut.call(this, start, end);
    };
    try {
      expect(await read(batch(0, ...columns))).to.equal("BAD_ANSWER");
    } finally {
      Buffer.prototype.subarray = cut;
    }
    expect(cuts).to.be.below(20);
  });

  it("are frames or refused, whatever bytes come, and cost no more than these", async () => {
    const piece = fc.oneof(
      fc.uint8Array({ maxLength: 64 }),
      fc
        .tuple(fc.constantFrom("B", "R", "X"), fc.nat(), fc.uint8Array({ maxLength: 40 }))
        .map(([kind, length, body]) => {
          return new Uint8Array(frame(kind, Buffer.from(body), length % 0xffff_ffff));
        }),
      fc
        .tuple(fc.nat(), fc.string(), fc.string())
        .map(([rows, a, b]) => new Uint8Array(batch(rows, `${a}\n`, `${b}\n`))),
      fc.json().map((json) => new Uint8Array(frame("R", Buffer.from(json)))),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(piece, { maxLength: 8 }), async (pieces) => {
        const found = await read(...pieces);
        if (typeof found === "string") {
          expect(found).to.be.oneOf(["BAD_ANSWER", "BROKEN_OFF"]);
          return;
        }
        const most = pieces.reduce((sum, { length }) => sum + length, 0);
        for (const each of found) if (each.$case === "batch") expect(each.batch.rows).to.be.at.most(most);
      }),
      { numRuns: 10_000 },
    );
  }).timeout(120_000);
});
