import type { Instant, TransactionId } from "@wanlian/model/identifiers.js";
import { addSeconds } from "@wanlian/model/time/instant.js";
import { type CallDetails, type CallFacts, type PlatformCall, refusalOfCall } from "../access/index.js";
import { type Db, type LedgerReader, listCases, RememberedHistory, type RuleAt } from "../read/index.js";
import { CallFault } from "./call-fault.js";

/** Grants of one department on one dataset, and releases of one, that are looked at: the newest. */
const MOST_GRANTS = 50;
const MOST_RELEASES = 20;
/** The clock ticks at least so often while nodes give data; a call since the last tick is held to the ledger as it is. */
const TICK_SLACK_SECONDS = 15 * 60;

/** What the ledger says of a call. */
export type Judged = Pick<PlatformCall, "checked" | "reason">;

/** The ledger as it stood when calls were made. */
export class LedgerThen {
  readonly #db: Db;
  readonly #ledger: LedgerReader;
  #history: RememberedHistory;
  /** Distinct times of the ledger, and how many blocks there were at the end of each. */
  #times: { readonly time: Instant; readonly height: number }[] = [];
  #height = 0;
  readonly #candidates = new Map<string, Promise<readonly TransactionId[]>>();

  constructor(db: Db, ledger: LedgerReader) {
    this.#db = db;
    this.#ledger = ledger;
    this.#history = new RememberedHistory(ledger);
  }

  /** Takes in what the ledger has by now. @returns the ledger's time */
  async refresh(): Promise<Instant> {
    const { height, time } = this.#ledger.position();
    if (height === this.#height) return time;
    const last = this.#times.pop();
    const rows = await this.#db
      .selectFrom("blocks")
      .select(({ fn }) => ["time", fn.max("number").as("number")])
      .where("number", ">=", last === undefined ? 0 : last.height - 1)
      .where("number", "<", height)
      .where("time", "!=", "")
      .groupBy("time")
      .orderBy("time")
      .execute();
    for (const row of rows) this.#times.push({ time: row.time as Instant, height: Number(row.number) + 1 });
    this.#height = height;
    // What was found at the last height may be another height's now; grants and releases may have come.
    this.#history = new RememberedHistory(this.#ledger);
    this.#candidates.clear();
    return time;
  }

  /** Up to when calls can be judged: the ledger's last tick, and what may pass until the next. */
  horizon(): Instant {
    const last = this.#times.at(-1);
    return last === undefined ? BEFORE_TIME : addSeconds(last.time, TICK_SLACK_SECONDS);
  }

  /** @throws CallFault BEFORE_LEDGER, TIME_AHEAD */
  async judge(facts: CallFacts, details: CallDetails): Promise<Judged> {
    const { time, height } = this.#placeOf(facts.time);
    const block = (await this.#history.blockHash(height - 1)) as PlatformCall["checked"]["block"];
    const grants = details.grant === undefined ? await this.#grantsOf(facts) : [details.grant];
    const release = details.release ?? (await this.#releaseOf(facts, height));
    const place = { height, block, time, ...(release === undefined ? {} : { release }) };
    let refused: Judged | undefined;
    for (const grant of grants) {
      const checked = { ...place, grant };
      const rule = await this.#ruleOf(checked, facts);
      const reason = rule === undefined ? "UNKNOWN_GRANT" : refusalOfCall({ facts, details, checked }, rule);
      if (reason === undefined) return { checked };
      // Of classes that do not have the dataset nobody spoke.
      const isMeant = reason !== "OUTSIDE_CLASS" || details.grant !== undefined;
      if (reason !== "UNKNOWN_GRANT" && isMeant) refused ??= { checked, reason };
    }
    return refused ?? { checked: place, reason: "UNKNOWN_GRANT" };
  }

  /** From when on calls count against a grant's quota, and how many it allows; undefined where there is none. */
  async quotaOf({ checked }: Judged, { consumer, dataset, time }: CallFacts) {
    const { grant } = checked;
    if (grant === undefined) return undefined;
    const rule = await this.#ruleOf({ ...checked, grant }, { consumer, dataset });
    const granted = rule?.cases.application && rule.reading.application(rule.cases.application).grant;
    if (rule === undefined || granted === undefined) return undefined;
    return { grant, granted, start: rule.reading.quotaStart(granted, time) };
  }

  async #ruleOf(
    { grant, release = NONE, height }: { grant: TransactionId; release?: TransactionId; height: number },
    { consumer, dataset }: Pick<CallFacts, "consumer" | "dataset">,
  ): Promise<RuleAt | undefined> {
    const use = { grant, dataset, release, consumer };
    const rule = await this.#history.ruleAt(use, height);
    const application = rule?.cases.application;
    const mandate = application && rule.reading.application(application).mandate;
    return mandate === undefined ? rule : await this.#history.ruleAt({ ...use, mandate }, height);
  }

  #placeOf(time: Instant): { readonly time: Instant; readonly height: number } {
    const last = this.#times.at(-1);
    if (last === undefined) throw new CallFault("BEFORE_LEDGER", "the ledger's clock has not begun");
    if (time > this.horizon()) {
      throw new CallFault("TIME_AHEAD", `the call is of ${time}, and the ledger's time is ${last.time}`);
    }
    let [from, to] = [0, this.#times.length];
    while (from < to) {
      const middle = Math.floor((from + to) / 2);
      if ((this.#times[middle]?.time ?? "") <= time) from = middle + 1;
      else to = middle;
    }
    const place = this.#times[from - 1];
    if (place === undefined) throw new CallFault("BEFORE_LEDGER", `the ledger began after ${time}`);
    return place;
  }

  #grantsOf({ consumer, dataset }: CallFacts): Promise<readonly TransactionId[]> {
    return this.#remembered(`${consumer} ${dataset}`, async () => {
      const held = { party: consumer, relation: "consumer", limit: MOST_GRANTS };
      const { items } = await listCases(this.#db, "application", { ...held, granting: dataset });
      return items.map(({ case: id }) => id as TransactionId);
    });
  }

  async #releaseOf({ consumer, dataset }: CallFacts, height: number): Promise<TransactionId | undefined> {
    const releases = await this.#remembered(`${dataset} at ${height}`, async () => {
      const rows = await this.#releases(dataset).where("c.opened_block", "<", height).limit(MOST_RELEASES).execute();
      return rows.map(({ case_id }) => case_id as TransactionId);
    });
    for (const release of releases) {
      const rule = await this.#history.ruleAt({ grant: NONE, dataset, release, consumer }, height);
      const { status } = (rule?.cases.release ?? {}) as { status?: unknown };
      if (status === "registered") return release;
    }
    return releases[0];
  }

  #releases(dataset: string) {
    return this.#db
      .selectFrom("cases as c")
      .innerJoin("case_references as r", (join) =>
        join.onRef("r.noun", "=", "c.noun").onRef("r.case_id", "=", "c.case_id"),
      )
      .select("c.case_id")
      .where("c.noun", "=", "release")
      .where("r.to_noun", "=", "dataset")
      .where("r.to_case", "=", dataset)
      .orderBy("c.opened_block", "desc")
      .orderBy("c.case_id");
  }

  #remembered(key: string, read: () => Promise<readonly TransactionId[]>): Promise<readonly TransactionId[]> {
    const known = this.#candidates.get(key);
    if (known !== undefined) return known;
    if (this.#candidates.size >= MOST_REMEMBERED) this.#candidates.clear();
    const made = read();
    this.#candidates.set(key, made);
    made.catch(() => this.#candidates.delete(key));
    return made;
  }
}

const MOST_REMEMBERED = 10_000;
/** Before any ledger. */
const BEFORE_TIME = "2000-01-01T00:00:00Z" as Instant;
/** The id of no case. */
const NONE = "" as TransactionId;
