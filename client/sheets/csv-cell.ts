/** A value in RFC 4180 text: a missing one is an unquoted empty one, an empty text is quoted. */
export function csvCell(value: string | null): string {
  if (value === null) return "";
  return value === "" || /[",\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
}
