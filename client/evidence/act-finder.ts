import type { TransactionId } from "@wanlian/model/identifiers.js";
import type { BasisEntry } from "@wanlian/model/kernel/act.js";
import { showsLast } from "@wanlian/model/kernel/heads.js";
import type { ActPlace } from "@wanlian/verify";
import type { Kysely } from "kysely";
import type { NodeDatabase } from "../projection/index.js";

/** An act that counted, and where. */
export interface PlacedAct extends ActPlace {
  readonly number: number;
}

/** Newest acts looked through for one that rests on a case; any of a member's own does. */
const MAX_LOOKED_THROUGH = 200;

/** Finds acts in the node's own projection that show how a case stood. */
export class ActFinder {
  readonly #db: Kysely<NodeDatabase>;

  constructor(db: Kysely<NodeDatabase>) {
    this.#db = db;
  }

  /** The last act of a case below a height. */
  async last(noun: string, id: string, height: number): Promise<PlacedAct | undefined> {
    const row = await this.#counted()
      .where("noun", "=", noun)
      .where("case_id", "=", id)
      .where("block", "<", height)
      .orderBy("number", "desc")
      .limit(1)
      .executeTakeFirst();
    return row && placed(row);
  }

  /** The act on which another rests in its own case: the valid one before it. */
  async before(transaction: string): Promise<PlacedAct> {
    const { noun, case_id, basis } = await this.#counted()
      .where("transaction_id", "=", transaction)
      .executeTakeFirstOrThrow();
    const own = basisOf(basis).find((entry) => entry.noun === noun && entry.case === case_id);
    const row = await this.#counted()
      .where("noun", "=", noun)
      .where("case_id", "=", case_id)
      .where("number", "=", own?.act ?? 0)
      .executeTakeFirstOrThrow();
    return placed(row);
  }

  /** The newest act below a height that rests on an act of another case, if one of the last does. */
  async restingOn(noun: string, id: string, act: PlacedAct, height: number): Promise<PlacedAct | undefined> {
    let query = this.#counted().where("block", "<", height).where("block", ">", act.block);
    // Every act of a department rests on its membership; on the policy all acts do.
    if (noun === "member") query = query.where("department", "=", id);
    const rows = await query.orderBy("block", "desc").limit(MAX_LOOKED_THROUGH).execute();
    const found = rows.find(({ basis }) => showsLast(basisOf(basis), { noun, case: id }, act.number));
    return found && placed(found);
  }

  #counted() {
    return this.#db
      .selectFrom("acts")
      .select(["noun", "case_id", "number", "transaction_id", "block", "basis"])
      .where("counted", "=", 1);
  }
}

function placed(row: { number: number; transaction_id: string; block: number }): PlacedAct {
  return { number: row.number, transaction: row.transaction_id as TransactionId, block: Number(row.block) };
}

function basisOf(json: string): readonly BasisEntry[] {
  return JSON.parse(json) as readonly BasisEntry[];
}
