import type { Db } from "../rows.js";

/** A place in the ledger, as of which something is asked. */
export interface Place {
  /** Blocks that count. */
  readonly height: number;
  /** The last of them. */
  readonly block: number;
  /** The ledger's time then; empty before its clock began. */
  readonly time: string;
}

/** What may stand where a time is asked for: a number of a block, a day, to its end in Beijing, an instant in UTC. */
export const AT = "^(\\d{1,12}|\\d{4}-\\d{2}-\\d{2}(T\\d{2}:\\d{2}:\\d{2}Z)?)$";

/** Whether what stands there is a block's number. */
export const isBlock = (at: string): boolean => /^\d{1,12}$/.test(at);

/** The ledger's time is UTC; a day is one in Beijing, eight hours ahead. */
const DAY_ENDS = "T15:59:59Z";

/**
 * The last block that was on the ledger by its own clock at a time, or the last there is; of a number, that block.
 * Undefined where the ledger had not begun, or has no such block yet.
 */
export async function placeAt(db: Db, at: string | undefined): Promise<Place | undefined> {
  const { height } = (await db.selectFrom("checkpoint").select("height").executeTakeFirst()) ?? { height: 0 };
  if (at === undefined) return placeOf(db, height - 1);
  if (isBlock(at)) return Number(at) < height ? placeOf(db, Number(at)) : undefined;
  const instant = at.includes("T") ? at : `${at}${DAY_ENDS}`;
  return placeOf(db, (await firstAfter(db, instant, height)) - 1);
}

/** The first block of a later time. Times never fall from block to block, so that halving finds it. */
async function firstAfter(db: Db, instant: string, height: number): Promise<number> {
  let [from, to] = [0, height];
  while (from < to) {
    const middle = Math.floor((from + to) / 2);
    const place = await placeOf(db, middle);
    if (place === undefined || place.time > instant) to = middle;
    else from = middle + 1;
  }
  return from;
}

async function placeOf(db: Db, block: number): Promise<Place | undefined> {
  if (block < 0) return undefined;
  const row = await db.selectFrom("blocks").select("time").where("number", "=", block).executeTakeFirst();
  return row === undefined ? undefined : { height: block + 1, block, time: row.time };
}
