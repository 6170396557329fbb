/** How many places a text takes on a screen: East Asian wide and full-width characters take two (UAX #11). */
export function screenWidth(text: string): number {
  return [...text].reduce((sum, character) => sum + (WIDE.test(character) ? 2 : 1), 0);
}

/** The text with blanks behind it, so that it takes at least so many places. */
export function padded(text: string, places: number): string {
  return text + " ".repeat(Math.max(0, places - screenWidth(text)));
}

const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60\uffe0-\uffe6]|[\u{20000}-\u{3fffd}]/u;
