import type { Language } from "@wanlian/protocol/language.js";
import { Type } from "typebox";
import { ApiError, type NodeEvent, type NodeServices, type Position } from "../../../core/index.js";
import { alarmWords } from "../../alarm-words.js";
import { type Operation, operation, type Request } from "../../operation.js";
import { LedgerEvent } from "../../schemas.js";
import { standingText } from "../../standing-alarms.js";
import { describeWarning } from "./warnings.js";

/** Proxies cut connections that are silent for a minute. */
const HEARTBEAT_MS = 15_000;

export const eventOperations: readonly Operation[] = [
  operation({
    id: "followEvents",
    tag: "events",
    method: "get",
    route: "/events",
    media: "text/event-stream",
    summary: {
      zh: "实时事件：计入的行为、告警、区块；断线后以 Last-Event-ID 续传",
      en: "Acts that counted, alarms, blocks, as they come; Last-Event-ID resumes after a block",
    },
    query: Type.Object(
      { after: Type.Optional(Type.String({ pattern: "^\\d{1,15}\\.\\d{1,10}$", description: "Like Last-Event-ID" })) },
      { additionalProperties: false },
    ),
    answers: { 200: LedgerEvent },
    handle: async ({ services, query, header, signal, isStillLoggedIn, language }) => {
      const after = header("Last-Event-ID") ?? query.after;
      const position = after === undefined ? undefined : positionOf(after);
      const events = services.events({ signal, ...(position === undefined ? {} : { after: position }) });
      return { status: 200, stream: frames(events, { services, language, signal, isStillLoggedIn }) };
    },
  }),
];

type Following = Pick<Request, "services" | "language" | "signal" | "isStillLoggedIn">;

/** A silent stream gets a comment now and then, which also finds out that the caller is gone. */
async function* frames(
  events: AsyncIterable<NodeEvent>,
  { services, language, signal, isStillLoggedIn }: Following,
): AsyncGenerator<string> {
  const iterator = events[Symbol.asyncIterator]();
  let pending = iterator.next();
  try {
    yield ": open\n\n";
    while (!signal.aborted && isStillLoggedIn()) {
      const next = await firstOf(pending, signal);
      // Whoever logged out while it waited learns nothing more.
      if (!isStillLoggedIn()) return;
      if (next === "silence") {
        yield ": silence\n\n";
        continue;
      }
      if (next === "gone" || next.done) return;
      yield frame(next.value, services, language);
      pending = iterator.next();
    }
  } finally {
    await iterator.return?.();
  }
}

/**
 * The id stands on a block's end only: whoever lost the connection inside a block gets that block again, whole,
 * instead of missing its second act.
 */
function frame(event: NodeEvent, services: NodeServices, language: Language): string {
  const { position, kind } = event;
  const demo = services.status().demo === true ? { demo: true } : {};
  const told = toldOf(event, language);
  const data = JSON.stringify({ ...told, ...demo }, (_key, value: unknown) =>
    typeof value === "bigint" ? Number(value) : value,
  );
  const id = kind === "block" ? `id: ${position.block}.${position.transaction}\n` : "";
  return `${id}event: ${kind}\ndata: ${data}\n\n`;
}

function toldOf(event: NodeEvent, language: Language): object {
  if (event.kind === "alarm") return toldAlarm(event, language);
  return event.kind === "warning" ? { ...event, warning: describeWarning(event.warning) } : event;
}

/** Who is accused, why in words, and where: as the list of alarms has it, and in both languages for whoever hands it on. */
function toldAlarm({ kind, position, alarm, standing }: AlarmEvent, language: Language): object {
  const { message: _message, ordinal, ...rest } = alarm;
  const words = standing === undefined ? alarmWords(alarm) : standingText(standing);
  const place = standing === undefined ? position : { block: null, transaction: null };
  return { kind, position, alarm: { ...rest, ordinal, ...place, message: words[language], words } };
}

type AlarmEvent = Extract<NodeEvent, { kind: "alarm" }>;

async function firstOf(
  pending: Promise<IteratorResult<NodeEvent>>,
  signal: AbortSignal,
): Promise<IteratorResult<NodeEvent> | "silence" | "gone"> {
  let timer: NodeJS.Timeout | undefined;
  let leave: (() => void) | undefined;
  try {
    return await Promise.race([
      pending,
      new Promise<"silence">((resolve) => {
        timer = setTimeout(() => resolve("silence"), HEARTBEAT_MS);
      }),
      new Promise<"gone">((resolve) => {
        leave = () => resolve("gone");
        signal.addEventListener("abort", leave, { once: true });
      }),
    ]);
  } finally {
    clearTimeout(timer);
    if (leave !== undefined) signal.removeEventListener("abort", leave);
  }
}

function positionOf(id: string): Position {
  const [, block, transaction] = /^(\d{1,15})\.(\d{1,10})$/.exec(id) ?? [];
  if (block === undefined || transaction === undefined) {
    throw new ApiError("BAD_REQUEST", "header/Last-Event-ID: not one that this node gave out");
  }
  return { block: BigInt(block), transaction: Number(transaction) };
}
