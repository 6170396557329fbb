import { useQuery } from "@tanstack/react-query";
import type { Day, Instant } from "@wanlian/model/identifiers.js";
import { addDays, dayOf } from "@wanlian/model/time/instant.js";
import { answered, api, type Schemas } from "./api.ts";
import { usePolicy, useStatus } from "./ledger.ts";

/** Whole days, both included, as an address names them. */
export interface Period {
  readonly from: string;
  readonly to: string;
}

export type Figure = Schemas["Figure"];
export type WordOnFigures = Schemas["WordOnFigures"];
export type CityFigure = Schemas["CityFigure"];
export type Publication = Schemas["Publication"];

/** What a period comes to, as the node reports it. */
export type SupervisionReport = Schemas["SupervisionReport"];

/** A report's address at the API. */
export const reportQuery = ({ from, to, department }: Period & { readonly department?: string | undefined }): string =>
  String(new URLSearchParams({ from, to, ...(department === undefined ? {} : { department }) }));

export function useReport(asked: (Period & { readonly department?: string | undefined }) | undefined) {
  const query = asked === undefined ? "" : reportQuery(asked);
  return useQuery({
    queryKey: ["supervision-report", query],
    enabled: asked !== undefined,
    queryFn: () => answered(api.GET("/supervision-report", { params: { query: asked ?? NO_PERIOD } })),
    retry: false,
  });
}

/** Nothing is asked of it. */
const NO_PERIOD: Period = { from: "", to: "" };

/** So many quarters back a report can be chosen; an address may name any. */
const QUARTERS = 8;

/** What can be chosen, and what is shown where nothing was. */
export interface Periods {
  readonly choices: readonly Period[];
  readonly usual: Period;
}

/**
 * The quarter that runs, and quarters and years that are over, by the ledger's clock, the last first; undefined until that is
 * known. The last quarter is shown, on a channel that was not open yet then the one that runs.
 */
export function usePeriods(): Periods | undefined {
  const now = useStatus().data?.ledgerTime;
  const opened = usePolicy()?.opened;
  if (now === undefined) return undefined;
  const today = dayOf(now as Instant);
  const running: Period = { from: startOfQuarter(today), to: today };
  const past: Period[] = [];
  let end = addDays(startOfQuarter(today), -1);
  for (let quarter = 0; quarter < QUARTERS; quarter++) {
    past.push({ from: startOfQuarter(end), to: end });
    if (end.slice(5) === "12-31") past.push({ from: `${end.slice(0, 4)}-01-01`, to: end });
    end = addDays(startOfQuarter(end), -1);
  }
  const [last = running] = past;
  return { choices: [running, ...past], usual: opened !== undefined && dayOf(opened) > last.to ? running : last };
}

function startOfQuarter(day: Day): Day {
  const month = Math.floor((Number(day.slice(5, 7)) - 1) / 3) * 3 + 1;
  return `${day.slice(0, 4)}-${String(month).padStart(2, "0")}-01` as Day;
}

/** Months back of which a statement can be chosen. */
const MONTHS = 12;

/** Months that are over by the ledger's clock, the last first. */
export function usePastMonths(): readonly string[] | undefined {
  const now = useStatus().data?.ledgerTime;
  if (now === undefined) return undefined;
  const months: string[] = [];
  let day = `${dayOf(now as Instant).slice(0, 7)}-01` as Day;
  for (let month = 0; month < MONTHS; month++) {
    day = `${addDays(day, -1).slice(0, 7)}-01` as Day;
    months.push(day.slice(0, 7));
  }
  return months;
}

/** What was given to, or got from, another department of one dataset. */
export type UsageCount = Schemas["UsageCount"];
export type UsageLine = Schemas["UsageLine"];

/** A month by the node's own log, beside what was stated of it. */
export type UsageDraft = Schemas["UsageDraft"];
