import { setTimeout as delay } from "node:timers/promises";
import type { Words } from "@wanlian/protocol/language.js";

import { CliError } from "./errors.js";

/** How often it is asked whether evidence can be made; a log is anchored a minute after it has grown. */
const ASK_EVERY_MS = 5_000;

/**
 * Asks again until what evidence rests on is on the ledger.
 * @param say told what is waited for, whenever that has changed
 * @throws CliError for everything but NOT_YET
 */
export async function onceReady<T>(
  ask: () => Promise<T>,
  say: (awaited: Words) => unknown,
  everyMs = ASK_EVERY_MS,
): Promise<T> {
  let said = "";
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      const awaited = awaitedIn(error);
      if (awaited === undefined) throw error;
      if (awaited.en !== said) say(awaited);
      said = awaited.en;
      await delay(everyMs);
    }
  }
}

/** What a node says that evidence waits for; undefined where its answer is another. */
function awaitedIn(error: unknown): Words | undefined {
  if (!(error instanceof CliError)) return undefined;
  const problem = error.details.problem as { readonly code?: unknown; readonly details?: Details } | undefined;
  if (problem?.code !== "NOT_YET") return undefined;
  const { waitingFor, department, found, needed } = problem.details ?? {};
  if (waitingFor === "anchor") {
    return {
      zh: `等待 ${String(department)} 锚定日志，预计1分钟内`,
      en: `waiting for ${String(department)} to anchor its log: within a minute`,
    };
  }
  if (waitingFor === "witnesses") {
    return {
      zh: `等待其他部门见证：已有${String(found)}个，需要${String(needed)}个，预计5分钟内`,
      en: `waiting for other departments to witness it: ${String(found)} of ${String(needed)}, within five minutes`,
    };
  }
  return undefined;
}

type Details = Readonly<Record<string, unknown>>;
