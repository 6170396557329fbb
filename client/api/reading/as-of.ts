import type { Instant } from "@wanlian/model/identifiers.js";
import { inForceAt } from "@wanlian/model/in-force.js";
import type { CaseState } from "@wanlian/model/kernel/act.js";
import type { ModelVersions } from "@wanlian/model/models.js";
import type { PolicyRead, Reading } from "@wanlian/model/reading.js";
import type { FoldedAct } from "../../core/index.js";
import { type CaseAt, type CaseName, type Db, findAct, findCaseAt, lastActs, type Place } from "../../read/index.js";

/** The rules, and who belonged, at a place of the ledger. */
export interface ChannelAt {
  readonly at: Pick<Place, "block" | "time">;
  readonly policy: PolicyRead;
  /** MSP ids. */
  readonly members: readonly string[];
}

/** How states were read then; undefined before policy 1. */
async function readingAt(
  db: Db,
  { height, time }: Place,
  models: ModelVersions,
): Promise<{ readonly reading: Reading; readonly policy: CaseState } | undefined> {
  const found = await findCaseAt(db, { noun: "policy", case: "policy" }, height, models);
  if (found === undefined) return undefined;
  const policy = found.found.state as CaseState;
  const { version } = inForceAt(policy, time === "" ? undefined : (time as Instant));
  return { reading: models.of(version).reading, policy };
}

/** What was in force for all, and who belonged; undefined before policy 1. */
export async function channelAt(db: Db, place: Place, models: ModelVersions): Promise<ChannelAt | undefined> {
  const rules = await readingAt(db, place, models);
  if (rules === undefined) return undefined;
  const { reading, policy } = rules;
  const consortium = await findCaseAt(db, { noun: "consortium", case: "consortium" }, place.height, models);
  const { block, time } = place;
  return {
    at: { block, time },
    policy: reading.policy(policy, time === "" ? undefined : (time as Instant)),
    members: reading.roster(consortium?.found.state as CaseState | undefined, policy),
  };
}

/** A case as it stood, and what was known of it then. */
export interface CaseThen {
  readonly at: Pick<Place, "block" | "time">;
  readonly case: CaseAt;
  readonly lastAct: FoldedAct;
  /** A dataset's catalogue entry in force then: the body of the act that made that version. */
  readonly entry?: unknown;
  /** Whether a grant allowed access then, by the ledger's clock. */
  readonly inForce?: boolean;
  /** Of a dataset or release: objections that were open then, by id. */
  readonly openObjections?: readonly string[];
}

/** Undefined if the case had not begun. */
export async function caseThen(
  db: Db,
  name: CaseName,
  place: Place,
  models: ModelVersions,
): Promise<CaseThen | undefined> {
  const { height, block, time } = place;
  const last = await findCaseAt(db, name, height, models);
  const rules = await readingAt(db, place, models);
  if (last === undefined || rules === undefined) return undefined;
  const { found, act } = last;
  const { reading } = rules;
  const isData = name.noun === "dataset" || name.noun === "release";
  return {
    ...{ at: { block, time }, case: found, lastAct: act },
    ...(name.noun === "dataset" ? await entryThen(db, found) : {}),
    ...(name.noun === "application"
      ? { inForce: time !== "" && reading.grantHolds(found.state as CaseState, time as Instant) }
      : {}),
    ...(isData ? { openObjections: await openThen(db, name, place, reading) } : {}),
  };
}

async function entryThen(db: Db, { noun, case: id, state }: CaseAt): Promise<{ readonly entry?: unknown }> {
  const act = await findAct(db, { noun, case: id }, Number(Object(state).version));
  return act === undefined ? {} : { entry: act.body };
}

/** What an objection is about never changes; so those of today's tables that had begun are asked how they stood. */
async function openThen(db: Db, { noun, case: id }: CaseName, { height }: Place, reading: Reading): Promise<string[]> {
  const rows = await db
    .selectFrom("case_references as r")
    .innerJoin("cases as c", (join) => join.onRef("c.noun", "=", "r.noun").onRef("c.case_id", "=", "r.case_id"))
    .select("c.case_id as objection")
    .where("r.to_noun", "=", noun)
    .where("r.to_case", "=", id)
    .where("r.noun", "=", "objection")
    .where("c.opened_block", "<", height)
    .orderBy("c.opened_block")
    .orderBy("c.case_id")
    .execute();
  const open = new Set<string>();
  for (let from = 0; from < rows.length; from += CASES_A_QUESTION) {
    const lot = rows.slice(from, from + CASES_A_QUESTION).map(({ objection }) => objection);
    for (const act of await lastActs(db, "objection", lot, height)) {
      const on = reading.openOn(act.state as CaseState);
      if (on !== undefined && (noun === "dataset" || on === id)) open.add(act.case);
    }
  }
  return rows.map(({ objection }) => objection).filter((objection) => open.has(objection));
}

const CASES_A_QUESTION = 500;
