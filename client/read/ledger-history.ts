import type { Instant, MspId } from "@wanlian/model/identifiers.js";
import type { UseCases } from "@wanlian/model/model-1/application/coverage.js";
import type { AnchorLog, LogState } from "@wanlian/model/model-1/log/log.js";
import type { NounName, StateOf } from "@wanlian/model/model-1/states.js";
import type { AccessRequest } from "@wanlian/verify";
import type { Kysely } from "kysely";
import type { NodeDatabase } from "../projection/index.js";

/** An anchor of a department's log, from the auditor's own copy of the ledger. */
export interface Anchor {
  readonly department: MspId;
  readonly size: number;
  /** Hex. */
  readonly root: string;
  /** Blocks of the ledger tree that it anchors. */
  readonly blocks: number;
  /** The block that the anchor stands in, and its time. */
  readonly block: number;
  readonly time: string;
  readonly transactionId: string;
}

/** What the auditor's own copy of the ledger says of the past. */
export interface LedgerHistory {
  /** Header hash of a block, hex. */
  blockHash(number: number): Promise<string | undefined>;
  /** What decides on a request, after the blocks below a height; undefined if they are not here. */
  ruleAt(request: AccessRequest, height: number): Promise<RuleAt | undefined>;
  /** Anchors of a department's log, in order. */
  anchors(department: MspId): Promise<readonly Anchor[]>;
  /** The ledger's time now. */
  now(): Promise<Instant | undefined>;
}

export interface RuleAt {
  readonly cases: UseCases;
  /** The ledger's time then. */
  readonly time: Instant;
}

/** From the projection of the auditor's own node. */
export class SqlLedgerHistory implements LedgerHistory {
  readonly #db: Kysely<NodeDatabase>;

  constructor(db: Kysely<NodeDatabase>) {
    this.#db = db;
  }

  async blockHash(number: number): Promise<string | undefined> {
    const query = this.#db.selectFrom("blocks").select("hash").where("number", "=", number);
    return (await query.executeTakeFirst())?.hash;
  }

  async ruleAt(request: AccessRequest, height: number): Promise<RuleAt | undefined> {
    const query = this.#db.selectFrom("blocks").select("time");
    const block = await query.where("number", "=", height - 1).executeTakeFirst();
    if (block === undefined) return undefined;
    const [application, release, member, mandate] = await Promise.all([
      this.#stateAt("application", request.grant, height),
      this.#stateAt("release", request.release, height),
      this.#stateAt("member", request.consumer, height),
      request.mandate === undefined ? undefined : this.#stateAt("mandate", request.mandate, height),
    ]);
    return { cases: { application, release, member, mandate }, time: block.time as Instant };
  }

  async anchors(department: MspId): Promise<readonly Anchor[]> {
    const rows = await this.#db
      .selectFrom("acts")
      .select(["block", "time", "transaction_id", "state", "body"])
      .where("noun", "=", "log")
      .where("case_id", "=", department)
      .where("type", "=", "anchor")
      .where("counted", "=", 1)
      .orderBy("number")
      .execute();
    return rows.map(({ block, time, transaction_id: transactionId, state, body }) => {
      const { size, root } = JSON.parse(state) as LogState;
      const { blocks } = (JSON.parse(body) as AnchorLog).ledger;
      return { department, size, root, blocks, block: Number(block), time, transactionId };
    });
  }

  async now(): Promise<Instant | undefined> {
    const query = this.#db.selectFrom("blocks").select("time").orderBy("number", "desc").limit(1);
    return (await query.executeTakeFirst())?.time as Instant | undefined;
  }

  async #stateAt<N extends NounName>(noun: N, id: string, height: number): Promise<StateOf<N> | undefined> {
    const act = await this.#db
      .selectFrom("acts")
      .select("state")
      .where("noun", "=", noun)
      .where("case_id", "=", id)
      .where("counted", "=", 1)
      .where("block", "<", height)
      .orderBy("number", "desc")
      .limit(1)
      .executeTakeFirst();
    return act && (JSON.parse(act.state) as StateOf<N>);
  }
}
