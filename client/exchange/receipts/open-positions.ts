import type { Instant } from "@wanlian/model/identifiers.js";

/** Positions in one piece of the map: some 250 bytes. */
const PIECE = 1024;
const WORD = 32;

interface Piece {
  readonly bits: Uint32Array;
  count: number;
}

/**
 * Positions of a log that are open, in a bit each: at most 250 bytes for a thousand positions, so that millions are held
 * as easily as one. The times at which they were opened only go on, as positions do.
 */
export class OpenPositions {
  /** By number; those without an open position are let go. */
  #pieces = new Map<number, Piece>();
  /** Where each time begins, in order. */
  readonly #times: { readonly from: number; readonly time: Instant }[] = [];
  #isOrdered = true;
  #last = -1;

  open(position: number, time: Instant): void {
    const number = Math.floor(position / PIECE);
    let piece = this.#pieces.get(number);
    if (piece === undefined) {
      piece = { bits: new Uint32Array(PIECE / WORD), count: 0 };
      this.#pieces.set(number, piece);
      this.#isOrdered &&= position > this.#last;
    }
    const { word, bit } = placeOf(position);
    if (((piece.bits[word] as number) & bit) !== 0) return;
    piece.bits[word] = (piece.bits[word] as number) | bit;
    piece.count += 1;
    this.#last = Math.max(this.#last, position);
    // What was decided before a tick may be filed just behind what was decided after it.
    if (time > (this.#times.at(-1)?.time ?? "")) this.#times.push({ from: position, time });
  }

  close(position: number): void {
    const number = Math.floor(position / PIECE);
    const piece = this.#pieces.get(number);
    const { word, bit } = placeOf(position);
    if (piece === undefined || ((piece.bits[word] as number) & bit) === 0) return;
    piece.bits[word] = (piece.bits[word] as number) & ~bit;
    piece.count -= 1;
    if (piece.count === 0) this.#pieces.delete(number);
  }

  /** How many are open that were opened before an instant; counted no further than `most`. */
  countBefore(before: Instant, most = Number.POSITIVE_INFINITY): number {
    const end = this.#times[this.#firstAt(before)]?.from ?? Number.POSITIVE_INFINITY;
    let count = 0;
    for (const [number, piece] of this.#inOrder()) {
      if (number * PIECE >= end || count >= most) break;
      count += (number + 1) * PIECE <= end ? piece.count : openIn(number, piece).filter((at) => at < end).length;
    }
    return Math.min(count, most);
  }

  /** When the first that is open was opened. */
  oldest(): Instant | undefined {
    const [first] = this.positions();
    return first === undefined ? undefined : this.#times.findLast(({ from }) => from <= first)?.time;
  }

  /** In order. What is closed meanwhile may still come. */
  *positions(): Generator<number> {
    for (const [number, piece] of this.#inOrder()) yield* openIn(number, piece);
  }

  #inOrder(): ReadonlyMap<number, Piece> {
    if (!this.#isOrdered) this.#pieces = new Map([...this.#pieces].sort(([a], [b]) => a - b));
    this.#isOrdered = true;
    return this.#pieces;
  }

  /** Of the times, the first that is not before an instant. */
  #firstAt(instant: Instant): number {
    let low = 0;
    let high = this.#times.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#times[middle]?.time ?? "") < instant) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

function placeOf(position: number): { readonly word: number; readonly bit: number } {
  const at = position % PIECE;
  return { word: Math.floor(at / WORD), bit: 1 << (at % WORD) };
}

function openIn(number: number, { bits }: Piece): number[] {
  const open: number[] = [];
  for (let at = 0; at < PIECE; at += 1) {
    const { word, bit } = placeOf(at);
    if (((bits[word] as number) & bit) !== 0) open.push(number * PIECE + at);
  }
  return open;
}
