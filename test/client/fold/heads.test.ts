import { HeadCache, type HeadStore } from "@wanlian/client/fold/heads.js";
import type { TransactionId } from "@wanlian/model/identifiers.js";
import type { Act } from "@wanlian/model/kernel/act.js";
import { type Head, NO_ACTS } from "@wanlian/model/kernel/heads.js";
import { caseName } from "@wanlian/model/kernel/key.js";
import { expect } from "chai";
import fc from "fast-check";
import { MemoryHeads, NOTHING_STORED } from "../../model/memory-heads.js";

const CASES = 40;
const refOf = (place: number) => ({ noun: "demand", case: `case-${place}` });
type Ref = ReturnType<typeof refOf>;

/** What the projection's tables know: rows of cases in which something counted, and numbers that void acts used. */
class TablesInMemory implements HeadStore {
  readonly #rows = new Map<string, Head>();
  readonly #voids = new Map<string, Set<number>>();

  write(ref: Ref, head: Head, voids: readonly number[]): void {
    if (head.act > 0) this.#rows.set(caseName(ref), head);
    if (voids.length > 0)
      this.#voids.set(caseName(ref), new Set([...(this.#voids.get(caseName(ref)) ?? []), ...voids]));
  }

  async load(ref: Ref): Promise<Head> {
    const row = this.#rows.get(caseName(ref));
    if (row !== undefined) return row;
    let { next } = NO_ACTS;
    while (this.#voids.get(caseName(ref))?.has(next)) next += 1;
    return { ...NO_ACTS, next };
  }

  async loadAll(noun: string, ids: readonly string[]): Promise<ReadonlyMap<string, Head>> {
    const found = ids.map((id) => [id, this.#rows.get(caseName({ noun, case: id }))] as const);
    return new Map(found.filter((entry): entry is [string, Head] => entry[1] !== undefined));
  }

  async taken(ref: Ref): Promise<number[]> {
    const { next } = await this.load(ref);
    return [...(this.#voids.get(caseName(ref)) ?? [])].filter((number) => number >= next);
  }

  async touched(): Promise<string[]> {
    return [...this.#voids.keys()];
  }

  readonly firstCounted = NOTHING_STORED.firstCounted;
  readonly left = NOTHING_STORED.left;
  readonly leftUnder = NOTHING_STORED.leftUnder;
}

/** A transaction: an act that counts in one case, or numbers that a void one uses in a few, or in most of them. */
const place = fc.nat(CASES - 1);
const number = fc.integer({ min: 1, max: 6 });
const step = fc.oneof(
  fc.record({ counted: place }),
  fc.record({ used: fc.array(fc.tuple(place, number), { minLength: 1, maxLength: 4 }) }),
  fc.tuple(fc.uniqueArray(place, { minLength: 20 }), number).map(([places, one]) => ({
    used: places.map((each): [number, number] => [each, one]),
  })),
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

describe("heads", () => {
  it("are the same however few of them a node remembers, and whenever it was restarted", async () => {
    const batches = fc.array(fc.record({ steps: fc.array(step, { maxLength: 6 }), restart: fc.boolean() }), {
      maxLength: 12,
    });
    await fc.assert(
      fc.asyncProperty(batches, fc.constantFrom(0, 3, 1_000), async (made, remembers) => {
        const reckoned = new MemoryHeads();
        const tables = new TablesInMemory();
        let cache = new HeadCache(tables, remembers);
        for (const { steps, restart } of made) {
          const written = new Map<Ref, number[]>();
          for (const one of steps) await take(one, cache, reckoned, written);
          for (const [ref, voids] of written) tables.write(ref, await cache.head(ref), voids);
          cache.committed();
          if (restart) cache = new HeadCache(tables, remembers);
        }
        for (let place = 0; place < CASES; place += 1) {
          expect(await cache.head(refOf(place)), `case ${place}`).to.deep.equal(reckoned.head(refOf(place)));
        }
      }),
      { numRuns: 300 },
    );
  });
});

const REFS = Array.from({ length: CASES }, (_, place) => refOf(place));
const ref = (place: number): Ref => REFS[place] ?? expect.fail("no such case");

async function take(made: Step, cache: HeadCache, reckoned: MemoryHeads, written: Map<Ref, number[]>): Promise<void> {
  if ("counted" in made) {
    const one = ref(made.counted);
    const { next } = reckoned.head(one);
    expect((await cache.head(one)).next, `next number of ${one.case}`).to.equal(next);
    const counted = {
      act: { ...one, number: next, state: { status: `after ${next}` } } as unknown as Act,
      transaction: `${one.case}/${next}` as TransactionId,
    };
    written.set(one, written.get(one) ?? []);
    reckoned.use(one, [next], counted);
    await cache.use(one, [next], counted);
    return;
  }
  const byCase = new Map<Ref, number[]>();
  for (const [place, number] of made.used) byCase.set(ref(place), [...(byCase.get(ref(place)) ?? []), number]);
  await cache.prepare([...byCase.keys()]);
  for (const [one, numbers] of byCase) {
    written.set(one, [...(written.get(one) ?? []), ...numbers]);
    reckoned.use(one, numbers);
    await cache.use(one, numbers);
  }
}
