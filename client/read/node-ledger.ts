import type { Instant, MspId, TransactionId } from "@wanlian/model/identifiers.js";
import { inForceAt } from "@wanlian/model/in-force.js";
import type { CaseState } from "@wanlian/model/kernel/act.js";
import type { Reading } from "@wanlian/model/reading.js";
import type { FieldDigest } from "@wanlian/model/release/release-root.js";
import type { NodeServices, NodeStatus } from "../core/index.js";
import { anchorsOf } from "./anchors.js";
import type { Anchor, Case, LedgerPosition, LedgerReader, RuleAt, RuledUse, RulesAt } from "./ledger-reader.js";
import type { Db } from "./rows.js";

/** How long a request may wait for blocks that the other side has already seen. */
const CATCH_UP_MS = 5000;
/** Ledger time before clock 1: nothing is granted then. */
const BEFORE_TIME = "2000-01-01T00:00:00Z" as Instant;
const MAX_REMEMBERED = 10_000;

/** The node's ledger side, as far as reading needs it. */
export interface Folding extends Pick<NodeServices, "head" | "folded" | "model" | "models"> {
  status(): Pick<NodeStatus, "height" | "blockHash" | "ledgerTime" | "ready">;
}

/** From the node's fold and its tables. */
export class NodeLedger implements LedgerReader {
  readonly #services: Folding;
  readonly #db: Db;
  /** Open objections by release, as of a height. */
  readonly #objections = new Map<string, { height: number; open: readonly TransactionId[] }>();
  readonly #releases = new Map<string, readonly FieldDigest[]>();

  constructor(services: Folding, db: Db) {
    this.#services = services;
    this.#db = db;
  }

  position(): LedgerPosition {
    const { height, blockHash = "", ledgerTime, ready } = this.#services.status();
    const time = (ledgerTime as Instant | undefined) ?? BEFORE_TIME;
    return { height: Number(height), block: blockHash, time, ready: ready && ledgerTime !== undefined };
  }

  reading(): Reading {
    return this.#services.model().reading;
  }

  async blockHash(number: number): Promise<string | undefined> {
    const { height, block } = this.position();
    if (number === height - 1) return block;
    const query = this.#db.selectFrom("blocks").select("hash").where("number", "=", number);
    return (await query.executeTakeFirst())?.hash;
  }

  async head(noun: string, id: string): Promise<Case | undefined> {
    const { act, state } = await this.#services.head({ noun, case: id });
    return state === undefined ? undefined : { act, state: state as CaseState };
  }

  async stateAt(noun: string, id: string, height: number): Promise<CaseState | undefined> {
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
    return act && (JSON.parse(act.state) as CaseState);
  }

  async rulesAt(height: number): Promise<RulesAt | undefined> {
    const query = this.#db.selectFrom("blocks").select("time");
    const block = await query.where("number", "=", height - 1).executeTakeFirst();
    const policy = await this.stateAt("policy", "policy", height);
    if (block === undefined || policy === undefined) return undefined;
    const time = block.time === "" ? BEFORE_TIME : (block.time as Instant);
    const { reading } = this.#services.models.of(inForceAt(policy, time).version);
    return { reading, policy: reading.policy(policy, time), time };
  }

  async ruleAt(use: RuledUse, height: number): Promise<RuleAt | undefined> {
    const rules = await this.rulesAt(height);
    if (rules === undefined) return undefined;
    const [application, release, member, mandate] = await Promise.all([
      this.stateAt("application", use.grant, height),
      this.stateAt("release", use.release, height),
      this.stateAt("member", use.consumer, height),
      use.mandate === undefined ? undefined : this.stateAt("mandate", use.mandate, height),
    ]);
    const names = application && rules.reading.application(application).dataset;
    const dataset = names === use.dataset ? undefined : await this.stateAt("dataset", use.dataset, height);
    return { ...rules, cases: { application, release, member, mandate, dataset } };
  }

  anchors(department: MspId): Promise<readonly Anchor[]> {
    return anchorsOf(this.#db, department, this.#services.models);
  }

  async openObjections(release: TransactionId): Promise<readonly TransactionId[]> {
    const { height } = this.position();
    const known = this.#objections.get(release);
    if (known?.height === height) return known.open;
    const rows = await this.#db
      .selectFrom("case_references")
      .innerJoin("cases", (join) =>
        join.onRef("cases.noun", "=", "case_references.noun").onRef("cases.case_id", "=", "case_references.case_id"),
      )
      .where("case_references.to_noun", "=", "release")
      .where("case_references.to_case", "=", release)
      .where("case_references.noun", "=", "objection")
      .select(["cases.case_id", "cases.state"])
      .execute();
    const reading = this.reading();
    const about = rows.filter(({ state }) => reading.openOn(JSON.parse(state) as CaseState) === release);
    const open = about.map(({ case_id }) => case_id as TransactionId);
    if (this.#objections.size > MAX_REMEMBERED) this.#objections.clear();
    this.#objections.set(release, { height, open });
    return open;
  }

  async releaseFields(release: TransactionId): Promise<readonly FieldDigest[] | undefined> {
    const known = this.#releases.get(release);
    if (known !== undefined) return known;
    const row = await this.#db
      .selectFrom("acts")
      .select(["model", "body"])
      .where("noun", "=", "release")
      .where("case_id", "=", release)
      .where("type", "=", "register")
      .where("counted", "=", 1)
      .executeTakeFirst();
    if (row === undefined) return undefined;
    const fields = this.#services.models.of(row.model).reading.fieldDigests(JSON.parse(row.body));
    if (this.#releases.size > MAX_REMEMBERED) this.#releases.clear();
    this.#releases.set(release, fields);
    return fields;
  }

  async reached(height: number): Promise<boolean> {
    if (this.position().height < height) {
      await this.#services.folded(BigInt(height - 1), AbortSignal.timeout(CATCH_UP_MS));
    }
    return this.position().height >= height;
  }
}
