import { LedgerError } from "@wanlian/model/errors.js";
import { ProtocolError } from "@wanlian/protocol/errors.js";
import type { Words } from "@wanlian/protocol/language.js";
import type { EvidenceBundle } from "./bundle.js";
import type { SignedRecord } from "./records/access-record.js";
import { readRecord } from "./records/log-entry.js";
import { Signatories } from "./records/signatories.js";
import {
  BETWEEN_NOT_IN_FILE,
  type Done,
  GRANT_BETWEEN_NOT_PROVEN,
  NEVER_PROVEN,
  type Skipped,
  STEPS,
  type Step,
  type StepName,
} from "./step.js";
import { stepGrant, stepGrantStood } from "./steps/grant.js";
import {
  stepAnchor,
  stepConfiguration,
  stepCounted,
  stepInclusion,
  stepPosition,
  stepWitnesses,
} from "./steps/ledger.js";
import { stepReceipt, stepRecord, stepRequest } from "./steps/signatures.js";
import type { EvidenceTrust } from "./trust.js";

/** What a verification comes to. */
export interface Verification {
  readonly steps: readonly Step[];
  /** Whether every step holds that applies. */
  readonly holds: boolean;
  readonly record: SignedRecord | undefined;
  /** What nobody should read into it. */
  readonly notProven: readonly Words[];
}

/**
 * Checks an evidence file against the consortium's root certificates alone: no network, no node. Every step is taken
 * that does not depend on one that failed.
 */
export async function verifyEvidence(bundle: EvidenceBundle, trust: EvidenceTrust): Promise<Verification> {
  const steps = new Map<StepName, Step>();
  const take = async <T>(name: StepName, work: () => Promise<Done<T> | Skipped | undefined>) => {
    try {
      const done = (await work()) ?? { skipped: NOT_APPLICABLE };
      if ("skipped" in done) {
        steps.set(name, { name, outcome: "skipped", text: done.skipped });
        return undefined;
      }
      steps.set(name, { name, outcome: "holds", text: done.text });
      return done.value;
    } catch (error) {
      steps.set(name, { name, outcome: "fails", text: whyNot(error) });
      return undefined;
    }
  };
  const signed = readRecord(Buffer.from(bundle.record.entry, "base64"));

  const configuration = await take("configuration", () => stepConfiguration(bundle, trust));
  if (configuration !== undefined) {
    const anchor = await take("anchor", () => stepAnchor(bundle, configuration));
    if (anchor !== undefined) {
      await take("inclusion", () => stepInclusion(bundle, anchor));
      const witnesses = await take("witnesses", () => stepWitnesses(bundle, configuration, anchor));
      if (witnesses !== undefined) {
        await take("counted", () => stepCounted(bundle, anchor, witnesses));
        await take("ledgerPosition", () => stepPosition(bundle, signed, witnesses));
        const grant = await take("grant", () => stepGrant(bundle, signed, configuration, witnesses));
        if (steps.get("grant")?.outcome !== "fails")
          await take("grantStood", () => stepGrantStood(bundle, signed, grant, witnesses));
      }
      // A certificate's end is no matter here: it had not come when the record was made and anchored.
      const signatories = new Signatories(() => anchor.verified.bundle);
      await take("request", () => stepRequest(bundle, signed, signatories));
      await take("record", () => stepRecord(bundle, signed, signatories));
      await take("receipt", () => stepReceipt(bundle, signed, signatories));
    }
  }
  const all = STEPS.map((name) => steps.get(name) ?? { name, outcome: "skipped" as const, text: AFTER_FAILURE });
  const holds = all.every(
    ({ outcome, text }) => outcome === "holds" || (outcome === "skipped" && text !== AFTER_FAILURE),
  );
  const between = steps.get("grantStood")?.text === BETWEEN_NOT_IN_FILE ? [GRANT_BETWEEN_NOT_PROVEN] : [];
  return { steps: all, holds, record: signed, notProven: [...NEVER_PROVEN, ...between] };
}

const NOT_APPLICABLE: Words = { zh: "不适用", en: "does not apply" };
const AFTER_FAILURE: Words = { zh: "因前一步不成立而未检查", en: "not checked, since a step before does not hold" };

/** @throws what is no finding but a fault of the verifier's own */
function whyNot(error: unknown): Words {
  if (error instanceof ProtocolError || error instanceof LedgerError) {
    return { zh: `不成立：${error.message}`, en: `does not hold: ${error.message}` };
  }
  throw error;
}
