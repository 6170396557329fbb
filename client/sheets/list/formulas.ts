/**
 * What a spreadsheet takes for a formula and runs, full-width signs included, which Excel reads alike. An apostrophe before it
 * makes it a text; one that stands there already gets another, so that what comes back is what went out.
 */
const FORMULA = /^'*[=+\-@\t\r＝＋－＠]/u;
const DEFUSED = /^'+[=+\-@\t\r＝＋－＠]/u;

/** A cell that no spreadsheet runs. */
export const defused = (cell: string): string => (FORMULA.test(cell) ? `'${cell}` : cell);

/** A cell as it was before {@link defused}. */
export const undefused = (cell: string): string => (DEFUSED.test(cell) ? cell.slice(1) : cell);
