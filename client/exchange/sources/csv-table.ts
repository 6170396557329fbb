import type { CsvOptions, CsvReader } from "../../sheets/index.js";
import type { FileTable } from "./duckdb.js";

/**
 * A CSV file for DuckDB, with nothing left to guess; undefined where DuckDB would still read another thing than was registered
 * (decision 081). The reader has read the file whole.
 */
export function csvTable(
  path: string,
  { encoding = "utf-8", delimiter = "," }: CsvOptions,
  reader: CsvReader,
): FileTable | undefined {
  const { header, lineEnds } = reader;
  // Of a single column an empty line is a missing value here, and nothing at all to DuckDB.
  // Nor does a path that is a pattern to DuckDB name one file.
  if (/[*?[\]{}]/.test(path)) return undefined;
  if (encoding !== "utf-8" || lineEnds === "other" || header.length < 2) return undefined;
  const columns = header.map((name) => `${quoted(name)}: 'VARCHAR'`).join(", ");
  // Without `new_line`: given as CR LF, DuckDB 1.5 finds no rows at all.
  const options = [
    "auto_detect = false",
    "header = true",
    `columns = {${columns}}`,
    `delim = ${quoted(delimiter)}`,
    `quote = '"'`,
    `escape = '"'`,
    "comment = ''",
    "nullstr = ''",
    "allow_quoted_nulls = false",
    "strict_mode = true",
    // A thread that begins in the middle of a file cannot know whether a line feed there stands within quotes.
    "parallel = false",
  ];
  return { path, from: `read_csv($1, ${options.join(", ")})` };
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
