import { hash } from "node:crypto";

/** Of one verifier's trust, or of one configuration: an evidence file has some dozen, and files of one channel share them. */
const MAX_REMEMBERED = 2_000;

/**
 * What was verified from the same bytes under the same trust is not verified again: the bytes are the name it is found
 * by, so that a changed part is another. What did not hold is not remembered.
 */
export class VerifiedBefore<Under extends object, T> {
  readonly #known = new WeakMap<Under, Map<string, T>>();

  /** @param from everything that the result depends on, beside `under` */
  async find(under: Under, from: readonly string[], verify: () => Promise<T>): Promise<T> {
    const known = this.#known.get(under) ?? new Map<string, T>();
    this.#known.set(under, known);
    const name = nameOf(from);
    const found = known.get(name);
    if (found !== undefined) return found;
    const verified = await verify();
    if (known.size >= MAX_REMEMBERED) known.clear();
    known.set(name, verified);
    return verified;
  }
}

/** No two lists have one name: each text goes in after its length. */
function nameOf(texts: readonly string[]): string {
  return hash("sha256", texts.map((text) => `${text.length} ${text}`).join(""), "hex");
}
