import type { OpenPolicy } from "@wanlian/model/nouns/policy/policy-schema.js";
import { type Desk, type Filed, Refusal } from "../story/desk.js";

/** An officer of a founder with the role administrator, and whom the department names as responsible. */
export interface Founder {
  readonly mspId: string;
  readonly name: string;
  readonly administrator: Desk;
  /** Officer numbers. */
  readonly responsible: { readonly head: string; readonly deputy: string; readonly stewards: readonly string[] };
}

/** Tells each step as it is done. */
export type OnStep = (founder: Founder, step: "policy" | "clock" | "member", filed: Filed) => void;

/**
 * Opens the channel as design §3 has it: policy 1 by the bureau, clock 1, then each founder's member act, made by itself.
 * Can be interrupted and run again: what stands is left alone.
 */
export async function openChannel(founders: readonly Founder[], policy: OpenPolicy, onStep: OnStep): Promise<void> {
  const [bureau] = founders;
  if (bureau === undefined) throw new RangeError("a channel needs a department to open it");
  const { administrator } = bureau;
  if (!(await exists(administrator, "policy"))) {
    onStep(bureau, "policy", await administrator.file("policy/open", policy));
  }
  if (!(await exists(administrator, "clock"))) {
    onStep(bureau, "clock", await administrator.file("clock/tick", { time: policy.opened }));
  }
  for (const founder of founders) {
    if (await exists(administrator, `members/${founder.mspId}`)) continue;
    const { head, deputy, stewards } = founder.responsible;
    const body = { name: founder.name, level: "municipal", head, deputy, stewards };
    onStep(founder, "member", await founder.administrator.file(`members/${founder.mspId}/join`, body));
  }
}

async function exists(desk: Desk, route: string): Promise<boolean> {
  try {
    await desk.get(route);
    return true;
  } catch (error) {
    if (error instanceof Refusal && error.code === "NO_SUCH_CASE") return false;
    throw error;
  }
}
