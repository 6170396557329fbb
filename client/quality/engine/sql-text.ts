/** SQL for a name, whatever it holds. */
export const name = (text: string): string => `"${text.replaceAll('"', '""')}"`;

/** SQL for a text. */
export const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`;

/** A name of our own beside a table's: none of its columns begins with the prefix. */
export function ownPrefix(columns: readonly string[]): string {
  let prefix = "_";
  while (columns.some((column) => column.toLowerCase().startsWith(prefix))) prefix += "_";
  return prefix;
}
