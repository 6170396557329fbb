import type { Kysely } from "kysely";
import type { EventOptions, NodeEvent, Position, StandingAlarm, UseWarning } from "../core/index.js";
import type { NodeDatabase } from "../projection/index.js";
import { actOf } from "../read/index.js";

/** Blocks read at a time by one who follows the past. */
const BLOCKS_A_PAGE = 50;
/** A block's own event stands after those of its transactions. */
const END_OF_BLOCK = 2 ** 31 - 1;

export interface BlockSource {
  /** Number of the next block. */
  readonly height: bigint;
  /** Resolves when it has grown or the signal aborts. */
  nextBlock(signal: AbortSignal): Promise<void>;
  /** Warnings that were raised after a number, undefined: from now on; absent where nobody raises any. */
  warningsSince?(number: number | undefined): { readonly warnings: readonly UseWarning[]; readonly number: number };
  /** Alarms that stand beside the ledger's own, raised after a number; absent where nobody looks for any. */
  standingSince?(number: number): { readonly alarms: readonly StandingAlarm[]; readonly number: number };
}

/**
 * What the fold took in, in ledger order. Everything is read from the tables, so a slow reader costs no memory and
 * misses nothing.
 */
export async function* nodeEvents(
  db: Kysely<NodeDatabase>,
  source: BlockSource,
  { after, signal }: EventOptions,
): AsyncGenerator<NodeEvent> {
  let reached: Position = after ?? { block: source.height - 1n, transaction: END_OF_BLOCK };
  let told = 0;
  let warned = source.warningsSince?.(undefined).number;
  while (!signal.aborted) {
    const grown = source.nextBlock(signal);
    const last = source.height - 1n;
    const until = reached.block + BigInt(BLOCKS_A_PAGE) < last ? reached.block + BigInt(BLOCKS_A_PAGE) : last;
    for (const event of await eventsBetween(db, reached, until)) {
      if (signal.aborted) return;
      yield event;
      reached = event.position;
    }
    const news = until >= last ? source.standingSince?.(told) : undefined;
    for (const alarm of news?.alarms ?? []) yield standingEvent(alarm, reached);
    told = news?.number ?? told;
    const unusual = source.warningsSince?.(warned);
    for (const warning of unusual?.warnings ?? []) yield { kind: "warning", position: reached, warning };
    warned = unusual?.number;
    if (until >= last) await grown;
  }
}

/** It belongs to no block: whoever takes the events up again is told again of what still stands. */
function standingEvent(standing: StandingAlarm, position: Position): NodeEvent {
  const { kind, department, ...detail } = standing;
  const message = `${department}: ${kind}`;
  const alarm = { position, ordinal: 0, kind, message, departments: [department], detail };
  return { kind: "alarm", position, alarm, standing };
}

async function eventsBetween(db: Kysely<NodeDatabase>, after: Position, until: bigint): Promise<NodeEvent[]> {
  const range = { from: Number(after.block), to: Number(until) };
  const acts = await db
    .selectFrom("acts")
    .selectAll()
    .where("counted", "=", 1)
    .where("block", ">=", range.from)
    .where("block", "<=", range.to)
    .execute();
  const alarms = await db
    .selectFrom("alarms")
    .selectAll()
    .where("block", ">=", range.from)
    .where("block", "<=", range.to)
    .orderBy("ordinal")
    .execute();
  const blocks = await db
    .selectFrom("blocks")
    .select(["number", "hash", "time"])
    .where("number", ">=", range.from)
    .where("number", "<=", range.to)
    .execute();
  const events: NodeEvent[] = [
    ...acts.map((row) => {
      const position = { block: BigInt(row.block), transaction: row.tx };
      return { kind: "act", position, act: actOf(row) } as const;
    }),
    ...alarms.map((row) => {
      const position = { block: BigInt(row.block), transaction: row.tx };
      const { ordinal, kind, message } = row;
      const departments = JSON.parse(row.departments) as string[];
      const alarm = { position, ordinal, kind, message, departments, detail: JSON.parse(row.detail) as unknown };
      return { kind: "alarm", position, alarm } as const;
    }),
    ...blocks.map(({ number, hash, time }) => {
      const position = { block: BigInt(number), transaction: END_OF_BLOCK };
      return { kind: "block", position, hash, time: time === "" ? undefined : time } as const;
    }),
  ];
  return events.filter(({ position }) => compare(position, after) > 0).sort((a, b) => compare(a.position, b.position));
}

function compare(a: Position, b: Position): number {
  if (a.block !== b.block) return a.block < b.block ? -1 : 1;
  return a.transaction - b.transaction;
}
