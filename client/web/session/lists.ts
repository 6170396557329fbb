import type { CellFault } from "@wanlian/client/sheets/index.js";
import {
  type ImportStep,
  type KnownBasis,
  planImport,
  readResponsibilityList,
  readSheetFile,
} from "@wanlian/client/sheets/index.js";
import { callRoute, type Submission } from "./api.ts";
import { type Decision, file, preview } from "./filing.ts";
import type { NounTable, Page } from "./ledger.ts";

/** What the catalogue has of the own department. */
interface Registered {
  readonly case: string;
  readonly status: string;
  readonly act: number;
  readonly entry: unknown;
}

/** A dataset of the list that is to be filed, as the decision that files it. */
export interface Work {
  readonly step: ImportStep;
  /** Undefined where there is nothing to do. */
  readonly decision: Decision | undefined;
}

export interface DryRun {
  readonly work: readonly Work[];
  readonly faults: readonly CellFault[];
}

const PAGE_SIZE = 200;

/** Reads a list and says what it would take; files nothing. @throws ExchangeError; Refusal */
export async function dryRun(bytes: Uint8Array, { table, department, bases, changes }: ImportPlace): Promise<DryRun> {
  const list = readResponsibilityList(await readSheetFile(bytes), bases);
  const registered = await ownEntries(department);
  const byCode = new Map(registered.map((one) => [codeOf(one), one]));
  const before = registered.map((one) => ({ code: codeOf(one), status: one.status, entry: one.entry }));
  const { steps, faults } = planImport(list, before, changes);
  const work = steps.map((step) => ({
    step,
    decision: step.$case === "unchanged" ? undefined : decisionOf(step, table, byCode.get(step.listed.code)),
  }));
  return { work, faults };
}

export interface ImportPlace {
  readonly table: NounTable;
  readonly department: string;
  readonly bases: readonly KnownBasis[];
  readonly changes: string;
}

const codeOf = ({ case: id }: Registered): string => id.slice(id.indexOf("/") + 1);

function decisionOf(
  step: Exclude<ImportStep, { $case: "unchanged" }>,
  table: NounTable,
  before: Registered | undefined,
): Decision | undefined {
  const command = table.commands.find(({ type }) => type === step.$case);
  if (command === undefined) return undefined;
  return { table, command, id: before?.case, body: step.body, key: crypto.randomUUID(), seen: before?.act };
}

/** Withdrawn ones too: their codes are used up. */
async function ownEntries(provider: string): Promise<Registered[]> {
  const found: Registered[] = [];
  for (const status of ["registered", "withdrawn"]) {
    for (let cursor: string | undefined = ""; cursor !== undefined; ) {
      const query = new URLSearchParams({ provider, status, limit: String(PAGE_SIZE), ...(cursor && { cursor }) });
      const page: Page<Registered> = await callRoute("GET", `/catalogue?${query}`);
      found.push(...page.items);
      cursor = page.next;
    }
  }
  return found;
}

/** Whether the node, by the rules in force, would take it. @throws Refusal */
export const wouldCount = async (decision: Decision): Promise<void> => void (await preview(decision));

export const fileStep = (decision: Decision, holder: "node" | "browser"): Promise<Submission> => file(decision, holder);
