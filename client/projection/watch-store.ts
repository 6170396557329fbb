import { timeOf } from "@wanlian/model/in-force.js";
import type { CaseState } from "@wanlian/model/kernel/act.js";
import type { Kysely } from "kysely";
import type { DifferenceDetail } from "../core/index.js";
import { type DefinitionView, type Difference, viewChannel, type WatchState } from "../fold/index.js";
import type { NodeDatabase } from "./database/schema.js";

/** What the comparison of configuration and acts had reached, from the tables. */
export async function loadWatchState(db: Kysely<NodeDatabase>): Promise<WatchState> {
  const channel = await loadConfiguration(db);
  const definition = await lastConfigured(db, "definition");
  const policy = await singleState(db, "policy");
  const consortium = await singleState(db, "consortium");
  const clock = await singleState(db, "clock");
  return {
    channel: channel === undefined ? undefined : viewChannel(channel),
    definition: definition === undefined ? undefined : (JSON.parse(definition.toString("utf8")) as DefinitionView),
    policy,
    time: clock && timeOf(clock),
    consortium,
    standing: await standingDifferences(db),
  };
}

/** The channel's configuration in force (proto common.Config), or undefined before block 0. */
export async function loadConfiguration(db: Kysely<NodeDatabase>): Promise<Uint8Array | undefined> {
  return lastConfigured(db, "channel");
}

async function lastConfigured(db: Kysely<NodeDatabase>, kind: "channel" | "definition"): Promise<Buffer | undefined> {
  const row = await db
    .selectFrom("configurations")
    .select("content")
    .where("kind", "=", kind)
    .orderBy("block", "desc")
    .orderBy("tx", "desc")
    .executeTakeFirst();
  return row === undefined ? undefined : Buffer.from(row.content, "base64");
}

async function singleState(
  db: Kysely<NodeDatabase>,
  noun: "policy" | "consortium" | "clock",
): Promise<CaseState | undefined> {
  const row = await db
    .selectFrom("cases")
    .select("state")
    .where("noun", "=", noun)
    .where("case_id", "=", noun)
    .executeTakeFirst();
  return row === undefined ? undefined : (JSON.parse(row.state) as CaseState);
}

async function standingDifferences(db: Kysely<NodeDatabase>): Promise<Map<string, Difference>> {
  const rows = await db
    .selectFrom("alarms")
    .select(["topic", "kind", "message", "departments", "detail"])
    .where("topic", "<>", "")
    .where("ended_block", "=", -1)
    .orderBy("block")
    .orderBy("ordinal")
    .execute();
  return new Map(
    rows.map(({ topic, kind, message: en, departments, detail }) => {
      const { zh } = JSON.parse(detail) as DifferenceDetail;
      const said = { zh, en };
      return [
        topic,
        { topic, kind: kind as Difference["kind"], said, departments: JSON.parse(departments) as string[] },
      ];
    }),
  );
}
