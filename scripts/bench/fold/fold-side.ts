import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { LedgerConnector } from "@wanlian/client/ledger";
import { readBlock } from "@wanlian/client/ledger/block.js";
import { Conditions } from "@wanlian/client/node/conditions.js";
import { Follower } from "@wanlian/client/node/follower.js";
import { openDatabase, Projection } from "@wanlian/client/projection";
import { log } from "@wanlian/client/running/start.js";
import { RELEASED } from "@wanlian/model/models.js";
import { folderSize } from "../folder-size.js";
import { BlockFile } from "./block-file.js";
import { CHAINCODE, CHANNEL } from "./paper-ledger.js";

/** A node's process that rebuilds a ledger: `fold-side.js PLAN.json`. Prints {@link FoldFigures} as JSON. */
export interface FoldPlan {
  /** File of blocks. */
  readonly blocks: string;
  readonly dir: string;
  /** Acts after which figures are taken, ascending; the last is the rebuild's end. */
  readonly sizes: readonly number[];
  /** Acts that the process folds beforehand, into a database that is thrown away, until its code is compiled. */
  readonly warmUp: number;
}

/** How fast acts go. */
export interface Pace {
  readonly perSecond: number;
  /** Milliseconds of processor time an act, all threads. */
  readonly processor: number;
}

export interface FoldFigures {
  readonly sizes: readonly {
    readonly acts: number;
    /** Of the last tenth before it, while the node is behind. */
    readonly behind: Pace;
    /** Of the blocks behind it, one commit each, as for a node that has caught up. */
    readonly following: Pace;
    /** Bytes of its database. */
    readonly disk: number;
  }[];
  /** Milliseconds of the whole rebuild. */
  readonly rebuild: number;
  readonly memory: number;
}

/** Blocks that are taken one by one at each size. */
const FOLLOWED = 100;
const LOOK_MS = 100;

interface Moment {
  readonly acts: number;
  readonly at: number;
  readonly processor: number;
}

const plan = JSON.parse(await readFile(process.argv[2] ?? "", "utf8")) as FoldPlan;
let memory = 0;
const watch = setInterval(() => {
  memory = Math.max(memory, process.memoryUsage.rss());
}, LOOK_MS);
await rebuild("warm-up", [plan.warmUp]);
const figures = await rebuild("node", plan.sizes);
clearInterval(watch);
process.stdout.write(JSON.stringify({ ...figures, memory } satisfies FoldFigures));

async function rebuild(name: string, sizes: readonly number[]): Promise<Omit<FoldFigures, "memory">> {
  const directory = join(plan.dir, name);
  await mkdir(directory);
  const db = await openDatabase({ directory, url: undefined });
  const projection = await Projection.open(db, CHANNEL, CHAINCODE, RELEASED);
  const file = new BlockFile(plan.blocks);
  const measured: FoldFigures["sizes"][number][] = [];
  let spent = 0;
  for (const acts of sizes) {
    const moments = await fold(projection, db, file, directory, acts);
    spent += span(moments).at;
    const following = await follow(projection, file);
    const disk = await folderSize(directory);
    measured.push({ acts, behind: paceOf(lastTenth(moments, acts)), following, disk });
  }
  await file.close();
  await db.destroy();
  return { sizes: measured, rebuild: spent };
}

/** Block 0 holds no act, every other block one. */
async function fold(
  projection: Projection,
  db: Awaited<ReturnType<typeof openDatabase>>,
  file: BlockFile,
  directory: string,
  acts: number,
): Promise<Moment[]> {
  const until = BigInt(acts) + 1n;
  const stopping = new AbortController();
  const follower = new Follower({
    connector: peerWith(file, until),
    ...{ projection, db, voidFile: join(directory, "voids"), conditions: new Conditions() },
    log: log.child({}, { level: "warn" }),
  });
  const moments = [momentOf(projection)];
  const running = follower.run(stopping.signal);
  while (projection.height < until) {
    await follower.nextBlock(stopping.signal);
    moments.push(momentOf(projection));
  }
  stopping.abort();
  await running;
  return moments;
}

async function follow(projection: Projection, file: BlockFile): Promise<Pace> {
  const before = momentOf(projection);
  for (let taken = 0; taken < FOLLOWED; taken += 1) await projection.take(readBlock(await file.next()));
  return paceOf([before, momentOf(projection)]);
}

/** A peer that has so many blocks and sends what it is asked for, in the file's order. */
function peerWith(file: BlockFile, height: bigint): LedgerConnector {
  const neverAsked = () => Promise.reject(new Error("a rebuild files nothing"));
  return {
    ...{ evaluate: neverAsked, endorse: neverAsked, submit: neverAsked, commitStatus: neverAsked },
    height: async () => height,
    async *blocks(from, signal) {
      for (let next = from; next < height && !signal.aborted; next += 1n) yield await file.next();
      if (!signal.aborted) await new Promise((resolve) => signal.addEventListener("abort", resolve, { once: true }));
    },
    close: () => undefined,
  };
}

function momentOf(projection: Projection): Moment {
  const { user, system } = process.cpuUsage();
  const acts = Math.max(0, Number(projection.height) - 1);
  return { acts, at: performance.now(), processor: (user + system) / 1000 };
}

function lastTenth(moments: readonly Moment[], acts: number): readonly Moment[] {
  const from = moments.findLastIndex((moment) => moment.acts <= acts * 0.9);
  return moments.slice(Math.max(0, from));
}

function span(moments: readonly Moment[]): Moment {
  const [first, last] = [moments[0], moments.at(-1)];
  if (first === undefined || last === undefined) throw new RangeError("nothing was measured");
  return { acts: last.acts - first.acts, at: last.at - first.at, processor: last.processor - first.processor };
}

function paceOf(moments: readonly Moment[]): Pace {
  const { acts, at, processor } = span(moments);
  return { perSecond: acts / (at / 1000), processor: processor / acts };
}
