import { type ModelVersions, RELEASED } from "@wanlian/model/models.js";
import type { Words } from "@wanlian/protocol/language.js";
import type { VerifiedConfiguration } from "@wanlian/protocol/verify/configuration.js";
import { demandsOf, keptClosed } from "./demands.js";
import type { EvidenceFile } from "./evidence-file.js";
import { NotShown } from "./not-shown.js";
import type { SignedRecord } from "./records/access-record.js";
import { readRecord } from "./records/log-entry.js";
import { Signatories } from "./records/signatories.js";
import { Refuted, refuted } from "./refuted.js";
import { wordsOfRules } from "./rules-words.js";
import { type Done, STEPS, type Step, type StepName } from "./step.js";
import { stepAnswer } from "./steps/answer.js";
import { stepConfiguration } from "./steps/configuration.js";
import { stepGrant, stepGrantStood } from "./steps/grant.js";
import { stepPolicy, stepPosition, stepTime } from "./steps/ledger.js";
import { stepAnchor, stepInclusion } from "./steps/log.js";
import { stepOpening, stepReceipt, stepRecord, stepRequest } from "./steps/signatures.js";
import { stepCounted, stepWitnesses } from "./steps/witnesses.js";
import type { EvidenceTrust } from "./trust.js";

/** `proven`: all that this kind of record demands. `notProven`: something is missing. `refuted`: something contradicts. */
export type Verdict = "proven" | "notProven" | "refuted";

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
  const steps = new Steps();
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
  steps: Steps,
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

function verdictOf(steps: readonly Step[]): Verdict {
  if (steps.some(({ outcome }) => outcome === "fails")) return "refuted";
  return steps.some(({ outcome }) => outcome === "notProven") ? "notProven" : "proven";
}

/** Steps as they are taken, whatever becomes of them. */
class Steps {
  readonly #taken = new Map<StepName, Step>();

  /** @returns what later steps build on; undefined where it does not hold */
  async take<T>(name: StepName, work: () => Promise<Done<T>>): Promise<T | undefined> {
    try {
      const { value, fact, text } = await work();
      this.#taken.set(name, { name, outcome: "holds", text, fact });
      return value;
    } catch (error) {
      this.#taken.set(name, { name, ...whyNot(error), fact: undefined });
      return undefined;
    }
  }

  /** In their order; those that were not reached are not proven, unless they are not demanded. */
  all(demanded: ReadonlySet<StepName>, closed: ReadonlySet<StepName>): readonly Step[] {
    return STEPS.map((name) => {
      if (closed.has(name)) return { name, outcome: "closed", text: KEPT_CLOSED, fact: undefined };
      if (!demanded.has(name)) return { name, outcome: "notDemanded", text: NOT_DEMANDED, fact: undefined };
      return this.#taken.get(name) ?? { name, outcome: "notProven", text: NOT_REACHED, fact: undefined };
    });
  }
}

const NOT_DEMANDED: Words = { zh: "此类记录不需要", en: "nothing of it to prove in this kind of record" };
const KEPT_CLOSED: Words = {
  zh: "文件未出示所查内容和所得结果，未证明其出自该批次；由查询的经办人出示后可验证",
  en: "the file shows neither what was looked up nor what came, so not that it is the release's; the officer who asked can show it",
};
const NOT_REACHED: Words = { zh: "前面的步骤不成立", en: "a step before does not hold" };

/** @throws what is no finding but a fault of the verifier's own */
function whyNot(error: unknown): Pick<Step, "outcome" | "text"> {
  if (error instanceof NotShown) return { outcome: "notProven", text: error.what };
  const text = error instanceof Refuted ? error.what : wordsOfRules(error);
  if (text === undefined) throw error;
  return { outcome: "fails", text };
}
