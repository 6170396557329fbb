import { type DatasetId, providerOf } from "@wanlian/model/identifiers.js";
import type { CaseState } from "@wanlian/model/kernel/act.js";
import type { Description } from "@wanlian/model/kernel/description.js";
import type { Reading } from "@wanlian/model/reading.js";
import type { Kysely } from "kysely";
import type { CountedTransaction } from "../fold/index.js";
import type { NodeDatabase } from "./database/schema.js";

const HOLDING: readonly unknown[] = ["granted", "suspended"];

/**
 * How many grants each department holds on each dataset. Almost every act is about a dataset and concerns those who hold
 * grants on it; to look them up among all the grants there ever were would make each act dearer than the one before.
 */
export class GrantHolders {
  readonly #byDataset = new Map<string, Map<string, number>>();

  /** 整类授权, by provider and case: who holds one, and the application as it stands. */
  readonly #ofClasses = new Map<string, Map<string, { readonly holder: string; readonly state: CaseState }>>();
  /** What of each dataset's entry says in which classes it is. */
  readonly #entries = new Map<string, CaseState>();

  /** As the tables have it. */
  static async load(db: Kysely<NodeDatabase>): Promise<GrantHolders> {
    const rows = await db
      .selectFrom("cases as grant")
      .innerJoin("case_references as reference", (join) =>
        join.onRef("reference.noun", "=", "grant.noun").onRef("reference.case_id", "=", "grant.case_id"),
      )
      .innerJoin("parties as holder", (join) =>
        join.onRef("holder.noun", "=", "grant.noun").onRef("holder.case_id", "=", "grant.case_id"),
      )
      .select(({ fn }) => ["reference.to_case as dataset", "holder.department", fn.countAll<number>().as("grants")])
      .where("grant.noun", "=", "application")
      .where("grant.status", "in", ["granted", "suspended"])
      .where("reference.to_noun", "=", "dataset")
      .where("holder.relation", "=", "consumer")
      .groupBy(["reference.to_case", "holder.department"])
      .execute();
    const holders = new GrantHolders();
    for (const { dataset, department, grants } of rows) holders.#add(dataset, department, Number(grants));
    const cases = db.selectFrom("cases").select(["case_id", "state"]);
    for (const { case_id, state } of await cases.where("noun", "=", "dataset").execute()) {
      holders.#enter(case_id, JSON.parse(state) as CaseState);
    }
    const ofClasses = cases.where("noun", "=", "application").where("state", "like", '%"ofClass":{%');
    for (const { case_id, state } of await ofClasses.execute()) {
      holders.#takeClass(case_id, JSON.parse(state) as CaseState);
    }
    return holders;
  }

  /** Takes in an act that counts. What an application is about never changes; whether it holds does. */
  take({ act, before }: CountedTransaction, description: Description): void {
    if (act.noun === "dataset") this.#enter(act.case, act.state);
    if (act.noun !== "application") return;
    this.#takeClass(act.case, act.state);
    const change = Number(HOLDING.includes(description.status)) - Number(HOLDING.includes(before?.status));
    if (change === 0) return;
    for (const { noun, case: dataset } of description.references) {
      if (noun !== "dataset") continue;
      for (const { department, relation } of description.parties) {
        if (relation === "consumer") this.#add(dataset, department, change);
      }
    }
  }

  /**
   * @param reading of the version by which classes are read
   * @param before the dataset's entry before the act that is told of: who held a grant that covered it is told too
   */
  of(dataset: string, reading: Pick<Reading, "coversClass">, before?: CaseState): Iterable<string> {
    const named = this.#byDataset.get(dataset)?.keys() ?? [];
    const ofClasses = this.#ofClasses.get(providerOf(dataset as DatasetId));
    if (ofClasses === undefined) return named;
    const entries = [this.#entries.get(dataset), before];
    const covering = [...ofClasses.values()].filter(({ state }) =>
      entries.some((entry) => reading.coversClass?.(state, entry)),
    );
    return new Set([...named, ...covering.map(({ holder }) => holder)]);
  }

  #enter(dataset: string, state: CaseState): void {
    const { fields: _, ...entry } = state as CaseState & { readonly fields?: unknown };
    this.#entries.set(dataset, entry);
  }

  #takeClass(id: string, state: CaseState): void {
    const { ofClass, provider, consumer: holder } = state as CaseState & Partial<Record<string, string>>;
    if (ofClass === undefined || provider === undefined || holder === undefined) return;
    const known = this.#ofClasses.get(provider) ?? new Map();
    this.#ofClasses.set(provider, known);
    if (HOLDING.includes(state.status)) known.set(id, { holder, state });
    else known.delete(id);
  }

  #add(dataset: string, department: string, change: number): void {
    const holders = this.#byDataset.get(dataset) ?? new Map<string, number>();
    this.#byDataset.set(dataset, holders);
    const grants = (holders.get(department) ?? 0) + change;
    if (grants > 0) holders.set(department, grants);
    else holders.delete(department);
  }
}
