import type { Model } from "@wanlian/model/kernel/model.js";
import { RELEASED } from "@wanlian/model/models.js";
import type { Words } from "@wanlian/protocol/language.js";
import type { Context } from "./context.js";
import { CliError } from "./errors.js";
import type { Json } from "./json.js";

/** Whose tables the command line offers. */
export interface Rules {
  readonly model: Model;
  /** Whether the node says that they are in force on its channel; else they are the newest of whoever was asked. */
  readonly inForce: boolean;
}

/** Help and what needs no node go on without one that does not answer. */
const PATIENCE_MS = 3000;

/**
 * The rules in force on the node's channel; the newest of this software where no node answers.
 * @throws LedgerError UNKNOWN_MODEL for rules that this software lacks
 */
export async function rulesOf(context: Context): Promise<Rules> {
  const said = await statusOf(context);
  const version = said?.at("rules.version").number;
  if (version === undefined) return { model: RELEASED.latest, inForce: false };
  return { model: RELEASED.of(version), inForce: said?.at("rules.inForce").value === true };
}

async function statusOf(context: Context): Promise<Json | undefined> {
  const patience = AbortSignal.timeout(PATIENCE_MS);
  try {
    return await (await context.client()).get("/status", {}, patience);
  } catch (error) {
    if (error instanceof CliError || patience.aborted) return undefined;
    throw error;
  }
}

/** Which rules those are, in a sentence. */
export function whoseTables({ model: { version }, inForce }: Rules): Words {
  return inForce
    ? {
        zh: `按通道现行的规则版本 ${version}。`,
        en: `By version ${version} of the rules, which is in force on the channel.`,
      }
    : {
        zh: `按规则版本 ${version}：没有节点说明通道现行哪一版本，此为软件所带的最新版本。`,
        en: `By version ${version} of the rules, the newest of this software: no node says which is in force on a channel.`,
      };
}
