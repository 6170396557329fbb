import type { Description } from "@wanlian/model/kernel/description.js";
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
    return holders;
  }

  /** Takes in an act that counts. What an application is about never changes; whether it holds does. */
  take({ act, before }: CountedTransaction, description: Description): void {
    if (act.noun !== "application") return;
    const change = Number(HOLDING.includes(description.status)) - Number(HOLDING.includes(before?.status));
    if (change === 0) return;
    for (const { noun, case: dataset } of description.references) {
      if (noun !== "dataset") continue;
      for (const { department, relation } of description.parties) {
        if (relation === "consumer") this.#add(dataset, department, change);
      }
    }
  }

  of(dataset: string): Iterable<string> {
    return this.#byDataset.get(dataset)?.keys() ?? [];
  }

  #add(dataset: string, department: string, change: number): void {
    const holders = this.#byDataset.get(dataset) ?? new Map<string, number>();
    this.#byDataset.set(dataset, holders);
    const grants = (holders.get(department) ?? 0) + change;
    if (grants > 0) holders.set(department, grants);
    else holders.delete(department);
  }
}
