import { checkSchema } from "@wanlian/model/kernel/schema.js";
import { type ModelVersions, RELEASED } from "@wanlian/model/models.js";
import { Type } from "typebox";
import { type EvidenceFile, parseEvidence } from "../evidence-file.js";
import { type Explanation, explain } from "../explanation.js";
import type { ShownAnswer } from "../records/shown-answer.js";
import type { AnswerStepName, Step, StepName } from "../step.js";
import type { Verdict } from "../steps/taken.js";
import type { EvidenceTrust } from "../trust.js";
import { verifyEvidence } from "../verify.js";
import { type AnswerFile, parseAnswerFile } from "./answer-file.js";
import { type CodeWords, explainAnswer } from "./explain-answer.js";
import { verifyAnswer } from "./verify-answer.js";

/** What the verification of a file comes to, whichever kind of evidence it is. */
export interface AnyVerification {
  readonly verdict: Verdict;
  readonly steps: readonly Step<StepName | AnswerStepName>[];
  readonly explanation: Explanation;
}

/** A file that was taken home, of one kind or another. */
export type AnyFile = EvidenceFile | AnswerFile;

/** @throws LedgerError INVALID_INPUT */
export function parseAnyFile(value: unknown): AnyFile {
  checkSchema(Kind, value);
  return Reflect.get(Object(value), "format") === "wanlian-answer" ? parseAnswerFile(value) : parseEvidence(value);
}

const Kind = Type.Object({ format: Type.Enum(["wanlian-evidence", "wanlian-answer"]) });

/**
 * Checks a file that was taken home: of one access, or of the answer to a question.
 * @param words what the model's names are called, for what is explained
 * @param shown beside evidence of one access: what was looked up and what came back
 */
export async function verifyFile(
  file: AnyFile,
  trust: EvidenceTrust,
  words: CodeWords,
  shown?: ShownAnswer,
  models: ModelVersions = RELEASED,
): Promise<AnyVerification> {
  if (file.format === "wanlian-answer") {
    const verification = await verifyAnswer(file, trust, models);
    const { verdict, steps } = verification;
    return { verdict, steps, explanation: explainAnswer(verification, words) };
  }
  const verification = await verifyEvidence(shown === undefined ? file : { ...file, answer: shown }, trust, models);
  const { verdict, steps } = verification;
  return { verdict, steps, explanation: explain(verification) };
}
