import { ApiError, type UseWarning } from "../core/index.js";
import { type Db, DEFAULT_PAGE, decodeCursor, type Page, type PageRequest, pageOf } from "../read/index.js";
import type { WarningKind } from "./warning.js";

/** Characters of why a warning is settled: a word says nothing to whoever reads it next year. */
export const FEWEST_NOTE = 4;
/** Notes on one warning: more than anybody reads. */
const MOST_MARKS = 20;

/** Who looked into it, when, and what came of it. */
export interface Mark {
  readonly officer: string;
  /** The ledger's time. */
  readonly time: string;
  readonly note: string;
}

export interface ListedWarning extends UseWarning {
  /** Where it is about an officer's number that is a machine's. */
  readonly machine?: true;
  readonly marks: readonly Mark[];
}

export interface WarningFilter {
  readonly kind?: WarningKind;
  readonly consumer?: string;
  readonly dataset?: string;
  /** Those that nobody has looked into, or all. */
  readonly shown?: "open" | "all";
}

/** The last first. */
export async function listWarnings(db: Db, filter: WarningFilter, page: PageRequest): Promise<Page<ListedWarning>> {
  const limit = page.limit ?? DEFAULT_PAGE;
  let query = db.selectFrom("local.warnings").selectAll();
  for (const column of ["kind", "consumer", "dataset"] as const) {
    const value = filter[column];
    if (value !== undefined) query = query.where(column, "=", value);
  }
  if (filter.shown !== "all") {
    const marked = db.selectFrom("local.warning_marks").select("warning");
    query = query.where("id", "not in", marked);
  }
  const after = decodeCursor(page.cursor, ["", ""] as [string, string]);
  if (after !== undefined) {
    const [raised, id] = after;
    query = query.where(({ or, and, eb }) =>
      or([eb("raised", "<", raised), and([eb("raised", "=", raised), eb("id", "<", id)])]),
    );
  }
  const rows = await query
    .orderBy("raised", "desc")
    .orderBy("id", "desc")
    .limit(limit + 1)
    .execute();
  const marks = await marksOf(
    db,
    rows.map(({ id }) => id),
  );
  const machines = await machinesAmong(db, rows);
  return pageOf(
    rows,
    limit,
    ({ raised, id }) => [raised, id],
    ({ grant_case, figures, position: _, ...row }) => ({
      ...row,
      ...(machines.has(nameOf(row)) ? { machine: true as const } : {}),
      ...{ grant: grant_case, figures: JSON.parse(figures), marks: marks.get(row.id) ?? [] },
    }),
  );
}

async function marksOf(db: Db, ids: readonly string[]): Promise<ReadonlyMap<string, Mark[]>> {
  const marks = new Map<string, Mark[]>();
  if (ids.length === 0) return marks;
  const rows = await db
    .selectFrom("local.warning_marks")
    .selectAll()
    .where("warning", "in", ids)
    .orderBy("number")
    .execute();
  for (const { warning, officer, time, note } of rows) {
    marks.set(warning, [...(marks.get(warning) ?? []), { officer, time, note }]);
  }
  return marks;
}

/**
 * Notes that an officer has looked into a warning, and why it is settled. A mark is never changed; another may follow it.
 * @param department the node's
 * @throws ApiError NO_SUCH_CASE; NOT_ALLOWED for whoever is warned of
 */
export async function markWarning(
  db: Db,
  department: string,
  { id, officer, time, note }: Mark & { readonly id: string },
): Promise<void> {
  await db.transaction().execute(async (transaction) => {
    const warning = await transaction.selectFrom("local.warnings").selectAll().where("id", "=", id).executeTakeFirst();
    if (warning === undefined) throw new ApiError("NO_SUCH_CASE", `There is no warning ${id}.`);
    if (warning.consumer === department && warning.officer === officer) {
      throw new ApiError("OWN_WARNING", `The warning is of officer ${officer}: somebody else has to look into it.`);
    }
    const known = await transaction
      .selectFrom("local.warning_marks")
      .select(({ fn }) => fn.max("number").as("number"))
      .where("warning", "=", id)
      .executeTakeFirst();
    const number = Number(known?.number ?? 0) + 1;
    if (number > MOST_MARKS) throw new ApiError("BAD_REQUEST", `${MOST_MARKS} notes on one warning are all it takes.`);
    await transaction.insertInto("local.warning_marks").values({ warning: id, number, officer, time, note }).execute();
  });
}

interface Officer {
  readonly consumer: string;
  readonly officer: string;
}

const nameOf = ({ consumer, officer }: Officer): string => `${consumer} ${officer}`;

/** Those whose accesses say that a machine asked. */
async function machinesAmong(db: Db, officers: readonly Officer[]): Promise<ReadonlySet<string>> {
  const numbers = [...new Set(officers.map(({ officer }) => officer))].filter((officer) => officer !== "");
  if (numbers.length === 0) return new Set();
  const rows = await db
    .selectFrom("local.access_counts")
    .select(["consumer", "officer"])
    .distinct()
    .where("officer", "in", numbers)
    .where("machine", "=", 1)
    .execute();
  return new Set(rows.map(nameOf));
}
