import { LedgerAccessError } from "@wanlian/client/ledger/connector.js";
import type { Fate } from "@wanlian/client/submission/ledger-view.js";
import { EnvelopeSender, type Settled } from "@wanlian/client/submission/sender.js";
import type { StoredEnvelope } from "@wanlian/client/submission/store.js";
import { expect } from "chai";

const CLOCK = 4;
const ENVELOPE: StoredEnvelope = {
  ...{ transactionId: "ab".repeat(32), envelope: new Uint8Array(1), attempt: 1, clock: CLOCK, fate: "open" },
};
const INVALID: Fate = { kind: "invalid", code: 11 };

interface World {
  /** The clock's last act, as the fold has it. */
  readonly clock?: number;
  readonly fate?: Fate;
  /** What an orderer says: nothing, if it takes the envelope. */
  readonly says?: LedgerAccessError;
  /** Whether the peer has it in a block. */
  readonly isInBlock?: boolean;
  readonly history?: "fresh" | "resent";
}

/** How an envelope is settled in such a world; what was done for it, and whether anything goes on afterwards. */
async function settle({ clock = CLOCK, fate, says, isInBlock = false, history = "fresh" }: World) {
  const done: string[] = [];
  const given: AbortSignal[] = [];
  const leaving = new AbortController();
  const sender = new EnvelopeSender(
    {
      submit: async () => {
        done.push("submit");
        if (says !== undefined) throw says;
      },
      commitStatus: async () => {
        done.push("ask");
        return isInBlock ? { code: 0, block: 9n } : undefined;
      },
    },
    {
      heads: { head: async (ref) => ({ ...ref, act: clock, next: clock + 1, state: undefined }) as never },
      fate: async () => fate,
      nextBlock: async (signal) => {
        given.push(signal);
        // Nothing comes any more: whoever waits goes when the envelope is settled, or the officer does not wait.
        await new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
      },
    },
  );
  const settled = sender.settle(ENVELOPE, history, leaving.signal);
  const waited = new Promise<"still open">((resolve) => setTimeout(() => resolve("still open"), 20));
  const found: Settled | "still open" | undefined = await Promise.race([settled, waited]);
  const goesOn = given.some((signal) => !signal.aborted);
  leaving.abort();
  return { found: typeof found === "string" ? found : found?.kind, done, goesOn, left: await settled };
}
const rejected = new LedgerAccessError("REJECTED", "FORBIDDEN");
const lost = new LedgerAccessError("UNAVAILABLE", "the connection was lost");

describe("an envelope on its way", () => {
  const TABLE: readonly (readonly [title: string, world: World, found: string, done: readonly string[]])[] = [
    ["is settled by what the fold found", { fate: INVALID }, "invalid", ["submit"]],
    ["by what it found, though a tick has passed", { fate: INVALID, clock: CLOCK + 1 }, "invalid", ["submit"]],
    ["lapses with the tick after the one in its basis", { clock: CLOCK + 1 }, "lapsed", ["submit"]],
    ["is open while that tick is the last", { clock: CLOCK }, "still open", ["submit"]],
    ["is refused by an orderer that has it for the first time", { says: rejected }, "rejected", ["submit"]],
    [
      "is open where an orderer refuses what another may have taken",
      { says: rejected, history: "resent" },
      "still open",
      ["ask", "submit"],
    ],
    ["is open where nobody answered", { says: lost }, "still open", ["submit"]],
    ["is not sent again once it is in a block", { isInBlock: true, history: "resent" }, "still open", ["ask"]],
  ];
  for (const [title, world, found, done] of TABLE) {
    it(`${title}: ${found}`, async () => {
      const settled = await settle(world);
      expect(settled).to.include({ found, goesOn: found === "still open" });
      expect(settled.done).to.deep.equal(done);
    });
  }

  it("is left as it is by an officer who does not wait, and nothing goes on for it", async () => {
    expect((await settle({})).left).to.equal(undefined);
  });
});
