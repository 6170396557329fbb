/** SQL for a name, whatever it holds. */
export const name = (text: string): string => `"${text.replaceAll('"', '""')}"`;

/** SQL for a text. */
export const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`;
