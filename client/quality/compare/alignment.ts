import { QualityError } from "../../core/index.js";
import { type EncodedColumn, MISSING } from "../profile/encoded-table.js";
import { type Grouping, groupBy } from "../profile/groups.js";
import { comparable } from "./meaning.js";
import { endOf, nearness, startOf } from "./near.js";

/** Writings of one thing's name that were taken for one, with the sources that have each. */
export interface Joined {
  readonly writings: readonly { readonly name: string; readonly sources: readonly string[] }[];
}

export interface Alignment extends Grouping {
  readonly joined: readonly Joined[];
  /** Names that are near to two that one source tells apart: left as they are. */
  readonly ambiguous: number;
}

/** Names that begin or end alike are compared each with each. */
const MOST_ALIKE = 3000;

/**
 * Which rows are about the same thing: those with the same key, and, where names are given, whose names are nearly the
 * same. Two names are one only where no source has both, each is the nearest that the other has in its sources, and no
 * other is as near.
 * @param names columns that are compared nearly; how they are typed (width, blanks, capitals) makes no difference
 * @throws QualityError CHECK_TOO_LARGE where too many names begin or end alike
 */
export function align(
  sources: EncodedColumn,
  key: readonly EncodedColumn[],
  names: readonly EncodedColumn[],
): Alignment {
  if (names.length === 0) return { ...groupBy(key), joined: [], ambiguous: 0 };
  const blocks = key.length === 0 ? undefined : groupBy(key);
  const units = unitsOf(sources, blocks, names);
  const joining = new Joining(units.list);
  for (const block of units.byBlock.values()) joining.join(block);
  return joining.finish(units.of, sources);
}

/** Rows with one key and one name. */
interface Unit {
  readonly name: string;
  readonly sources: Set<number>;
}

interface Units {
  /** By row. */
  readonly of: Int32Array;
  readonly list: readonly Unit[];
  readonly byBlock: ReadonlyMap<number, readonly number[]>;
}

function unitsOf(sources: EncodedColumn, blocks: Grouping | undefined, names: readonly EncodedColumn[]): Units {
  const plain = names.map(({ values }) => values.map((value) => comparable(value, "text")));
  const of = new Int32Array(sources.codes.length).fill(MISSING);
  const list: Unit[] = [];
  const byBlock = new Map<number, number[]>();
  const known = new Map<string, number>();
  for (let row = 0; row < of.length; row += 1) {
    const block = blocks === undefined ? 0 : (blocks.groups[row] as number);
    const parts = names.map(({ codes }, at) => plain[at]?.[codes[row] as number]);
    if (block === MISSING || parts.includes(undefined)) continue;
    const name = parts.join(" ");
    const id = `${block} ${name}`;
    let unit = known.get(id);
    if (unit === undefined) {
      unit = list.push({ name, sources: new Set() }) - 1;
      known.set(id, unit);
      const members = byBlock.get(block) ?? [];
      byBlock.set(block, members);
      members.push(unit);
    }
    list[unit]?.sources.add(sources.codes[row] as number);
    of[row] = unit;
  }
  return { of, list, byBlock };
}

class Joining {
  readonly #units: readonly Unit[];
  /** By unit: the one that stands for all that it is joined with. */
  readonly #head: number[];
  readonly #sources: Set<number>[];
  #ambiguous = 0;

  constructor(units: readonly Unit[]) {
    this.#units = units;
    this.#head = units.map((_, at) => at);
    this.#sources = units.map(({ sources }) => new Set(sources));
  }

  join(block: readonly number[]): void {
    const near = this.#neighbours(block);
    const pairs: { a: number; b: number; distance: number }[] = [];
    for (const [a, others] of near) {
      for (const [b, distance] of others) {
        if (a < b && this.#isNearest(near, a, b) && this.#isNearest(near, b, a)) pairs.push({ a, b, distance });
      }
      if (others.size > 0 && ![...others.keys()].some((b) => this.#isNearest(near, a, b))) this.#ambiguous += 1;
    }
    pairs.sort((x, y) => x.distance - y.distance || x.a - y.a || x.b - y.b);
    for (const { a, b } of pairs) this.#unite(this.#headOf(a), this.#headOf(b));
  }

  /** By unit: those that may be the same, with how far they are. */
  #neighbours(block: readonly number[]): Map<number, Map<number, number>> {
    const near = new Map<number, Map<number, number>>();
    const put = (a: number, b: number, distance: number) => {
      const others = near.get(a) ?? new Map<number, number>();
      near.set(a, others);
      others.set(b, distance);
    };
    for (const alike of this.#alike(block)) {
      if (alike.length > MOST_ALIKE) {
        const what = `${alike.length} names begin or end alike: give a key beside them that is exact`;
        throw new QualityError("CHECK_TOO_LARGE", what);
      }
      for (const [at, a] of alike.entries()) {
        for (const b of alike.slice(at + 1)) {
          const [one, other] = [this.#units[a] as Unit, this.#units[b] as Unit];
          if (!isDisjoint(one.sources, other.sources)) continue;
          const distance = nearness(one.name, other.name);
          if (distance === undefined) continue;
          put(a, b, distance);
          put(b, a, distance);
        }
      }
    }
    return near;
  }

  #alike(block: readonly number[]): Iterable<readonly number[]> {
    const alike = new Map<string, number[]>();
    for (const unit of block) {
      const { name } = this.#units[unit] as Unit;
      for (const place of [`< ${startOf(name)}`, `> ${endOf(name)}`]) {
        const members = alike.get(place) ?? [];
        alike.set(place, members);
        members.push(unit);
      }
    }
    return alike.values();
  }

  /** Whether, of all that are near to a, b is the nearest of each of its sources, and no other is as near. */
  #isNearest(near: ReadonlyMap<number, ReadonlyMap<number, number>>, a: number, b: number): boolean {
    const others = near.get(a) ?? new Map<number, number>();
    const distance = others.get(b) ?? 0;
    const { sources } = this.#units[b] as Unit;
    for (const [other, far] of others) {
      if (other === b || far > distance) continue;
      if (!isDisjoint(sources, (this.#units[other] as Unit).sources)) return false;
    }
    return true;
  }

  #headOf(unit: number): number {
    let at = unit;
    while (this.#head[at] !== at) at = this.#head[at] as number;
    return at;
  }

  #unite(a: number, b: number): void {
    const [one, other] = [this.#sources[a] as Set<number>, this.#sources[b] as Set<number>];
    if (a === b || !isDisjoint(one, other)) return;
    this.#head[b] = a;
    for (const source of other) one.add(source);
  }

  finish(of: Int32Array, { values }: EncodedColumn): Alignment {
    const members = new Map<number, number[]>();
    for (const unit of this.#units.keys()) {
      const head = this.#headOf(unit);
      const all = members.get(head) ?? [];
      members.set(head, all);
      all.push(unit);
    }
    const numbers = new Map([...members.keys()].map((head, at) => [head, at]));
    const groups = of.map((unit) => (unit === MISSING ? MISSING : (numbers.get(this.#headOf(unit)) ?? MISSING)));
    const joined = [...members.values()]
      .filter(({ length }) => length > 1)
      .map((units) => ({
        writings: units.map((unit) => {
          const { name, sources } = this.#units[unit] as Unit;
          return { name, sources: [...sources].map((source) => values[source] ?? "") };
        }),
      }));
    return { groups, count: members.size, joined, ambiguous: this.#ambiguous };
  }
}

function isDisjoint(a: ReadonlySet<number>, b: ReadonlySet<number>): boolean {
  for (const one of a) if (b.has(one)) return false;
  return true;
}
