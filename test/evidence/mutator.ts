import { canonicalJson } from "@wanlian/model/canonical.js";
import type { EvidenceFile } from "@wanlian/verify/evidence-file.js";
import { random } from "../random.js";

/** A bundle as what it is to an attacker: JSON. */
type Part = { [member: string]: Part } | Part[] | string | number | boolean | null;

/** Where a part stands in a bundle. */
type Path = readonly (string | number)[];

/** Signs a record anew with a key that the attacker has. */
export type ReSign = (record: unknown) => Promise<string>;

/** What an attacker does to evidence; each gives a text that says what was done. */
const ATTACKS = ["change", "drop", "swap", "repeat", "resign"] as const;

/**
 * Makes mutants of genuine evidence: a part, or two, changed, left out, exchanged for another bundle's or for one next to
 * it, repeated, or signed anew with keys that the attacker has.
 */
export class Mutator {
  readonly #genuine: readonly EvidenceFile[];
  readonly #random: Choices;
  readonly #resign: ReSign;

  constructor(genuine: readonly EvidenceFile[], seed: number, resign: ReSign) {
    this.#genuine = genuine;
    this.#random = new Choices(seed);
    this.#resign = resign;
  }

  async next(): Promise<{ readonly mutant: unknown; readonly done: string }> {
    const from = this.#random.pick(this.#genuine);
    const mutant = structuredClone(from) as unknown as { [member: string]: Part };
    const done = [await this.#attack(mutant)];
    if (this.#random.below(2) === 1) done.push(await this.#attack(mutant));
    return { mutant, done: done.join("; ") };
  }

  async #attack(mutant: { [member: string]: Part }): Promise<string> {
    const attack = this.#random.pick(ATTACKS);
    if (attack === "resign") return await this.#signAnew(mutant);
    // Each member has the same chance, however many parts it has below it.
    const member = this.#random.pick(Object.keys(mutant));
    const path = this.#random.pick([[member], ...pathsIn(mutant[member] as Part, [member])].slice(0, 400));
    const where = `${attack} ${path.join("/")}`;
    switch (attack) {
      case "change":
        change(mutant, path, this.#changed(at(mutant, path)));
        return where;
      case "drop":
        drop(mutant, path);
        return where;
      case "swap":
        this.#swap(mutant, path);
        return where;
      case "repeat":
        this.#repeat(mutant, path);
        return where;
    }
  }

  #changed(part: Part): Part {
    if (typeof part === "number") return this.#random.below(2) === 0 ? part + 1 : this.#random.below(5);
    if (typeof part === "boolean") return !part;
    if (typeof part === "string") return this.#changedText(part);
    if (Array.isArray(part)) return [...part].reverse();
    return {};
  }

  /** Inside what is coded as text, too: a record's JSON, a block's bytes. */
  #changedText(text: string): string {
    const bytes = Buffer.from(text, "base64");
    const json = readJson(bytes);
    if (json !== undefined) {
      const path = this.#random.pick(pathsIn(json, []));
      change(json, path, this.#changed(at(json, path)));
      return Buffer.from(canonicalJson(json)).toString("base64");
    }
    const index = this.#random.below(Math.max(1, text.length));
    const other = text[index] === "0" ? "1" : "0";
    return `${text.slice(0, index)}${other}${text.slice(index + 1)}`;
  }

  #swap(mutant: Part, path: Path): void {
    const other = this.#random.pick(this.#genuine) as unknown as Part;
    const parent = at(mutant, path.slice(0, -1));
    if (Array.isArray(parent) && parent.length > 1 && this.#random.below(2) === 0) {
      const [first, second] = [this.#random.below(parent.length), this.#random.below(parent.length)];
      [parent[first], parent[second]] = [parent[second] as Part, parent[first] as Part];
      return;
    }
    const theirs = at(other, path);
    if (theirs !== undefined) change(mutant, path, structuredClone(theirs));
  }

  #repeat(mutant: Part, path: Path): void {
    const part = at(mutant, path);
    const list = [part, at(mutant, path.slice(0, -1))].find((one) => Array.isArray(one));
    if (Array.isArray(list) && list.length > 0) list.push(structuredClone(this.#random.pick(list)));
  }

  async #signAnew(mutant: { [member: string]: Part }): Promise<string> {
    const place = mutant.record as { entry?: Part } | undefined;
    const json = readJson(Buffer.from(String(place?.entry ?? ""), "base64")) as { record?: Part } | undefined;
    if (place === undefined || json?.record === undefined) return "nothing";
    const path = this.#random.pick(pathsIn(json.record, []));
    change(json.record, path, this.#changed(at(json.record, path)));
    const signature = await this.#resign(json.record);
    place.entry = Buffer.from(canonicalJson({ record: json.record, signature })).toString("base64");
    return `resign record/${path.join("/")}`;
  }
}

/** What a seed chooses. */
class Choices {
  readonly #next: () => number;

  constructor(seed: number) {
    this.#next = random(seed);
  }

  below(end: number): number {
    return Math.floor(this.#next() * end);
  }

  pick<T>(from: readonly T[]): T {
    return from[this.below(from.length)] as T;
  }
}

/** All parts below a part. */
function pathsIn(part: Part, path: Path): Path[] {
  if (typeof part !== "object" || part === null) return [];
  const members: [string | number, Part][] = Array.isArray(part) ? [...part.entries()] : Object.entries(part);
  return members.flatMap(([name, value]) => [[...path, name], ...pathsIn(value, [...path, name])]);
}

function at(part: Part, path: Path): Part {
  let found: Part | undefined = part;
  for (const name of path) {
    found = typeof found === "object" && found !== null ? (found as Record<string | number, Part>)[name] : undefined;
  }
  return found as Part;
}

function change(part: Part, path: Path, value: Part): void {
  const parent = at(part, path.slice(0, -1));
  const name = path.at(-1);
  if (typeof parent === "object" && parent !== null && name !== undefined) {
    (parent as Record<string | number, Part>)[name] = value;
  }
}

function drop(part: Part, path: Path): void {
  const parent = at(part, path.slice(0, -1));
  const name = path.at(-1);
  if (Array.isArray(parent)) parent.splice(Number(name), 1);
  else if (typeof parent === "object" && parent !== null && name !== undefined) delete parent[name];
}

function readJson(bytes: Uint8Array): Part | undefined {
  try {
    const value = JSON.parse(Buffer.from(bytes).toString("utf8")) as Part;
    return typeof value === "object" && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}
