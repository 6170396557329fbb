import { leafHash } from "@wanlian/model/merkle.js";
import { type ModelVersions, RELEASED } from "@wanlian/model/models.js";
import type { VerifiedConfiguration } from "@wanlian/protocol/verify/configuration.js";
import { type Explanation, explain } from "../explanation.js";
import { NotShown } from "../not-shown.js";
import { hexOf } from "../records/access-record.js";
import { refuted } from "../refuted.js";
import { ANSWER_STEPS, type AnswerStepName, type Done, type Step } from "../step.js";
import { stepConfiguration } from "../steps/configuration.js";
import { TakenSteps, type Verdict, verdictOf } from "../steps/taken.js";
import type { EvidenceTrust } from "../trust.js";
import { type Verification, verifyEvidence } from "../verify.js";
import type { AnswerFile, Said } from "./answer-file.js";
import { stepActs, stepCell, stepStandings, stepTimes, stepVouched, stepWhole, stepWord } from "./steps.js";

/** What the verification of an answer comes to. */
export interface AnswerVerification {
  readonly verdict: Verdict;
  readonly steps: readonly Step<AnswerStepName>[];
  readonly said: Said;
  /** Of each access record, in the answer's order, what its own evidence comes to. */
  readonly accesses: readonly {
    readonly record: string;
    readonly explanation: Explanation;
    readonly verdict: Verdict;
  }[];
}

/** Checks an answer that was taken home against what the verifier has pinned, and nothing else. */
export async function verifyAnswer(
  file: AnswerFile,
  trust: EvidenceTrust,
  models: ModelVersions = RELEASED,
): Promise<AnswerVerification> {
  const { said } = file;
  const steps = new TakenSteps(ANSWER_STEPS);
  const accesses: { record: string; verification: Verification }[] = [];
  const configuration = await steps.take("configuration", () => stepConfiguration(file, trust));
  if (configuration !== undefined) {
    await steps.take("word", () => stepWord(file, configuration));
    if (isEmpty(said)) await steps.take("acts", nothingShown);
    else await takeLedgerSteps(file, configuration, models, steps);
    await steps.take("accesses", async () => {
      accesses.push(...(await verifiedAccesses(file, trust, models)));
      return accessesDone(accesses, said);
    });
  }
  const taken = steps.all(demandsOf(said));
  return {
    verdict: verdictOf(taken),
    steps: taken,
    said,
    accesses: accesses.map(({ record, verification }) => ({
      ...{ record, verdict: verification.verdict, explanation: explain(verification) },
    })),
  };
}

async function takeLedgerSteps(
  file: AnswerFile,
  configuration: VerifiedConfiguration,
  models: ModelVersions,
  steps: TakenSteps<AnswerStepName>,
): Promise<void> {
  const ledger = await steps.take("witnesses", () => stepVouched(file, configuration, models));
  if (ledger === undefined) return;
  const acts = await steps.take("acts", () => stepActs(file, configuration, ledger));
  await steps.take("standings", () => stepStandings(file, ledger));
  if (acts === undefined) return;
  await steps.take("times", () => stepTimes(file, acts, configuration, models));
  await steps.take("whole", () => stepWhole(file, acts));
  await steps.take("cell", () => stepCell(file, acts, models));
}

const isEmpty = ({ acts, standings, records }: Said): boolean =>
  [acts, standings, records].every(({ length }) => length === 0);

/** That there is nothing, no block shows. */
async function nothingShown(): Promise<Done<undefined>> {
  throw new NotShown({
    zh: "答复没有列出任何行为或记录；确实没有，只是该节点的说法",
    en: "the answer shows no act and no record: that there is none is the node's word alone",
  });
}

/** By what the answer says: whatever it does not speak of has nothing to prove. */
function demandsOf({ acts, whole, standings, cell, records }: Said): ReadonlySet<AnswerStepName> {
  const ledger = acts.length > 0 || standings.length > 0;
  return new Set<AnswerStepName>([
    ...(["configuration", "word"] as const),
    ...(ledger ? (["witnesses"] as const) : []),
    ...(acts.length > 0 ? (["acts", "times"] as const) : []),
    ...(ledger || records.length > 0 ? [] : (["acts"] as const)),
    ...(whole.length > 0 ? (["whole"] as const) : []),
    ...(standings.length > 0 ? (["standings"] as const) : []),
    ...(cell === undefined ? [] : (["cell"] as const)),
    ...(records.length > 0 ? (["accesses"] as const) : []),
  ]);
}

/** Each record by the very steps of one's evidence. */
async function verifiedAccesses({ accesses, ...shared }: AnswerFile, trust: EvidenceTrust, models: ModelVersions) {
  const { channel, chaincode, blocks, certificates } = shared;
  const verified: { record: string; verification: Verification }[] = [];
  for (const access of accesses) {
    const one = {
      format: "wanlian-evidence",
      version: 2,
      channel,
      chaincode,
      blocks,
      certificates,
      ...access,
    } as const;
    const record = hexOf(leafHash(Buffer.from(access.record.entry, "base64")));
    verified.push({ record, verification: await verifyEvidence(one, trust, models) });
  }
  return verified;
}

function accessesDone(
  accesses: readonly { readonly record: string; readonly verification: Verification }[],
  { records }: Said,
): Done<true> {
  const shown = accesses.map(({ record }) => record);
  if (shown.length !== records.length || shown.some((record, at) => record !== records[at]))
    throw refuted("文件所附的记录不是答复所列的", "the records in the file are not those that the answer lists");
  const not = (verdict: Verdict) =>
    accesses.filter(({ verification }) => verification.verdict === verdict).map(shortly);
  const refutedOnes = not("refuted").join(", ");
  if (refutedOnes !== "") throw refuted(`记录 ${refutedOnes} 不成立`, `records ${refutedOnes} do not hold`);
  const open = not("notProven").join(", ");
  if (open !== "") throw new NotShown({ zh: `记录 ${open} 未全部证明`, en: `of records ${open} not all is proven` });
  return {
    value: true,
    fact: { records: shown },
    text: {
      zh: `${shown.length}条调用记录各自成立`,
      en: `${shown.length} access records are proven, each by itself`,
    },
  };
}

/** Digits by which a record is known in a line. */
const SHORT = 12;
const shortly = ({ record }: { readonly record: string }): string => record.slice(0, SHORT);
