import type { ComparedRows } from "../../access/index.js";
import { ExchangeError, type Signer } from "../../core/index.js";
import { type ColumnBatch, DIGEST_TEXT, decodeColumn, digestsIn, textOf } from "../../sheets/index.js";
import type { Ask, ConsumerDesk } from "../consumer/consumer-desk.js";
import { type DownloadPart, receiveStream } from "../streams/release-download.js";
import { ROW_COLUMN } from "./compared-view.js";

/** What an officer wants to have compared. */
export interface ComparisonAsk extends Omit<Ask, "way" | "road" | "subject"> {
  readonly by: readonly string[];
  readonly compared: ComparedRows;
}

/** Names of the columns that come back: the row's own digest, and those of its cells. */
export function comparedColumns({ fields, by }: Pick<ComparisonAsk, "fields" | "by">): string[] {
  return [ROW_COLUMN, ...fields.filter((field) => !by.includes(field))];
}

/**
 * The consumer's side of a comparison: for rows that it has, the keyed digests of the other side's cells. What comes is
 * digests of rows that were asked for and nothing else; whether they are true is the provider's word.
 * @throws ExchangeError as `downloadRelease`
 */
export async function* compareWithRelease(
  desk: ConsumerDesk,
  officer: Signer,
  ask: ComparisonAsk,
): AsyncGenerator<DownloadPart> {
  const request = await desk.sign(officer, { ...ask, way: "comparison", road: "gateway" });
  const asked = new Set([...digestsIn(ask.compared.rows)].map(textOf));
  yield* receiveStream(desk, request, {
    path: "/exchange/v1/comparison",
    columns: comparedColumns(ask),
    take: (batch) => checkDigests(batch, asked),
    end: () => undefined,
  });
}

/** @throws ExchangeError BAD_ANSWER */
function checkDigests({ columns, rows }: ColumnBatch, asked: ReadonlySet<string>): void {
  const [named, ...cells] = columns.map(decodeColumn);
  if (named === undefined || [named, ...cells].some((values) => values.length !== rows)) {
    throw bad("not one digest for each row");
  }
  for (const row of named) if (row === null || !asked.has(row)) throw bad("a row that was not asked for");
  for (const values of cells) {
    if (!values.every((value) => value !== null && DIGEST_TEXT.test(value))) throw bad("something that is no digest");
  }
}

function bad(what: string): ExchangeError {
  return new ExchangeError("BAD_ANSWER", `the other side answers a comparison with ${what}`);
}
