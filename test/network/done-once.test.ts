import type { Outcome } from "@wanlian/network/administration/carry-out.js";
import { doneOnce } from "@wanlian/network/administration/done-once.js";
import { NetworkError } from "@wanlian/network/error.js";
import { expect } from "chai";
import { refused, unreachable } from "./scripted-network.js";

const PLACED = { place: { block: 7n, code: 0 } } as Outcome;

describe("a step that another run may have begun", () => {
  /** What it comes to, and how often the plan was looked at; it leaves the plan at the look that is given. */
  async function end(outcome: Outcome | Error, gone: number, withinMs = 60_000) {
    let looks = 0;
    const performed = async () => {
      if (outcome instanceof Error) throw outcome;
      return outcome;
    };
    const isOpen = async () => {
      looks += 1;
      return looks < gone;
    };
    const said = await doneOnce(performed, isOpen, { withinMs, everyMs: 1 }).catch((error: unknown) => error);
    return { said, looks };
  }

  it("is done where it is done, and no plan is asked", async () => {
    expect(await end(PLACED, 1)).to.deep.equal({ said: PLACED, looks: 0 });
  });

  for (const looks of [1, 2, 5]) {
    it(`is done where it is refused and leaves the plan by itself, at look ${looks}`, async () => {
      expect(await end(refused("it is there"), looks)).to.deep.equal({ said: { place: undefined }, looks });
    });
  }

  it("has failed with what it was refused for where it stays in the plan", async () => {
    const { said, looks } = await end(refused("no"), Number.POSITIVE_INFINITY, 20);
    expect(said).to.be.instanceOf(NetworkError).with.property("code", "REFUSED");
    expect(looks).to.be.greaterThan(1);
  });

  it("has failed at once with anything else", async () => {
    const [away, broken] = [unreachable(), new RangeError("a fault")];
    expect(await end(away, 1)).to.deep.equal({ said: away, looks: 0 });
    expect(await end(broken, 1)).to.deep.equal({ said: broken, looks: 0 });
  });
});
