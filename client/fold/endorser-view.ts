import { canonicalBytes } from "@wanlian/model/canonical.js";
import { ensure } from "@wanlian/model/errors.js";
import type { ActRef, BasisEntry, CaseRef } from "@wanlian/model/kernel/act.js";
import type { EndorserView } from "@wanlian/model/kernel/endorsing.js";
import { caseName } from "@wanlian/model/kernel/key.js";
import type { CountedAct, HeadCache } from "./heads.js";

/**
 * The ledger's state before the next transaction, as the endorser sees it who knows least of void acts and is honest all
 * the same: one whose node has not judged them yet.
 */
export function endorserView(heads: HeadCache): EndorserView {
  const countedAt = async (ref: ActRef): Promise<CountedAct | undefined> => {
    const first = await heads.firstCounted(ref, ref.number);
    return first?.act.number === ref.number ? first : undefined;
  };
  return {
    async value(ref, transaction) {
      const counted = await countedAt(ref);
      return counted?.transaction === transaction
        ? canonicalBytes(counted.act)
        : await heads.left.value(ref, transaction);
    },
    isFree: async (ref) => (await countedAt(ref)) === undefined && (await heads.left.isFree(ref)),
    check: (entry) => checkPassed(entry, heads),
  };
}

/**
 * Without its node's word an endorser passes over no number. With it, over numbers that have been used since the act, none
 * of them by an act that counts.
 */
async function checkPassed({ act, transaction, next, ...rest }: BasisEntry, heads: HeadCache): Promise<void> {
  if (next === undefined || next === act + 1) return;
  const ref: CaseRef = rest;
  const name = caseName(ref);
  const { next: unused } = await heads.head(ref);
  ensure(next <= unused, "NOT_YET", `nobody can have found void what lies between ${act} and ${next} of ${name}`);
  const first = act === 0 ? undefined : await heads.firstCounted(ref, act);
  const isCounted = act === 0 || (first?.act.number === act && first.transaction === transaction);
  ensure(isCounted, "VOID_BASIS", `act ${act} of ${name} is void`);
  const passed = await heads.firstCounted(ref, act + 1);
  ensure(passed === undefined || passed.act.number >= next, "MOVED", `act ${passed?.act.number} of ${name} counts`);
}
