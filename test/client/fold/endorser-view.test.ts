import { endorserView } from "@wanlian/client/fold/endorser-view.js";
import type { HeadCache } from "@wanlian/client/fold/heads.js";
import { canonicalBytes } from "@wanlian/model/canonical.js";
import { LedgerError } from "@wanlian/model/errors.js";
import type { BasisEntry } from "@wanlian/model/kernel/act.js";
import { expect } from "chai";

const CASE = { noun: "demand", case: "births" };

describe("the ledger as the endorser sees it who knows least of void acts", () => {
  /** A case of which these numbers count, each by a transaction of its own, and what void acts wrote. */
  function view(counting: readonly number[], unused: number, left: Readonly<Record<string, string>> = {}) {
    const heads = {
      head: async () => ({ next: unused }),
      firstCounted: async (_: unknown, from: number) => {
        const number = counting.find((one) => one >= from);
        return number === undefined ? undefined : { act: { number }, transaction: `t${number}` };
      },
      left: {
        value: async ({ number }: { number: number }, transaction: string) => left[`${number} ${transaction}`],
        isFree: async ({ number }: { number: number }) =>
          !Object.keys(left).some((key) => key.startsWith(`${number} `)),
      },
    };
    return endorserView(heads as unknown as HeadCache);
  }

  const entry = (act: number, next: number | undefined, transaction = `t${act}`): BasisEntry =>
    ({ ...CASE, act, transaction, ...(next === undefined ? {} : { next }) }) as unknown as BasisEntry;

  const table: [title: string, basis: BasisEntry, counting: number[], unused: number, outcome: string][] = [
    ["takes an act that nothing followed", entry(1, 2), [1], 2, "passes"],
    ["asks nothing of a basis that names no next number", entry(1, undefined), [1, 2], 3, "passes"],
    ["passes over numbers that have been used in vain", entry(1, 4), [1], 4, "passes"],
    ["passes over some of them", entry(1, 3), [1], 4, "passes"],
    ["passes over no number that nobody has used", entry(1, 4), [1], 3, "NOT_YET"],
    ["passes over none by an act that does not count", entry(2, 4), [1], 4, "VOID_BASIS"],
    ["passes over none by an act of another transaction", entry(1, 3, "t9"), [1], 3, "VOID_BASIS"],
    ["passes over none that counts", entry(1, 4), [1, 3], 5, "MOVED"],
    ["passes up to one that counts", entry(1, 3), [1, 3], 5, "passes"],
    ["passes over what was in vain from the beginning", entry(0, 3), [], 3, "passes"],
    ["passes over none from the beginning where one counts", entry(0, 3), [1], 3, "MOVED"],
  ];
  for (const [title, basis, counting, unused, outcome] of table) {
    it(title, async () => {
      const checked = async () => await view(counting, unused).check(basis);
      const code = await checked().then(
        () => "passes",
        (error: unknown) => (error instanceof LedgerError ? error.code : String(error)),
      );
      expect(code).to.equal(outcome);
    });
  }

  it("reads an act that counts, and else what a void one left there, each by its transaction", async () => {
    const seen = view([1], 4, { "2 t2": "void", "1 t0": "older" });
    const at = (number: number) => ({ ...CASE, number }) as never;
    expect(await seen.value(at(1), "t1" as never)).to.deep.equal(canonicalBytes({ number: 1 }));
    expect(await seen.value(at(1), "t0" as never)).to.equal("older");
    expect(await seen.value(at(2), "t2" as never)).to.equal("void");
    expect(await seen.value(at(2), "t1" as never)).to.equal(undefined);
  });

  it("finds a number free where neither stands", async () => {
    const seen = view([1], 4, { "2 t2": "void" });
    const free = await Promise.all([1, 2, 3].map((number) => seen.isFree({ ...CASE, number } as never)));
    expect(free).to.deep.equal([false, false, true]);
  });
});
