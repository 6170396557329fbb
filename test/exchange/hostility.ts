import { random } from "../random.js";

type Json = { [member: string]: Json } | Json[] | string | number | boolean | null;

/** What a hostile node sends, as a seed chooses. */
export class Hostility {
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

  ending(): "whole" | "cut" | "slow" {
    return this.pick(["whole", "whole", "whole", "whole", "whole", "whole", "cut", "slow"]);
  }

  status(): number {
    return this.pick([200, 200, 200, 200, 200, 200, 403, 404, 500, 503]);
  }

  /** A request's body: an honest one with something changed, or bytes of any kind. */
  message(honest: unknown): Uint8Array {
    if (this.below(4) > 0) return Buffer.from(JSON.stringify(this.#changed(honest)));
    return this.#bytes(this.pick([10, 1000, 100_000, 300_000]));
  }

  /** An answer: likewise; or frames of a download. */
  answer(honest: unknown): Uint8Array {
    const kind = this.below(20);
    if (kind < 10) return Buffer.from(JSON.stringify(this.#changed(honest)));
    if (kind < 16) return Buffer.concat(Array.from({ length: 1 + this.below(4) }, () => this.#frame(honest)));
    // Larger than any answer can be, seldom.
    return this.#bytes(this.pick([10, 1000, 100_000, 300_000, 300_000, this.below(20) === 0 ? 12_000_000 : 1000]));
  }

  #frame(honest: unknown): Uint8Array {
    const body =
      this.below(2) === 0 ? Buffer.from(JSON.stringify(this.#changed(honest))) : this.#bytes(this.below(5000));
    const header = Buffer.alloc(5);
    header.write(this.pick(["R", "B", "X"]));
    header.writeUInt32BE(this.below(4) > 0 ? body.length : this.below(2 ** 31), 1);
    return Buffer.concat([header, body]);
  }

  #changed(honest: unknown): Json {
    const copy = structuredClone(honest) as Json;
    for (let times = 1 + this.below(3); times > 0; times -= 1) this.#change(copy);
    return copy;
  }

  #change(json: Json): void {
    if (typeof json !== "object" || json === null) return;
    const names = Object.keys(json);
    const name = this.pick(names.length === 0 ? ["x"] : names);
    const members = json as { [member: string]: Json };
    const below = members[name];
    if (typeof below === "object" && below !== null && this.below(4) > 0) this.#change(below);
    else if (this.below(5) === 0) delete members[name];
    else members[name] = this.#value();
  }

  #value(): Json {
    const kinds: (() => Json)[] = [
      () => null,
      () => -1,
      () => Number.MAX_SAFE_INTEGER,
      () => 1e300,
      () => "",
      () => "x".repeat(this.below(200_000)),
      () => "\u0000\ud800".slice(this.below(2)),
      () => "ab".repeat(32),
      () => "../../etc/passwd",
      () => [],
      () => Array.from({ length: this.below(2000) }, () => []),
      () => Object.fromEntries(Array.from({ length: this.below(2000) }, (_, at) => [`m${at}`, at])),
      () => JSON.parse(`${"[".repeat(50)}${"]".repeat(50)}`) as Json,
      () => ({ ["__proto__"]: { a: 1 }, constructor: 1 }),
    ];
    return this.pick(kinds)();
  }

  /** Text that is JSON as far as it goes, or anything. */
  #bytes(length: number): Uint8Array {
    const unit = this.pick(["[", "[],", '"x', "1", "9,", "{}", '{"a":', " ", '"\\u0000",', "\u540d"]);
    const text = Buffer.from(unit.repeat(Math.max(1, Math.floor(length / Buffer.byteLength(unit)))));
    if (this.below(3) > 0) return text;
    const noise = Buffer.alloc(Math.min(length, 2000));
    for (let at = 0; at < noise.length; at += 1) noise[at] = this.below(256);
    return noise;
  }
}
