import type { DatasetId } from "@wanlian/model/identifiers.js";
import type { CaseState } from "@wanlian/model/kernel/act.js";
import type { Reading } from "@wanlian/model/reading.js";
import { parseInstant } from "@wanlian/model/time/instant.js";
import {
  type CaseFilter,
  type CaseSummary,
  type Db,
  findAct,
  findCase,
  listCases,
  type Page,
  type PageRequest,
} from "../../read/index.js";
import { latestCheckOf, type StatedTotal } from "./scores.js";

export interface CatalogueFilter extends PageRequest {
  readonly text?: string;
  readonly provider?: string;
  readonly share?: string;
  readonly status?: string;
}

/** A dataset as the catalogue shows it. */
export interface CatalogueItem extends CaseSummary {
  /** The entry in force: the body of the act that made the current version. */
  readonly entry: unknown;
  readonly latestRelease?: string;
  /** What the check of that release that was stated last came to. */
  readonly latestCheck?: StatedTotal;
  /** 标注: objections that are open on it. */
  readonly openObjections: readonly string[];
}

/** Open objections that are listed by id; a dataset with more is labelled all the same. */
const MAX_LABELS = 100;

export async function searchCatalogue(db: Db, filter: CatalogueFilter, reading: Reading): Promise<Page<CatalogueItem>> {
  const { provider, share, status = "registered", ...rest } = filter;
  const cases: CaseFilter = {
    ...rest,
    status,
    ...(provider === undefined ? {} : { party: provider, relation: "provider" }),
    // States are canonical JSON, in which a quote inside a text is escaped: this can only be the share class.
    ...(share === undefined ? {} : { stateHolds: `"class":"${share}"` }),
  };
  const page = await listCases(db, "dataset", cases);
  const items: CatalogueItem[] = [];
  for (const found of page.items) {
    const version = Number((found.state as { version: number }).version);
    const entry = (await findAct(db, found, version))?.body ?? null;
    const latestRelease = await newestRelease(db, found.case);
    const latestCheck = latestRelease && (await latestCheckOf(db, found.case, latestRelease));
    const openObjections = await openObjectionsOn(db, found.case, reading);
    items.push({
      ...{ ...found, entry, openObjections },
      ...(latestRelease === undefined ? {} : { latestRelease }),
      ...(latestCheck ? { latestCheck } : {}),
    });
  }
  return { ...page, items };
}

/** Ids of the objections open on a dataset, the last first, behind any number of ended ones; at most {@link MAX_LABELS}. */
export async function openObjectionsOn(db: Db, dataset: string, reading: Reading): Promise<string[]> {
  const rows = await about(db, "objection", dataset)
    .select(["c.case_id", "c.state"])
    .orderBy("c.opened_block", "desc")
    .orderBy("c.case_id")
    .execute();
  const open = rows.filter(({ state }) => reading.openOn(JSON.parse(state) as CaseState) !== undefined);
  return open.slice(0, MAX_LABELS).map(({ case_id }) => case_id);
}

/** The release of a dataset that was registered last and not withdrawn. */
export async function newestRelease(db: Db, dataset: string): Promise<string | undefined> {
  const row = await about(db, "release", dataset)
    .select("c.case_id")
    .where("c.status", "=", "registered")
    .orderBy("c.opened_block", "desc")
    .orderBy("c.changed_tx", "desc")
    .limit(1)
    .executeTakeFirst();
  return row?.case_id;
}

const about = (db: Db, noun: string, dataset: string) =>
  db
    .selectFrom("cases as c")
    .innerJoin("case_references as r", (join) =>
      join.onRef("r.noun", "=", "c.noun").onRef("r.case_id", "=", "c.case_id"),
    )
    .where("c.noun", "=", noun)
    .where("r.to_noun", "=", "dataset")
    .where("r.to_case", "=", dataset);

export interface GrantItem extends CaseSummary {
  readonly inForce: boolean;
}

/** Applications for a dataset that were ever granted, and those for a class that has it. */
export async function listGrants(
  db: Db,
  dataset: DatasetId,
  page: PageRequest,
  now: string | undefined,
  reading: Reading,
): Promise<Page<GrantItem>> {
  const wanted = { ...page, granting: dataset, stateHolds: '"grant":{' };
  const applications = await listCases(db, "application", wanted);
  const entry = (await findCase(db, { noun: "dataset", case: dataset }))?.state as CaseState | undefined;
  const items = applications.items.flatMap((found) => {
    const state = found.state as CaseState;
    const names = reading.application(state).dataset === dataset;
    if (!names && reading.coversClass?.(state, entry) !== true) return [];
    return [{ ...found, inForce: now !== undefined && reading.grantHolds(state, parseInstant(now)) }];
  });
  return { ...applications, items };
}
