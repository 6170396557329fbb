import { LedgerError } from "@wanlian/model/errors.js";
import type { MspId } from "@wanlian/model/identifiers.js";
import type { ModelVersions } from "@wanlian/model/models.js";
import { type FoldedAct, NodeError } from "../core/index.js";
import { textsOfAct } from "../projection/index.js";
import type { Db } from "../read/index.js";
import type { SaltedText } from "./text.js";
import { findText, keepReceived } from "./text-store.js";

/** A text of an act: what it says, or why it is not here. */
export interface ActText {
  readonly number: number;
  readonly type: string;
  readonly department: string;
  /** The member of the act's body that holds its digest. */
  readonly member: string;
  readonly digest: string;
  readonly text?: string;
  readonly salt?: string;
  /** The code with which its author's node did not hand it over. */
  readonly missing?: string;
}

/** Asks another department's node for a text. @throws NodeError with the reason */
export type AskForText = (department: MspId, digest: string) => Promise<SaltedText>;

/**
 * The texts of acts, those that this node lacks fetched from their authors' nodes and kept. What comes is taken only
 * if it gives the digest on the ledger.
 * @param ask undefined where the node has no exchange: then only what is here is shown
 */
export async function textsOf(
  db: Db,
  acts: readonly FoldedAct[],
  own: string,
  models: ModelVersions,
  ask: AskForText | undefined,
): Promise<ActText[]> {
  const found: ActText[] = [];
  for (const act of acts) {
    if (!act.counted) continue;
    for (const { member, digest } of textsOfAct({ ...act, schema: act.model }, models)) {
      const { number, type, department } = act;
      const name = { number, type, department, member, digest };
      const kept = await findText(db, digest);
      if (kept !== undefined) found.push({ ...name, text: kept.text, salt: kept.salt });
      else found.push({ ...name, ...(await fetchText(db, act, digest, department === own ? undefined : ask)) });
    }
  }
  return found;
}

async function fetchText(
  db: Db,
  act: FoldedAct,
  digest: string,
  ask: AskForText | undefined,
): Promise<Pick<ActText, "text" | "salt" | "missing">> {
  if (ask === undefined) return { missing: "NO_SUCH_ENTRY" };
  try {
    const { salt, text } = await ask(act.department as MspId, digest);
    await keepReceived(db, digest, { salt, text });
    return { salt, text };
  } catch (error) {
    if (error instanceof RangeError || error instanceof LedgerError) return { missing: "BAD_ANSWER" };
    if (error instanceof NodeError) return { missing: error.code };
    throw error;
  }
}
