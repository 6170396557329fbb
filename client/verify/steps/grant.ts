import type { Instant } from "@wanlian/model/identifiers.js";
import { type ApplicationState, grantHolds } from "@wanlian/model/model-1/application/application-schema.js";
import type { VerifiedConfiguration } from "@wanlian/protocol/verify/configuration.js";
import { invalid, stateOf, type VerifiedAct, verifyAct } from "../acts.js";
import type { EvidenceBundle } from "../bundle.js";
import { checkCounted, checkRow, countedActs } from "../leaves.js";
import type { SignedRecord } from "../records/access-record.js";
import type { AccessRequest } from "../records/access-request.js";
import { BETWEEN_NOT_IN_FILE, type Done, recordOf, type Skipped } from "../step.js";

export async function stepGrant(
  bundle: EvidenceBundle,
  signed: SignedRecord | undefined,
  configuration: VerifiedConfiguration,
  witnesses: readonly VerifiedAct[],
): Promise<Done<VerifiedAct> | undefined> {
  const record = recordOf(signed);
  if (record.result === "refused" || record.result === "failed") return undefined;
  if (bundle.grant === undefined) throw invalid("data went out, and the file shows no grant");
  const grant = await verifyAct(bundle.grant, bundle, configuration);
  checkCounted(bundle, grant, witnesses);
  const { act, verified } = grant;
  const { request, checked } = record;
  if (act.noun !== "application" || act.case !== request.grant || act.number !== checked.act) {
    throw invalid("it is not the act that the record cites");
  }
  if (verified.number >= BigInt(checked.height)) throw invalid("it is later than the height at which it was checked");
  const state = stateOf(act, "application");
  if (record.result !== "stopped" && !covers(state, checked.time, request)) {
    throw invalid("the grant does not cover what was asked");
  }
  return {
    value: grant,
    text: {
      zh: `授权（区块 ${verified.number}，第 ${act.number} 步）涵盖所请求的字段、用途、场景与期间`,
      en: `The grant (block ${verified.number}, act ${act.number}) covers the fields, purpose, scenario and period asked`,
    },
  };
}

/**
 * That the grant's act was still its case's last at the height at which it was checked.
 * @param grant undefined where none is asked for
 */
export async function stepGrantStood(
  { between }: EvidenceBundle,
  signed: SignedRecord | undefined,
  grant: VerifiedAct | undefined,
  witnesses: readonly VerifiedAct[],
): Promise<Done<true> | Skipped | undefined> {
  if (grant === undefined) return undefined;
  if (between === undefined) return { skipped: BETWEEN_NOT_IN_FILE };
  const { act, verified } = grant;
  const { height } = recordOf(signed).checked;
  const start = Number(verified.number);
  if (between.leaves.length !== height - start || between.leaves.some(({ block }, at) => block !== start + at)) {
    throw invalid(`the file does not hold the leaves of blocks ${start} to ${height - 1}`);
  }
  checkRow(between, start, witnesses);
  for (const { block, verdicts } of between.leaves) {
    const later = countedActs(verdicts).find(
      ([noun, id, number]) => noun === act.noun && id === act.case && number > act.number,
    );
    if (later !== undefined) throw invalid(`act ${later[2]} in block ${block} changed the grant before it was checked`);
  }
  return {
    value: true,
    text: {
      zh: `自授权至检查高度之间的 ${between.leaves.length} 个区块中，没有其他操作改变该授权`,
      en: `In the ${between.leaves.length} blocks from the grant to the height checked, no other act changed it`,
    },
  };
}

function covers(state: ApplicationState, time: Instant, request: AccessRequest): boolean {
  return (
    grantHolds(state, time) &&
    state.consumer === request.consumer &&
    state.provider === request.provider &&
    state.dataset === request.dataset &&
    state.purpose === request.purpose &&
    state.scenario === request.scenario &&
    request.fields.every((field) => state.grant?.fields.includes(field))
  );
}
