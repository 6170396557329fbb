/** Digits on either side of the point: what a filter names has fewer, and a cell with more is no measure of anything. */
const MAX_DIGITS = 64;
const DECIMAL = new RegExp(`^(-?)([0-9]{1,${MAX_DIGITS}})(?:\\.([0-9]{1,${MAX_DIGITS}}))?$`);

/** A decimal number as it is written: no float is made of it, so that none is rounded. */
export interface Decimal {
  readonly negative: boolean;
  /** Without leading noughts. */
  readonly whole: string;
  /** Without noughts at its end. */
  readonly fraction: string;
}

/** `-12`, `3.50`; undefined of any other text, `1e3`, `12,000` and `＋1` among them. */
export function parseDecimal(text: string): Decimal | undefined {
  const [, sign, whole, fraction = ""] = DECIMAL.exec(text) ?? [];
  if (whole === undefined) return undefined;
  const parts = { whole: whole.replace(/^0+/, ""), fraction: fraction.replace(/0+$/, "") };
  return { negative: sign === "-" && (parts.whole !== "" || parts.fraction !== ""), ...parts };
}

/** Below nought where `a` is less, nought where they are equal. */
export function compareDecimals(a: Decimal, b: Decimal): number {
  if (a.negative !== b.negative) return a.negative ? -1 : 1;
  const bySize = compareSizes(a, b);
  return a.negative ? -bySize : bySize;
}

function compareSizes(a: Decimal, b: Decimal): number {
  if (a.whole.length !== b.whole.length) return a.whole.length - b.whole.length;
  if (a.whole !== b.whole) return a.whole < b.whole ? -1 : 1;
  if (a.fraction === b.fraction) return 0;
  return a.fraction < b.fraction ? -1 : 1;
}
