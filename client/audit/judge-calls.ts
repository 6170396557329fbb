import type { TransactionId } from "@wanlian/model/identifiers.js";
import { type PlatformCall, refusalOfCall } from "../access/index.js";
import type { LedgerPast } from "../read/index.js";
import type { FindingFacts } from "./finding.js";

/**
 * Judges a call over another road by the auditor's own ledger. That the call took place is the platform's word, which no
 * ledger shows; what the ledger granted at its time, every node can say.
 */
export async function judgeCall(call: PlatformCall, history: LedgerPast): Promise<readonly FindingFacts[]> {
  const { facts, checked, reason } = call;
  const { height, block } = checked;
  const known = await history.blockHash(height - 1);
  if (known !== block) return [{ kind: "CHAIN_DIFFERS", block: height - 1, hash: block }];
  const [then, next] = await Promise.all([history.rulesAt(height), history.rulesAt(height + 1)]);
  if (then === undefined) return [{ kind: "CHAIN_DIFFERS", block: height - 1, hash: block }];
  const found: FindingFacts[] = [];
  if (then.time !== checked.time) found.push({ kind: "TIME_DIFFERS", stated: checked.time, was: then.time });
  // A state from before its time; the tick in which the node was told is as far as it could look.
  const isOld = next !== undefined && next.time <= facts.time && next.time < call.taken;
  if (then.time > facts.time || isOld) found.push({ kind: "OLD_HEIGHT", height, known: height + 1 });
  const refusal = await refusalAt(call, height, history);
  if (refusal !== undefined && facts.result === "served") {
    found.push({ kind: "CALL_NOT_GRANTED", because: refusal, consumer: facts.consumer });
  }
  // How often a grant was used stands in the logs, not on the ledger.
  if (refusal !== reason && !(refusal === undefined && reason === "QUOTA_EXCEEDED")) {
    found.push({ kind: "CALL_MISJUDGED", stated: reason ?? "", was: refusal ?? "" });
  }
  return found;
}

async function refusalAt(call: PlatformCall, height: number, history: LedgerPast) {
  const { facts, checked } = call;
  const { grant = NONE, release = NONE } = checked;
  const use = { grant, dataset: facts.dataset, release, consumer: facts.consumer };
  const first = await history.ruleAt(use, height);
  const { application } = first?.cases ?? {};
  const mandate = application && first?.reading.application(application).mandate;
  const rule = mandate === undefined ? first : await history.ruleAt({ ...use, mandate }, height);
  return rule === undefined ? "UNKNOWN_GRANT" : refusalOfCall(call, rule);
}

/** The id of no case. */
const NONE = "" as TransactionId;
