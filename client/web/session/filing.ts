import { type CaseDetail, callRoute, type Submission } from "./api.ts";
import { type CommandRow, caseAddress, type NounTable } from "./ledger.ts";

/** What an officer decided: this command, on this case as it was then. */
export interface Decision {
  readonly table: NounTable;
  readonly command: CommandRow;
  /** Undefined where the command begins a case that nobody can name before. */
  readonly id: string | undefined;
  readonly body: unknown;
  readonly key: string;
  readonly seen: number | undefined;
}

/** What would stand on the ledger, by the node's own reading. */
export interface Preview {
  readonly type: string;
  readonly number: number;
  readonly body: unknown;
  readonly state: { readonly status: string };
}

export const currentCase = (table: NounTable, id: string): Promise<CaseDetail> =>
  callRoute<CaseDetail>("GET", caseAddress(table, id));

export async function preview(decision: Decision): Promise<Preview> {
  const { act } = await post<{ act: Preview }>(decision, { preview: "true" });
  return act;
}

export const file = (decision: Decision): Promise<Submission> => post<Submission>(decision, {});

function post<T>(
  { table, command, id, body, key, seen }: Decision,
  more: Readonly<Record<string, string>>,
): Promise<T> {
  const query = new URLSearchParams({ ...more, ...(seen === undefined ? {} : { seen: String(seen) }) });
  return callRoute<T>("POST", `${addressOf(table, command, id)}?${query}`, body, { "Idempotency-Key": key });
}

/** The table's route with the case in its place: it ends as the case's own, and the command's name. */
function addressOf(table: NounTable, command: CommandRow, id: string | undefined): string {
  const route = command.route ?? "";
  if (id === undefined || !route.startsWith(table.route)) return route;
  return caseAddress(table, id) + route.slice(table.route.length);
}
