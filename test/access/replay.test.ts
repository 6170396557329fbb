import { checkGrant, isFresh, REQUEST_LIFE_SECONDS, ReplayGuard } from "@wanlian/client/access";
import type { LedgerPosition, LedgerPresent } from "@wanlian/client/read/ledger-reader.js";
import type { Digest, Instant } from "@wanlian/model/identifiers.js";
import { model1 } from "@wanlian/model/model-1/model.js";
import { addSeconds } from "@wanlian/model/time/instant.js";
import type { AccessRequest } from "@wanlian/verify";
import { expect } from "chai";

const NOW = "2026-03-02T12:00:00Z" as Instant;
const later = (seconds: number): Instant => addSeconds(NOW, seconds);
const position = (time: Instant, height = 9): LedgerPosition => ({ height, hash: "ab".repeat(32), time }) as never;

describe("a request's time", () => {
  const TABLE: readonly [string, number, boolean][] = [
    ["is that of the ledger as it stands", 0, true],
    ["lies back as far as a request lives", -REQUEST_LIFE_SECONDS, true],
    ["lies back a second more", -REQUEST_LIFE_SECONDS - 1, false],
    ["is ahead of what is known here", 1, false],
  ];
  for (const [what, seconds, fresh] of TABLE) {
    it(`${what}: ${fresh ? "answered" : "refused"}`, () => {
      expect(isFresh(later(seconds), position(NOW))).to.equal(fresh);
    });
  }
});

describe("a request that comes again", () => {
  const [one, other, third] = ["1", "2", "3"].map((digit) => digit.repeat(64)) as [Digest, Digest, Digest];
  const WINDOW = 2 * REQUEST_LIFE_SECONDS;

  it("is refused for as long as it lives, whenever in a window it came first", () => {
    for (const first of [0, 1, WINDOW - 1, WINDOW]) {
      const guard = new ReplayGuard();
      expect(guard.admit(other, NOW)).to.equal(true);
      expect(guard.admit(one, later(first))).to.equal(true);
      for (const since of [0, 1, REQUEST_LIFE_SECONDS]) {
        expect(guard.admit(one, later(first + since)), `first at ${first}, again after ${since}`).to.equal(false);
      }
    }
  });

  it("is refused where it was answered before the node began", () => {
    const guard = new ReplayGuard([one]);
    expect([guard.admit(one, NOW), guard.admit(other, NOW)]).to.deep.equal([false, true]);
  });

  it("is forgotten once two windows have passed: what is so old is refused by its time", () => {
    const guard = new ReplayGuard([one]);
    expect(guard.admit(other, NOW)).to.equal(true);
    expect(guard.admit(third, later(WINDOW)), "within the first window").to.equal(true);
    expect(guard.admit(one, later(WINDOW + 1)), "in the one before").to.equal(false);
    expect(guard.admit(third, later(2 * WINDOW + 1)), "in the one before").to.equal(false);
    expect(guard.admit(one, later(2 * WINDOW + 2)), "in none").to.equal(true);
  });
});

describe("a look at the ledger for a request", () => {
  /** A ledger that a block comes to during each of the first looks. */
  function moving(blocks: number): LedgerPresent & { looks: number } {
    let height = 9;
    const ledger = {
      looks: 0,
      position: () => position(NOW, height),
      reading: () => model1.reading,
      head: async () => undefined,
      openObjections: async () => {
        ledger.looks += 1;
        if (ledger.looks <= blocks) height += 1;
        return [];
      },
    };
    return ledger as unknown as LedgerPresent & { looks: number };
  }
  const request = { grant: "g", release: "r", consumer: "c", dataset: "d" } as unknown as AccessRequest;

  for (const [blocks, looks, height] of [
    [0, 1, 9],
    [1, 2, 10],
    [4, 5, 13],
    [99, 5, 13],
  ] as const) {
    it(`is of one height: looked at ${looks} times where ${blocks} blocks come meanwhile`, async () => {
      const ledger = moving(blocks);
      const ruling = await checkGrant(request, ledger);
      expect([ledger.looks, ruling.position.height, ruling.refusal]).to.deep.equal([looks, height, "NOT_A_MEMBER"]);
    });
  }
});
