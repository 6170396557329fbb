import type { MspId } from "@wanlian/model/identifiers.js";
import type { Logger } from "pino";
import type { OfficersCalls } from "../../api/index.js";
import {
  CALLS_PATH,
  CallBook,
  CallConfirming,
  type CallEncoding,
  CallIntake,
  type CallMapping,
  CallNotes,
  CallReader,
  type CallWord,
  CallWords,
  FollowedFiles,
  LedgerThen,
  listCalls,
  listLacking,
  listNotes,
  MAX_TOLD_BYTES,
  PlatformDesk,
} from "../../calls/index.js";
import { pause } from "../../core/index.js";
import type { Db, LedgerReader } from "../../read/index.js";
import { type Handler, readJson, sendJson } from "../../transport/index.js";
import type { DepartmentExchange } from "../department-exchange.js";

/** The exchange platform whose calls the node takes. */
export interface PlatformSettings {
  readonly name: string;
  readonly mapping: CallMapping;
  /** Files in it are followed. */
  readonly folder: string | undefined;
  readonly encoding: CallEncoding;
  readonly lateHours: number;
  /** What it pushes with; undefined: it pushes nothing. */
  readonly secret: string | undefined;
}

export interface CallsPartOptions {
  readonly exchange: DepartmentExchange;
  readonly db: Db;
  readonly ledger: LedgerReader;
  readonly platform: PlatformSettings | undefined;
  readonly logger: Logger;
}

const LOOK_EVERY_MS = 1000;
/** Nobody's but a platform's can be late. */
const DEFAULT_LATE_HOURS = 24;

/** Calls over other roads, beside the exchange whose log they stand in. */
export class CallsPart {
  readonly desk: PlatformDesk;
  readonly #options: CallsPartOptions;
  readonly #confirming: CallConfirming;
  readonly #files: FollowedFiles | undefined;

  constructor(options: CallsPartOptions) {
    const { exchange, db, ledger, platform, logger } = options;
    const { log, records, index, connections } = exchange;
    const { department, channel } = exchange.options;
    this.#options = options;
    const book = new CallBook(index, async () => {
      await log.publish();
      await index.catchUp();
    });
    const then = new LedgerThen(db, ledger);
    const notes = new CallNotes(db);
    const intake = new CallIntake({
      ...{ department, channel, log, book, then, notes },
      countServed: (grant, from) => index.countServed(grant, from, department),
      lateSeconds: (platform?.lateHours ?? DEFAULT_LATE_HOURS) * 3600,
    });
    const reader = platform && new CallReader(platform.name, platform.mapping);
    this.desk = new PlatformDesk(intake, reader, platform?.secret);
    this.#confirming = new CallConfirming({
      ...{ department, db, book, connections, logger },
      words: new CallWords(db),
      reader: () => records.reader(),
      time: () => ledger.position().time,
    });
    this.#files =
      reader === undefined || platform?.folder === undefined
        ? undefined
        : new FollowedFiles({
            ...{ db, reader, intake, then, notes, folder: platform.folder, encoding: platform.encoding },
            now: () => new Date(),
          });
  }

  /** For officers, through the API. */
  get ofOfficers(): OfficersCalls {
    const { db, exchange } = this.#options;
    const { records, log, index } = exchange;
    const parts = { db, department: exchange.options.department, reader: () => records.reader() };
    return {
      desk: this.desk,
      catchUp: async () => {
        await log.publish();
        await index.catchUp();
      },
      list: (filter, pick, page) => listCalls(parts, filter, pick, page),
      lacking: (limit, after) => listLacking(db, limit, after),
      notes: (limit, code, before) => listNotes(db, limit, code, before),
    };
  }

  /** @see CallConfirming.hear */
  hear(from: MspId, told: unknown): Promise<readonly CallWord[]> {
    return this.#confirming.hear(from, told);
  }

  /** Takes what the platform's files have by now. */
  async look(signal: AbortSignal): Promise<void> {
    await this.#files?.look(signal);
  }

  /** Tells other departments' nodes what they were not told yet. */
  async confirm(): Promise<void> {
    await this.#confirming.look();
  }

  /** Follows files and tells other departments, until the signal aborts. */
  async run(signal: AbortSignal): Promise<void> {
    const { logger } = this.#options;
    while (!signal.aborted) {
      await this.look(signal).catch((error: unknown) =>
        logger.error({ err: error }, "the platform's files could not be followed; trying again"),
      );
      await this.confirm().catch((error: unknown) =>
        logger.error({ err: error }, "calls could not be confirmed; trying again"),
      );
      await pause(LOOK_EVERY_MS, signal);
    }
  }
}

/** What other departments' nodes ask of it. @param calls known by the time that somebody asks */
export function callRoutes(calls: () => Pick<CallsPart, "hear">): [string, Handler][] {
  return [
    [
      `POST ${CALLS_PATH}`,
      async ({ from, request, response }) => {
        const told = await readJson(request, MAX_TOLD_BYTES);
        sendJson(response, 200, { words: await calls().hear(from, told) });
      },
    ],
  ];
}
