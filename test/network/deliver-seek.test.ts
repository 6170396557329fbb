import { Height } from "@wanlian/network/embedded/deliver/height.js";
import { Refusal } from "@wanlian/network/embedded/deliver/refusal.js";
import { resolveRange } from "@wanlian/network/embedded/deliver/seek.js";
import type { Encodable } from "@wanlian/protocol/codec.js";
import { SeekInfo } from "@wanlian/protocol/messages/orderer.js";
import { expect } from "chai";

type Position = NonNullable<Encodable<SeekInfo>>["start"];

const oldest = { oldest: {} };
const newest = { newest: {} };
const nextCommit = { nextCommit: {} };
const block = (number: bigint) => ({ specified: { number } });

function resolve(start: Position, stop: Position, height = 10n): [bigint, bigint] | number {
  const seek = SeekInfo.decode(SeekInfo.encode({ start, stop }));
  try {
    const range = resolveRange(seek, height);
    return [range.start, range.stop];
  } catch (error) {
    if (error instanceof Refusal) return error.status;
    throw error;
  }
}

describe("deliver › positions", () => {
  const cases: [string, Position, Position, [bigint, bigint] | number][] = [
    ["all there is", oldest, newest, [0n, 9n]],
    ["the newest alone", newest, newest, [9n, 9n]],
    ["the oldest alone", oldest, oldest, [0n, 0n]],
    ["a stop at the oldest is a stop at the start", block(4n), oldest, [4n, 4n]],
    ["from a block on", block(4n), block(2n ** 64n - 1n), [4n, 2n ** 64n - 1n]],
    ["the next block may be waited for", block(10n), block(10n), [10n, 10n]],
    ["the block after the next is not found", block(11n), block(11n), 404],
    ["the next commit is at the height", nextCommit, block(10n), [10n, 10n]],
    ["a stop before the start", block(4n), block(3n), 400],
    ["a stop at the newest never comes where the start is after it", nextCommit, newest, [10n, 9n]],
    ["a stop at the next commit is block 0 and never comes after it", block(4n), nextCommit, [4n, 0n]],
    ["a stop at the next commit comes where the start is block 0", oldest, nextCommit, [0n, 0n]],
    ["a stop of no type likewise", block(4n), {}, [4n, 0n]],
    ["a start beyond the next block is not found, whatever the stop", block(11n), block(3n), 404],
    ["no start", undefined, newest, 400],
    ["no stop", oldest, undefined, 400],
    ["a start of no type is not found", {}, block(10n), 404],
  ];
  for (const [name, start, stop, expected] of cases) {
    it(name, () => expect(resolve(start, stop)).to.deep.equal(expected));
  }
});

describe("deliver › waiting for a block", () => {
  it("ends when the block exists, for those who wait for it and no others", async () => {
    const height = new Height(3n);
    const { signal } = new AbortController();
    const order: string[] = [];
    const fifth = height.reach(5n, signal).then(() => order.push("fifth"));
    const third = height.reach(3n, signal).then(() => order.push("third"));
    await height.reach(2n, signal);
    height.advance(4n);
    await third;
    expect(order).to.deep.equal(["third"]);
    height.advance(6n);
    await fifth;
    expect(order).to.deep.equal(["third", "fifth"]);
  });

  it("ends with the reason when the one who waits goes away, or the chain fails", async () => {
    const height = new Height(0n);
    const leaving = new AbortController();
    const gone = height.reach(0n, leaving.signal).catch((reason: Error) => reason.message);
    leaving.abort(new Error("the client left"));
    expect(await gone).to.equal("the client left");
    const staying = height.reach(0n, new AbortController().signal).catch((reason: Error) => reason.message);
    height.fail(new Error("the disk is full"));
    expect(await staying).to.equal("the disk is full");
    const late = await height.reach(0n, new AbortController().signal).catch((reason: Error) => reason.message);
    expect(late).to.equal("the disk is full");
  });
});
