import { createHash } from "node:crypto";
import { canonicalJson } from "@wanlian/model/canonical.js";
import { DEFAULT_EARLY_WARNING, type EarlyWarning } from "@wanlian/model/early-warning.js";
import type { Day, Instant } from "@wanlian/model/identifiers.js";
import { addDays, dayOf, hourOf } from "@wanlian/model/time/instant.js";
import { Recent, type UseWarning } from "../core/index.js";
import type { Db, LedgerPresent } from "../read/index.js";
import { type Baseline, baselineOf } from "./baseline.js";
import { findingsAcross, findingsOf } from "./detect.js";
import type { Cell, FieldUse, Finding, KeyRun, Pair } from "./warning.js";

/** Days before the ledger's that are still looked at: records of those may have come late. */
const LATE_DAYS = 2;
/** Histories that are kept, each of one pair and day. */
const KEPT_BASELINES = 2000;

/** What this node alone sees as it answers. */
export interface SeenRuns {
  take(): readonly (KeyRun & { readonly consumer: string; readonly dataset: string })[];
}

export interface EarlyWarningParts {
  readonly db: Db;
  readonly ledger: Pick<LedgerPresent, "position" | "reading" | "head">;
  readonly runs: SeenRuns;
  /** Told of each warning once, when it is raised. */
  readonly told: (warning: UseWarning) => void;
}

interface PairDay extends Pair {
  readonly day: string;
}

/** 预警: looks at what the department's log has taken in, by the thresholds that are policy. */
export class EarlyWarnings {
  readonly #parts: EarlyWarningParts;
  readonly #baselines = new Recent<string, Baseline>(KEPT_BASELINES);

  constructor(parts: EarlyWarningParts) {
    this.#parts = parts;
  }

  /** Looks at every pair of departments and dataset of which the index has anything new. */
  async look(): Promise<void> {
    const { db, ledger } = this.#parts;
    const now = ledger.position().time;
    await this.#keepRuns(now);
    const from = await placeIn(db);
    const to = await lastPosition(db);
    if (to <= from) return;
    const policy = await this.#policy(now);
    const pairs = await touched(db, from, to, addDays(dayOf(now), -LATE_DAYS));
    for (const pair of pairs) await this.#lookAt(pair, policy, now, to);
    for (const pair of acrossDatasets(pairs)) await this.#lookAcross(pair, policy, now, to);
    await db
      .insertInto("local.warned_to")
      .values({ id: 1, position: to })
      .onConflict((conflict) => conflict.column("id").doUpdateSet({ position: to }))
      .execute();
  }

  async #lookAt(pair: PairDay, policy: EarlyWarning, now: Instant, position: number): Promise<void> {
    const { db } = this.#parts;
    const cells = await cellsOf(db, pair, pair.day, pair.day);
    const watched = {
      ...{ day: pair.day, cells, usual: await this.#usual(pair, policy) },
      run: await runOf(db, pair),
      fields: await fieldsOf(db, pair),
      ends: await this.#ends(cells),
    };
    for (const finding of findingsOf(watched, policy)) await this.#raise(pair, finding, now, position);
  }

  async #lookAcross(pair: PairDay, policy: EarlyWarning, now: Instant, position: number): Promise<void> {
    const { db } = this.#parts;
    const usual = await this.#usual(pair, policy);
    const cells = await cellsOf(db, pair, pair.day, pair.day);
    for (const finding of findingsAcross({ day: pair.day, cells, usual }, policy)) {
      await this.#raise(pair, finding, now, position);
    }
  }

  async #usual(pair: PairDay, policy: EarlyWarning): Promise<Baseline> {
    const key = canonicalJson({ ...pair, policy });
    const known = this.#baselines.get(key);
    if (known !== undefined) return known;
    const first = addDays(pair.day as Day, -policy.historyDays);
    const cells = await cellsOf(this.#parts.db, pair, first, addDays(pair.day as Day, -1));
    const made = baselineOf(cells, policy);
    this.#baselines.set(key, made);
    return made;
  }

  /** The days on which the grants end that were used. */
  async #ends(cells: readonly Cell[]): Promise<ReadonlyMap<string, string>> {
    const { ledger } = this.#parts;
    const ends = new Map<string, string>();
    for (const grant of new Set(cells.map(({ grant_case }) => grant_case))) {
      const head = await ledger.head("application", grant);
      const to = head && ledger.reading().application(head.state).grant?.to;
      if (to !== undefined) ends.set(grant, dayOf(to));
    }
    return ends;
  }

  async #policy(now: Instant): Promise<EarlyWarning> {
    const { ledger } = this.#parts;
    const head = await ledger.head("policy", "policy");
    return (head && ledger.reading().policy(head.state, now).earlyWarning) ?? DEFAULT_EARLY_WARNING;
  }

  async #keepRuns(now: Instant): Promise<void> {
    const { db, runs } = this.#parts;
    for (const { consumer, dataset, asked, following } of runs.take()) {
      await db
        .insertInto("local.key_runs")
        .values({ hour: hourOf(now), consumer, dataset, asked, following })
        .onConflict((conflict) =>
          conflict.columns(["hour", "consumer", "dataset"]).doUpdateSet(({ eb, ref }) => ({
            asked: eb("local.key_runs.asked", "+", ref("excluded.asked")),
            following: eb("local.key_runs.following", "+", ref("excluded.following")),
          })),
        )
        .execute();
    }
  }

  /** Once for each day and whom it is about; its figures go on while the day does. */
  async #raise(pair: PairDay, finding: Finding, raised: Instant, position: number): Promise<void> {
    const { db, told } = this.#parts;
    const { provider, consumer, dataset } = pair;
    const { kind, day, officer, grant, figures } = finding;
    const subject = { kind, day, provider, consumer, dataset, officer, grant };
    const id = createHash("sha256").update(canonicalJson(subject)).digest("hex");
    const { grant: grant_case, ...rest } = subject;
    const text = canonicalJson(figures);
    const known = await db.selectFrom("local.warnings").select("figures").where("id", "=", id).executeTakeFirst();
    if (known?.figures === text) return;
    await db
      .insertInto("local.warnings")
      .values({ id, ...rest, grant_case, figures: text, raised, position })
      .onConflict((conflict) => conflict.column("id").doUpdateSet({ figures: text }))
      .execute();
    if (known === undefined) told({ id, ...subject, figures, raised });
  }
}

async function placeIn(db: Db): Promise<number> {
  const row = await db.selectFrom("local.warned_to").select("position").executeTakeFirst();
  return Number(row?.position ?? -1);
}

async function lastPosition(db: Db): Promise<number> {
  const query = db.selectFrom("local.accesses").select(({ fn }) => fn.max("position").as("position"));
  const last = (await query.executeTakeFirst())?.position;
  return last === null || last === undefined ? -1 : Number(last);
}

/** Of accesses and of calls over other roads: questions of auditors and filings are not use. */
async function touched(db: Db, after: number, to: number, firstDay: string): Promise<PairDay[]> {
  return await db
    .selectFrom("local.accesses")
    .select(["provider", "consumer", "dataset", "day"])
    .distinct()
    .where("position", ">", after)
    .where("position", "<=", to)
    .where("kind", "in", ["access", "opening", "closing", "call"])
    .where("day", ">=", firstDay)
    .execute();
}

/** Each provider and consumer of a day once, with no dataset: all of them together. */
function acrossDatasets(pairs: readonly PairDay[]): PairDay[] {
  const across = pairs.map(({ provider, consumer, day }) => ({ provider, consumer, dataset: "", day }));
  return [...new Map(across.map((pair) => [canonicalJson(pair), pair])).values()];
}

async function cellsOf(db: Db, pair: Pair, from: string, to: string): Promise<Cell[]> {
  const { provider, consumer, dataset } = pair;
  let query = db.selectFrom("local.access_counts").selectAll();
  query = query.where("provider", "=", provider).where("consumer", "=", consumer);
  if (dataset !== "") query = query.where("dataset", "=", dataset);
  const rows = await query.where("hour", ">=", `${from}T00`).where("hour", "<=", `${to}T23`).execute();
  return rows.map(({ accesses, row_count, empty, ...cell }) => ({
    ...cell,
    ...{ accesses: Number(accesses), row_count: Number(row_count), empty: Number(empty) },
  }));
}

async function runOf(db: Db, { consumer, dataset, day }: PairDay): Promise<KeyRun> {
  const row = await db
    .selectFrom("local.key_runs")
    .select(({ fn }) => [fn.sum("asked").as("asked"), fn.sum("following").as("following")])
    .where("consumer", "=", consumer)
    .where("dataset", "=", dataset)
    .where("hour", ">=", `${day}T00`)
    .where("hour", "<=", `${day}T23`)
    .executeTakeFirst();
  return { asked: Number(row?.asked ?? 0), following: Number(row?.following ?? 0) };
}

async function fieldsOf(db: Db, { provider, consumer, dataset }: Pair): Promise<FieldUse[]> {
  const rows = await db
    .selectFrom("local.field_uses")
    .select(["field", "first_day", "uses"])
    .where("provider", "=", provider)
    .where("consumer", "=", consumer)
    .where("dataset", "=", dataset)
    .execute();
  return rows.map(({ field, first_day, uses }) => ({ field, firstDay: first_day, uses: Number(uses) }));
}
