import { type EncodedColumn, MISSING } from "./encoded-table.js";

/**
 * What the values of a column look like: digits, words and signs in a row. A column is regular where a few shapes cover
 * nearly all of it and digits stand in each: codes, amounts with a unit, numbers with a sign.
 */
export interface Shapes {
  /** RE2 for the whole value. */
  readonly pattern: string;
  /** Share of rows whose shape is one of the pattern's. */
  readonly support: number;
  /** By code: whether the value fits. */
  readonly fits: readonly boolean[];
}

/** A shape of fewer rows is an exception. */
const LEAST_SHARE = 0.02;
const LEAST_COVER = 0.9;
/** One word, or one length, in so many of a shape's rows belongs to the shape. */
const DOMINATES = 0.95;
/** What looks in more ways than these has no pattern. */
const MAX_SHAPES = 4;
/** Longer values are sentences. */
const MAX_TOKENS = 12;

const TOKEN = /[0-9]+|\p{L}+|./gsu;

const tokensOf = (value: string): readonly string[] => value.match(TOKEN) ?? [];

function kindOf(token: string): "digits" | "word" | "sign" {
  if (/^[0-9]/.test(token)) return "digits";
  return /^\p{L}/u.test(token) ? "word" : "sign";
}

const SIGNS = { digits: "9", word: "a" } as const;

/** How a value is written: what sort of characters stand where. */
export const formOf = (value: string): string => shapeOf(tokensOf(value));

function shapeOf(tokens: readonly string[]): string {
  return tokens
    .map((token) => (kindOf(token) === "sign" ? token : SIGNS[kindOf(token) as keyof typeof SIGNS]))
    .join("");
}

/** Undefined for a column that is not regular. */
export function shapesOf({ codes, values }: EncodedColumn): Shapes | undefined {
  const counts = countCodes(codes, values.length);
  const present = counts.reduce((sum, count) => sum + count, 0);
  if (present === 0) return undefined;
  const parsed = values.map(tokensOf);
  const shapes = new Map<string, number[]>();
  for (const [code, tokens] of parsed.entries()) {
    const shape = shapeOf(tokens);
    const members = shapes.get(shape);
    if (members === undefined) shapes.set(shape, [code]);
    else members.push(code);
  }
  const rowsOf = (members: readonly number[]) => members.reduce((sum, code) => sum + (counts[code] ?? 0), 0);
  const usual = [...shapes.values()].filter((members) => rowsOf(members) >= LEAST_SHARE * present);
  const cover = usual.reduce((sum, members) => sum + rowsOf(members), 0) / present;
  const regular = usual.every((members) => {
    const tokens = parsed[members[0] ?? 0] ?? [];
    return tokens.length <= MAX_TOKENS && tokens.some((token) => kindOf(token) === "digits");
  });
  if (cover < LEAST_COVER || !regular || usual.length > MAX_SHAPES) return undefined;
  const patterns = usual.map((members) => patternOf(members, parsed, counts)).sort();
  const pattern = patterns.length === 1 ? (patterns[0] as string) : patterns.map((one) => `(${one})`).join("|");
  const whole = new RegExp(`^(?:${pattern})$`, "u");
  return { pattern, support: cover, fits: values.map((value) => whole.test(value)) };
}

function patternOf(members: readonly number[], parsed: readonly (readonly string[])[], counts: Int32Array): string {
  const width = parsed[members[0] ?? 0]?.length ?? 0;
  return Array.from({ length: width }, (_, at) => {
    const texts = new Map<string, number>();
    const lengths = new Map<number, number>();
    let rows = 0;
    for (const code of members) {
      const text = textAt(parsed, code, at);
      const count = counts[code] ?? 0;
      rows += count;
      texts.set(text, (texts.get(text) ?? 0) + count);
      lengths.set(text.length, (lengths.get(text.length) ?? 0) + count);
    }
    const text = textAt(parsed, members[0] ?? 0, at);
    const kind = kindOf(text);
    if (kind === "sign") return escaped(text);
    const [word] = [...texts].find(([, count]) => count >= DOMINATES * rows) ?? [];
    if (kind === "word") return word === undefined ? "\\p{L}+" : escaped(word);
    const [length] = [...lengths].find(([, count]) => count >= DOMINATES * rows) ?? [];
    return length === undefined ? "[0-9]+" : length === 1 ? "[0-9]" : `[0-9]{${length}}`;
  }).join("");
}

const textAt = (parsed: readonly (readonly string[])[], code: number, at: number): string => parsed[code]?.[at] ?? "";

const escaped = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&");

/** Rows of each value. */
export function countCodes(codes: Int32Array, values: number): Int32Array {
  const counts = new Int32Array(values);
  for (const code of codes) if (code !== MISSING) counts[code] = (counts[code] as number) + 1;
  return counts;
}
