import { type ModelVersions, RELEASED } from "@wanlian/model/models.js";
import type { VerifiedConfiguration } from "@wanlian/protocol/verify/configuration.js";
import { demandsOf, keptClosed } from "./demands.js";
import type { EvidenceFile } from "./evidence-file.js";
import type { SignedRecord } from "./records/access-record.js";
import { readRecord } from "./records/log-entry.js";
import { Signatories } from "./records/signatories.js";
import { refuted } from "./refuted.js";
import { STEPS, type Step, type StepName } from "./step.js";
import { stepAnswer } from "./steps/answer.js";
import { stepConfiguration } from "./steps/configuration.js";
import { stepGrant, stepGrantStood } from "./steps/grant.js";
import { stepPolicy, stepPosition, stepTime } from "./steps/ledger.js";
import { stepAnchor, stepInclusion } from "./steps/log.js";
import { stepOpening, stepReceipt, stepRecord, stepRequest } from "./steps/signatures.js";
import { TakenSteps, type Verdict, verdictOf } from "./steps/taken.js";
import { stepCounted, stepWitnesses } from "./steps/witnesses.js";
import type { EvidenceTrust } from "./trust.js";

/** What a verification comes to. */
export interface Verification {
  readonly verdict: Verdict;
  readonly steps: readonly Step[];
  readonly record: SignedRecord | undefined;
}

/**
 * Checks an evidence file against what the verifier has pinned, and nothing else: no network, no node. Every step is
 * taken that does not depend on one that does not hold.
 * @param models the versions of the rules that the verifier's software holds; the ledger says which of them decide
 */
export async function verifyEvidence(
  file: EvidenceFile,
  trust: EvidenceTrust,
  models: ModelVersions = RELEASED,
): Promise<Verification> {
  const signed = readRecord(Buffer.from(file.record.entry, "base64"));
  const steps = new TakenSteps(STEPS);
  if (signed !== undefined) await takeSteps(file, signed, trust, models, steps);
  const taken = steps.all(
    signed === undefined ? new Set(STEPS) : demandsOf(signed, file.answer),
    signed === undefined ? new Set() : keptClosed(signed, file.answer),
  );
  return { verdict: signed === undefined ? "refuted" : verdictOf(taken), steps: taken, record: signed };
}

async function takeSteps(
  file: EvidenceFile,
  signed: SignedRecord,
  trust: EvidenceTrust,
  models: ModelVersions,
  steps: TakenSteps<StepName>,
): Promise<void> {
  const configuration = await steps.take("configuration", () => stepConfiguration(file, trust));
  if (configuration === undefined) return;
  const signatories = new Signatories(() => bundleAt(configuration, signed.record.checked.height));
  await steps.take("request", () => stepRequest(file, signed, signatories));
  await steps.take("record", () => stepRecord(file, signed, signatories));
  const anchor = await steps.take("anchor", () => stepAnchor(file, signed, configuration, models));
  if (anchor === undefined) return;
  await steps.take("receipt", () => stepReceipt(file, signed, new Signatories(() => anchor.verified.bundle)));
  await steps.take("inclusion", () => stepInclusion(file, anchor));
  // Whether a transfer was allowed was decided when it began.
  const decided = isClosing(signed)
    ? await steps.take("opening", () => stepOpening(file, signed, anchor, signatories))
    : signed;
  const ledger = await steps.take("witnesses", () => stepWitnesses(file, signed, configuration, anchor, models));
  if (ledger === undefined) return;
  await steps.take("counted", () => stepCounted(anchor, ledger));
  if (decided === undefined) return;
  const height = await steps.take("ledgerPosition", () => stepPosition(file, decided, anchor, ledger));
  if (height === undefined) return;
  const { answer } = file;
  if (answer !== undefined) await steps.take("answer", () => stepAnswer(signed, file.key, answer, height, ledger));
  const time = await steps.take("time", () => stepTime(decided, height, ledger));
  if (time === undefined) return;
  await steps.take("policy", () => stepPolicy(decided, height, time, anchor, ledger));
  if (!demandsOf(signed).has("grant")) return;
  const deciding = await steps.take("grant", () => stepGrant(decided, height, time, ledger));
  if (deciding !== undefined) await steps.take("grantStood", () => stepGrantStood(deciding, height, ledger));
}

type Closing = SignedRecord & { readonly record: { readonly kind: "closing" } };
const isClosing = (signed: SignedRecord): signed is Closing => signed.record.kind === "closing";

/** The configuration as of a height: who was whose officer then. */
function bundleAt(
  { epochs }: VerifiedConfiguration,
  height: number,
): VerifiedConfiguration["epochs"][number]["bundle"] {
  const epoch = epochs.filter(({ configBlock }) => configBlock < BigInt(height)).at(-1);
  if (epoch === undefined) throw refuted(`区块${height}之前还没有此通道`, `there was no channel at height ${height}`);
  return epoch.bundle;
}
