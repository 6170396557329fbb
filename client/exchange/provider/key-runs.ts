import { createHmac, randomBytes } from "node:crypto";
import type { AccessRequest, Subject } from "../../access/index.js";
import { Recent } from "../../core/index.js";

/** Keys of one consumer and dataset that are remembered, by their tags. */
const REMEMBERED_KEYS = 4000;
/** Consumers with their datasets that are remembered. */
const REMEMBERED_PAIRS = 500;
/** So near a key follows upon another: a step of a scan may be larger than one. */
const NEAR = 4;
const TAG_BYTES = 8;
/** Shorter numbers are near each other by chance. */
const FEWEST_DIGITS = 4;
const MOST_DIGITS = 18;

/** Look-ups and checks of an hour by one consumer in one dataset, and those whose key follows upon others. */
export interface CountedRuns {
  readonly consumer: string;
  readonly dataset: string;
  readonly asked: number;
  readonly following: number;
}

/**
 * Counts keys that are gone through one after the other. Which they are is kept nowhere: of each there is a tag under a key
 * that this process alone has and never writes down, and of those only the last few thousand.
 */
export class KeyRuns {
  readonly #key = randomBytes(32);
  readonly #known = new Recent<string, Recent<string, true>>(REMEMBERED_PAIRS);
  #counts = new Map<string, { consumer: string; dataset: string; asked: number; following: number }>();

  /** Takes note of what is looked up or checked. */
  note({ consumer, dataset }: Pick<AccessRequest, "consumer" | "dataset">, subject: Subject): void {
    const pair = `${consumer} ${dataset}`;
    const known = this.#known.get(pair) ?? new Recent<string, true>(REMEMBERED_KEYS);
    this.#known.set(pair, known);
    const counts = this.#counts.get(pair) ?? { consumer, dataset, asked: 0, following: 0 };
    this.#counts.set(pair, counts);
    counts.asked += 1;
    let follows = false;
    for (const [field, value] of Object.entries(subject)) {
      const number = numberIn(value);
      if (number === undefined) continue;
      const own = this.#tag(field, number.frame, number.value);
      // Who asks twice for one key goes through none.
      if (known.get(own) === true) continue;
      for (let step = 1n; step <= NEAR && !follows; step += 1n) {
        follows =
          known.get(this.#tag(field, number.frame, number.value - step)) === true ||
          known.get(this.#tag(field, number.frame, number.value + step)) === true;
      }
      known.set(own, true);
    }
    if (follows) counts.following += 1;
  }

  /** What was counted since it was last taken. */
  take(): CountedRuns[] {
    const counts = [...this.#counts.values()];
    this.#counts = new Map();
    return counts;
  }

  #tag(field: string, frame: string, value: bigint): string {
    const text = `${field}\u0000${frame}\u0000${value}`;
    return createHmac("sha256", this.#key).update(text).digest().toString("latin1", 0, TAG_BYTES);
  }
}

/** The last number in a value, and what stands around it. Of a citizen's number the check digit says nothing. */
function numberIn(value: string): { readonly frame: string; readonly value: bigint } | undefined {
  const citizen = /^(\d{17})[\dXx]$/.exec(value)?.[1];
  if (citizen !== undefined) return { frame: "", value: BigInt(citizen) };
  const found = /^(.*?)(\d+)(\D*)$/s.exec(value);
  const [, before = "", digits = "", after = ""] = found ?? [];
  if (digits.length < FEWEST_DIGITS || digits.length > MOST_DIGITS) return undefined;
  return { frame: `${before}\u0000${after}`, value: BigInt(digits) };
}
