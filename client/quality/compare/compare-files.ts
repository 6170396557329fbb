import { QualityError } from "../../core/index.js";
import type { TablePlace } from "../engine/checked-table.js";
import { stepByStep } from "../engine/steps.js";
import type { WorkOptions } from "../engine/workbench.js";
import { type EncodedTable, encodeSources } from "../profile/encoded-table.js";
import { type Comparison, type ComparisonRequest, comparisonSteps } from "./compare-sources.js";
import { compareLarge } from "./large-comparison.js";

export interface FileComparison extends WorkOptions, Pick<ComparisonRequest, "key" | "nearly" | "columns"> {
  /** By their names. */
  readonly sources: ReadonlyMap<string, TablePlace>;
}

/** The name of the column that says which file a row is of; no column of a file is called so. */
const FILE_COLUMN = "(file)";

/**
 * Compares files as sources: held whole where they can be, otherwise two by an exact key.
 * @throws QualityError RULES_DO_NOT_FIT, CHECK_*; ExchangeError SOURCE_*
 */
export async function compareFiles(request: FileComparison): Promise<Comparison> {
  const { sources, key, nearly, columns, ...options } = request;
  const table = await held(request);
  if (table === undefined) return await compareLarge({ ...options, sources, key, ...(columns && { columns }) });
  const wanted = { table, source: FILE_COLUMN, key, ...(nearly && { nearly }), ...(columns && { columns }) };
  return await stepByStep(comparisonSteps(wanted), options);
}

/** Undefined where it is too much to be held, and there is another way. */
async function held({ sources, nearly, key, columns, ...options }: FileComparison): Promise<EncodedTable | undefined> {
  try {
    const needed = columns && new Set([...key, ...(nearly ?? []), ...columns]);
    return await encodeSources(sources, FILE_COLUMN, options, needed);
  } catch (error) {
    const isTooLarge = error instanceof QualityError && error.code === "CHECK_TOO_LARGE";
    if (isTooLarge && sources.size === 2 && nearly === undefined) return undefined;
    throw error;
  }
}
