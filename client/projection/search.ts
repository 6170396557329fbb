/** Brings text into the form that is searched: compatibility forms (full-width letters), case and spaces are one. */
export function searchable(text: string): string {
  return text.normalize("NFKC").toLowerCase().replace(/\s+/g, " ").trim();
}

/**
 * A LIKE pattern (escape character `\`) that finds search_text with the words anywhere in it, in this order.
 * Chinese is not split into words by either database, so this looks for substrings.
 */
export function searchPattern(words: string): string {
  const escaped = searchable(words).replace(/[\\%_]/g, "\\$&");
  return `%${escaped.replaceAll(" ", "%")}%`;
}
