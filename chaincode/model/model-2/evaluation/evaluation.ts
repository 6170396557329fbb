import { createHash } from "node:crypto";
import { canonicalBytes } from "../../canonical.js";
import { ensure } from "../../errors.js";
import type { Digest, MspId } from "../../identifiers.js";
import { by, commandsOf, defineNoun, NONE } from "../../model-1/table.js";
import { addDays, dayOf } from "../../time/instant.js";
import {
  ConfirmEvaluation,
  ContestEvaluation,
  EvaluationState,
  PublishEvaluation,
  WithdrawEvaluation,
} from "./evaluation-schema.js";

/** Days of the longest period: a year. */
const MAX_DAYS = 366;

const command = commandsOf<EvaluationState>();
const members = by("member", "node", "steward", "administrator");

/**
 * 评价: what the bureau says of a period, in figures that every node computes from the ledger alone, and so confirms or
 * contests (requirements R9).
 */
export const evaluation = defineNoun<EvaluationState>({
  name: "evaluation",
  title: { zh: "督查评价", en: "evaluation" },
  identity: "transaction",
  statuses: ["published", "withdrawn"],
  state: EvaluationState,
  fixed: ["author", "from", "to", "published", "digest"],
  commands: {
    publish: command({
      summary: "publish the figures of a period that is over, for every department",
      body: PublishEvaluation,
      from: [NONE],
      to: ["published"],
      by: by("bureau", "steward", "administrator"),
      apply({ body, actor, time }) {
        const { from, to, figures } = body;
        ensure(from <= to, "INVALID_INPUT", "the period ends before it begins");
        ensure(to <= addDays(from, MAX_DAYS - 1), "LIMIT_REACHED", `a period has at most ${MAX_DAYS} days`);
        ensure(to < dayOf(time), "TOO_EARLY", `the period is over after ${to}`);
        const departments = figures.map(({ department }) => department);
        ensure(new Set(departments).size === departments.length, "INVALID_INPUT", "a department stands twice");
        const impossible = figures.find(({ met, total }) => met.some((count, at) => count > (total[at] ?? 0)));
        ensure(impossible === undefined, "INVALID_INPUT", `${impossible?.department}: more are met than there are`);
        const author = actor.department;
        const digest = evaluationDigest(body);
        return { status: "published", author, from, to, published: time, digest, confirmedBy: [], contestedBy: [] };
      },
    }),
    confirm: command({
      summary: "confirm the figures: one's own node computes the same",
      body: ConfirmEvaluation,
      from: ["published"],
      to: ["published"],
      by: members,
      apply({ body, current, actor }) {
        ensure(body.digest === current.digest, "MISMATCH", `published was ${current.digest}`);
        return heard(current, actor.department, "confirmedBy");
      },
    }),
    contest: command({
      summary: "contest the figures: one's own node computes others, and says which",
      body: ContestEvaluation,
      from: ["published"],
      to: ["published"],
      by: members,
      apply({ body, current, actor }) {
        ensure(body.digest !== current.digest, "MISMATCH", "that is what was published; confirm it");
        return heard(current, actor.department, "contestedBy");
      },
    }),
    withdraw: command({
      summary: "take the publication back; what was published and said of it stays",
      body: WithdrawEvaluation,
      from: ["published"],
      to: ["withdrawn"],
      by: by("bureau", "steward", "administrator"),
      apply: ({ current }) => ({ ...current, status: "withdrawn" }),
    }),
  },
  relations: ({ state, actor }) => (state?.author === actor.department ? ["author"] : []),
  describe: (_ref, state) => ({
    status: state.status,
    parties: [
      { department: state.author, relation: "author" },
      ...state.contestedBy
        .filter((one) => one !== state.author)
        .map((department) => ({ department, relation: "member" as const })),
    ],
    deadlines: [],
    references: [],
    searchText: `${state.from} ${state.to}`,
  }),
});

/** A department's last word stands. */
function heard(state: EvaluationState, department: MspId, list: "confirmedBy" | "contestedBy"): EvaluationState {
  const without = (all: readonly MspId[]) => all.filter((one) => one !== department);
  const said = { ...state, confirmedBy: without(state.confirmedBy), contestedBy: without(state.contestedBy) };
  return { ...said, [list]: [...said[list], department] };
}

/** SHA-256 over the figures as they are published, as canonical JSON. */
export function evaluationDigest({ from, to, indicators, figures, overdue }: PublishEvaluation): Digest {
  const bytes = canonicalBytes({ from, to, indicators, figures, overdue });
  return createHash("sha256").update(bytes).digest("hex") as Digest;
}
