const NULL = "\\N";
const ESCAPES: Readonly<Record<string, string>> = { "\\": "\\\\", "\n": "\\n", "\r": "\\r" };

/**
 * A value of a release as it is digested (docs/formats/release-digest.md), its ending LF included; null: missing.
 * Two values never share a line, and lines one after another are read back as the values that they were.
 */
export function cellLine(value: string | null): string {
  if (value === null) return `${NULL}\n`;
  return /[\\\n\r]/.test(value) ? `${value.replace(/[\\\n\r]/g, (c) => ESCAPES[c] as string)}\n` : `${value}\n`;
}
