import type { FiledRecord } from "../access/index.js";
import type { DownloadPart } from "../exchange/index.js";
import { csvCell, decodeColumn } from "../sheets/index.js";

/**
 * A download as RFC 4180 text. Reading it back gives the same columns, to the byte: a missing value is an unquoted
 * empty one, an empty text is quoted.
 * @param ended is told the record at the end, and throws where the release did not come whole: whoever reads the
 *   stream must see it break then
 */
export async function* csvLines(
  fields: readonly string[],
  first: IteratorResult<DownloadPart>,
  rest: AsyncIterable<DownloadPart>,
  ended: (filed: FiledRecord) => void,
): AsyncGenerator<string> {
  yield `${fields.map(csvCell).join(",")}\n`;
  if (first.done !== true) yield* lines(first.value, ended);
  for await (const part of rest) yield* lines(part, ended);
}

function* lines(part: DownloadPart, ended: (filed: FiledRecord) => void): Generator<string> {
  if (part.$case === "end") {
    ended(part.filed);
    return;
  }
  const columns = part.batch.columns.map(decodeColumn);
  let text = "";
  for (let row = 0; row < part.batch.rows; row++) {
    text += `${columns.map((column) => csvCell(column[row] ?? null)).join(",")}\n`;
  }
  if (text !== "") yield text;
}
