import type { Model } from "@wanlian/model/kernel/model.js";
import type { CommandDefinition, NounDefinition } from "@wanlian/model/kernel/noun.js";
import type { Language } from "@wanlian/protocol/language.js";
import { Type } from "typebox";
import {
  API_ROOT,
  beginsNamelessCase,
  caseIdOf,
  caseParameters,
  commandTitle,
  filingRoute,
  isCode,
  isNodesDuty,
  messages,
  voidReason,
} from "../../../api-document/index.js";
import { ApiError, type Command, type NodeServices, type Signer, type Submission } from "../../../core/index.js";
import { textsIn } from "../../../projection/index.js";
import { filedBy, nameOfFiling } from "../../../submission/index.js";
import { dropRefused, keepWritten, saltTexts, withTexts } from "../../../texts/index.js";
import { Filing, Preview } from "../../answers/filings.js";
import { type Answer, type Operation, operation } from "../../operation.js";
import { listOf, Submission as SubmissionSchema } from "../../schemas.js";
import { callerOf } from "../session.js";

const query = Type.Object(
  {
    seen: Type.Optional(
      Type.Integer({
        minimum: 0,
        description: "Number of the case's last act when the officer decided; if it has moved on, the answer is MOVED.",
      }),
    ),
    wait: Type.Optional(
      Type.Integer({ minimum: 0, maximum: 120, description: "Seconds to wait for the outcome; default 60." }),
    ),
    preview: Type.Optional(Type.Boolean({ description: "Only show the act it would become now; nothing is sent." })),
  },
  { additionalProperties: false },
);

/** One operation for each row of the nouns' tables that an officer can use. */
export function filingOperations(model: Model): Operation[] {
  return Object.values(model.nouns).flatMap((noun: NounDefinition) =>
    Object.entries(noun.commands)
      .filter(([, command]) => !isNodesDuty(command))
      .map(([type, command]) => filing(noun, type, command)),
  );
}

function filing(noun: NounDefinition, type: string, command: CommandDefinition): Operation {
  const nameless = beginsNamelessCase(noun, command);
  return operation({
    id: `${noun.name}.${type}`,
    tag: noun.name,
    method: "post",
    route: filingRoute(noun, type, command),
    effect: "filing",
    summary: { zh: commandTitle(noun, type, "zh"), en: command.summary },
    path: nameless ? undefined : caseParameters(noun),
    query,
    body: withTexts(command.body),
    answers: {
      200: { ...Preview, description: "Preview: the act as it would be" },
      201: { ...SubmissionSchema, description: "Counted: the act is on the ledger" },
      202: { ...SubmissionSchema, description: "Sent, the outcome is not known yet: ask /submissions/{key}" },
    },
    handle: async ({ db, services, caller, path, query, body, idempotencyKey, language }) => {
      const { signer } = callerOf(caller);
      if (idempotencyKey === undefined)
        throw new ApiError("IDEMPOTENCY_KEY_MISSING", "Send the header Idempotency-Key.");
      const previous = await services.submission(signer, idempotencyKey);
      const { body: ledgerBody, texts } = await saltTexts(db, command.body, body, previous?.command.body);
      const ledgerCommand: Command = {
        noun: noun.name,
        case: nameless ? null : caseIdOf(noun, path),
        type,
        body: ledgerBody as Command["body"],
        ...(query.seen === undefined ? {} : { seen: query.seen }),
      };
      if (query.preview === true) return { status: 200, body: { act: await services.preview(signer, ledgerCommand) } };
      await keepWritten(db, texts, nameOfFiling(signer, idempotencyKey));
      try {
        const submission = await submit(services, signer, ledgerCommand, idempotencyKey, query.wait);
        return answer(submission, language);
      } catch (error) {
        await dropRefused(db, texts, await textsUnderWay(services, signer, idempotencyKey, command));
        throw error;
      }
    },
  });
}

/** Digests that the filing stands by, whatever became of the last request for it. */
async function textsUnderWay(
  services: NodeServices,
  signer: Signer,
  key: string,
  command: CommandDefinition,
): Promise<ReadonlySet<string>> {
  const filed = await services.submission(signer, key);
  return new Set(textsIn(command.body, filed?.command.body).map(({ digest }) => digest));
}

function submit(
  services: NodeServices,
  signer: Signer,
  command: Command,
  key: string,
  seconds: number | undefined,
): Promise<Submission> {
  return services.submit(signer, command, key, seconds === undefined ? {} : { waitMs: seconds * 1000 });
}

export function answer(submission: Submission, language: Language): Answer {
  const location = `${API_ROOT}/submissions/${encodeURIComponent(submission.idempotencyKey)}`;
  return {
    status: submission.status === "counted" ? 201 : 202,
    headers: { Location: location },
    body: describeSubmission(submission, language),
  };
}

export function describeSubmission(submission: Submission, language: Language): Record<string, unknown> {
  const { idempotencyKey, status, attempts, transactionId, act, failure } = submission;
  return {
    idempotencyKey,
    status,
    attempts,
    ...(transactionId === undefined ? {} : { transactionId }),
    ...(act === undefined ? {} : { block: act.block, transaction: act.transaction, act }),
    ...(failure === undefined ? {} : { failure: { ...failure, title: failureTitle(failure, language) } }),
  };
}

/** What became of a filing that came to nothing, in a line: with the reason where the ledger has one. */
function failureTitle({ code, reason }: NonNullable<Submission["failure"]>, language: Language): string {
  const title = isCode(code) ? messages[code][language] : code;
  if (reason === undefined) return title;
  return `${title}${language === "zh" ? "。原因：" : ". Why: "}${voidReason(reason, language)}`;
}

const MAX_LISTED = 200;
const LISTED = 50;

export const submissionOperations: readonly Operation[] = [
  operation({
    id: "listSubmissions",
    tag: "submissions",
    method: "get",
    route: "/submissions",
    summary: { zh: "本人的提交及其结果", en: "One's own filings and what became of them" },
    query: Type.Object(
      { limit: Type.Optional(Type.Integer({ minimum: 1, maximum: MAX_LISTED })) },
      { additionalProperties: false },
    ),
    answers: {
      200: listOf(Filing, "Filings, the last first"),
    },
    handle: async ({ db, services, caller, query, language }) => {
      const { signer } = callerOf(caller);
      const items: object[] = [];
      for (const { key, created } of await filedBy(db, signer, query.limit ?? LISTED)) {
        const submission = await services.submission(signer, key);
        if (submission === undefined) continue;
        const { noun, case: id, type } = submission.command;
        const { act: _act, ...outcome } = describeSubmission(submission, language);
        items.push({ created, noun, type, case: submission.act?.case ?? id, ...outcome });
      }
      return { status: 200, body: { items } };
    },
  }),
  operation({
    id: "showSubmission",
    tag: "submissions",
    method: "get",
    route: "/submissions/{key}",
    summary: { zh: "查询本人一次提交的结果", en: "What became of one's own filing" },
    path: Type.Object({ key: Type.String({ minLength: 8, maxLength: 128 }) }, { additionalProperties: false }),
    answers: { 200: SubmissionSchema },
    handle: async ({ services, caller, path, language }) => {
      const submission = await services.submission(callerOf(caller).signer, path.key);
      if (submission === undefined)
        throw new ApiError("NO_SUCH_ENTRY", "This node has no filing of yours under that key.");
      return { status: 200, body: describeSubmission(submission, language) };
    },
  }),
];
