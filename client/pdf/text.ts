/** What no font has a letter for, and what no letter can be: shown as such, and never handed on to a reader of the file. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const NO_LETTER = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\ufffe\uffff]/g;

/** The text as it can be printed: line breaks in one form, a mark in place of what is no letter. */
export const printable = (text: string): string =>
  text.replace(/\r\n?/g, "\n").replace(/\t/g, " ").toWellFormed().replace(NO_LETTER, "\ufffd");

/**
 * The longest beginning of a text that fits, and what is left of it. Cut after a space where there is one near, else between
 * two letters; at least one letter fits, so that what is left always becomes less.
 */
export function cutText(text: string, fits: (beginning: string) => boolean): { fitting: string; left: string } {
  if (fits(text)) return { fitting: text, left: "" };
  const letters = [...text];
  let [most, tooMany] = [1, letters.length];
  while (tooMany - most > 1) {
    const middle = Math.floor((most + tooMany) / 2);
    if (fits(letters.slice(0, middle).join(""))) most = middle;
    else tooMany = middle;
  }
  const space = letters.lastIndexOf(" ", most - 1);
  let cut = space > most - LONGEST_WORD && space > 0 ? space + 1 : most;
  while (cut > 1 && NOT_FIRST.test(letters[cut] ?? "")) cut--;
  return { fitting: letters.slice(0, cut).join(""), left: letters.slice(cut).join("") };
}

/** What does not begin a line in Chinese. */
const NOT_FIRST = /[，。、；：？！）》」』】〉”’,.;:?!)\]}%]/;

/** Letters that are looked back for a space. */
const LONGEST_WORD = 30;
