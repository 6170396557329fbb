import { type Static, Type } from "typebox";
import { ensure } from "../../errors.js";
import { DatasetId, MspId, OfficerNumber } from "../../identifiers.js";
import { Deadlines } from "../deadlines.js";
import { closed, Text } from "../limits.js";
import { by, commandsOf, defineNoun, NONE, named, standing } from "../table.js";
import { checkStalled, Discontinue, endAll, urging } from "../urging.js";

export const MakeSuggestion = closed({ dataset: DatasetId, suggestion: Text });
export const AnswerSuggestion = closed({ decision: Type.Enum(["adopted", "declined"]), reasons: Text });
export const WithdrawSuggestion = closed({});

export const SuggestionState = closed({
  status: Type.Enum(["made", "adopted", "declined", "withdrawn", "discontinued"]),
  dataset: DatasetId,
  provider: MspId,
  author: MspId,
  officer: OfficerNumber,
  deadlines: Deadlines,
});
export type SuggestionState = Static<typeof SuggestionState>;

const command = commandsOf<SuggestionState>();

/** 建议: how a dataset could be better; answered like an objection, without a verification (requirements R5). */
export const suggestion = defineNoun<SuggestionState>({
  name: "suggestion",
  title: { zh: "建议", en: "suggestion" },
  identity: "transaction",
  statuses: ["made", "adopted", "declined", "withdrawn", "discontinued"],
  state: SuggestionState,
  fixed: ["dataset", "provider", "author", "officer"],
  commands: {
    make: command({
      summary: "suggest an improvement of a dataset",
      body: MakeSuggestion,
      from: [NONE],
      to: ["made"],
      by: by("member", "user"),
      starts: ["suggestionReply"],
      refers: ({ dataset }) => [standing("dataset", dataset)],
      apply(decision) {
        const { dataset } = decision.body;
        const { department: author, officer } = decision.actor;
        const { provider, status } = decision.get("dataset", dataset);
        ensure(status === "registered", "WRONG_STATE", `${dataset} is "${status}"`);
        ensure(provider !== author, "INVALID_INPUT", `${dataset} is ${author}'s own; improve it`);
        const deadlines = decision.starting([], "suggestionReply");
        return { status: "made", dataset, provider, author, officer, deadlines };
      },
    }),
    answer: command({
      summary: "adopt or decline the suggestion, with reasons",
      body: AnswerSuggestion,
      from: ["made"],
      to: ["adopted", "declined"],
      by: by("provider", "steward"),
      ends: ["suggestionReply"],
      apply(decision) {
        const { body, current } = decision;
        return { ...current, status: body.decision, deadlines: decision.ending(current.deadlines, "suggestionReply") };
      },
    }),
    withdraw: command({
      summary: "take the suggestion back",
      body: WithdrawSuggestion,
      from: ["made"],
      to: ["withdrawn"],
      by: by("author", "user"),
      ends: ["suggestionReply"],
      apply(decision) {
        const { current } = decision;
        return { ...current, status: "withdrawn", deadlines: decision.ending(current.deadlines, "suggestionReply") };
      },
    }),
    urge: urging<SuggestionState>(["made"]),
    discontinue: command({
      summary: "end a suggestion whose provider, urged, does not answer",
      body: Discontinue,
      from: ["made"],
      to: ["discontinued"],
      by: by("bureau", "steward", "administrator"),
      ends: ["suggestionReply"],
      when: ({ current, time, policy }) => checkStalled(current, time, policy.calendar),
      apply({ current, time, policy }) {
        return { ...current, status: "discontinued", deadlines: endAll(current.deadlines, time, policy.calendar) };
      },
    }),
  },
  relations: named("provider", "author"),
  describe: (_ref, state) => ({
    status: state.status,
    parties: [
      { department: state.provider, relation: "provider" },
      { department: state.author, relation: "author" },
    ],
    deadlines: state.deadlines.map((deadline) => ({ ...deadline, owner: "provider" })),
    references: [{ noun: "dataset", case: state.dataset }],
  }),
});
