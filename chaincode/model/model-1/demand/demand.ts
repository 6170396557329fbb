import { type Static, Type } from "typebox";
import { ensure } from "../../errors.js";
import { DatasetId, MspId, OfficerNumber, providerOf } from "../../identifiers.js";
import { Deadlines } from "../deadlines.js";
import { closed, MAX_NAME, MAX_PARAGRAPH, MAX_SENTENCE, Text, text } from "../limits.js";
import { Purpose } from "../policy/policy-schema.js";
import { by, commandsOf, defineNoun, NONE, named, standing } from "../table.js";
import { checkStalled, Discontinue, endAll, urging } from "../urging.js";

export const PublishDemand = closed({
  name: text(MAX_NAME),
  description: text(MAX_PARAGRAPH),
  purpose: Purpose,
  /** The duty or rule that needs the data. */
  duty: text(MAX_SENTENCE),
  /** The department that is thought to have it. */
  addressee: MspId,
});
export const MatchDemand = closed({ dataset: DatasetId });
export const DeclineDemand = closed({ reasons: Text });
export const WithdrawDemand = closed({});

export const DemandState = closed({
  status: Type.Enum(["published", "matched", "declined", "withdrawn", "discontinued"]),
  name: text(MAX_NAME),
  consumer: MspId,
  officer: OfficerNumber,
  provider: MspId,
  dataset: Type.Optional(DatasetId),
  deadlines: Deadlines,
});
export type DemandState = Static<typeof DemandState>;

const command = commandsOf<DemandState>();

/** 需求: data a department needs and does not find in the catalogue; 供需对接 is its matching (requirements R2). */
export const demand = defineNoun<DemandState>({
  name: "demand",
  title: { zh: "需求", en: "demand" },
  identity: "transaction",
  statuses: ["published", "matched", "declined", "withdrawn", "discontinued"],
  state: DemandState,
  fixed: ["name", "consumer", "officer", "provider"],
  commands: {
    publish: command({
      summary: "enter what is needed in the demand list, for which purpose, on which basis",
      body: PublishDemand,
      from: [NONE],
      to: ["published"],
      by: by("member", "user"),
      starts: ["demandReply"],
      refers: ({ addressee }) => [standing("member", addressee)],
      apply(decision) {
        const { name, addressee: provider } = decision.body;
        const { department: consumer, officer } = decision.actor;
        ensure(provider !== consumer, "INVALID_INPUT", "a department asks others for data, not itself");
        const { status } = decision.get("member", provider);
        ensure(status === "active", "NOT_A_MEMBER", `${provider} is no active member`);
        const deadlines = decision.starting([], "demandReply");
        return { status: "published", name, consumer, officer, provider, deadlines };
      },
    }),
    match: command({
      summary: "match the demand with a dataset of one's own",
      body: MatchDemand,
      from: ["published"],
      to: ["matched"],
      by: by("provider", "steward"),
      ends: ["demandReply"],
      refers: ({ dataset }) => [standing("dataset", dataset)],
      apply(decision) {
        const { body, current } = decision;
        const { dataset } = body;
        ensure(providerOf(dataset) === current.provider, "NOT_OWNER", `${dataset} is not ${current.provider}'s`);
        const { status } = decision.get("dataset", dataset);
        ensure(status === "registered", "WRONG_STATE", `${dataset} is "${status}"`);
        return { ...current, status: "matched", dataset, deadlines: decision.ending(current.deadlines, "demandReply") };
      },
    }),
    decline: command({
      summary: "say, with reasons, that the data is not to be had here",
      body: DeclineDemand,
      from: ["published"],
      to: ["declined"],
      by: by("provider", "steward"),
      ends: ["demandReply"],
      apply(decision) {
        const { current } = decision;
        return { ...current, status: "declined", deadlines: decision.ending(current.deadlines, "demandReply") };
      },
    }),
    withdraw: command({
      summary: "take the demand back",
      body: WithdrawDemand,
      from: ["published"],
      to: ["withdrawn"],
      by: by("consumer", "user"),
      ends: ["demandReply"],
      apply(decision) {
        const { current } = decision;
        return { ...current, status: "withdrawn", deadlines: decision.ending(current.deadlines, "demandReply") };
      },
    }),
    urge: urging<DemandState>(["published"]),
    discontinue: command({
      summary: "end a demand whose provider, urged, does not answer",
      body: Discontinue,
      from: ["published"],
      to: ["discontinued"],
      by: by("bureau", "steward", "administrator"),
      ends: ["demandReply"],
      when: ({ current, time, policy }) => checkStalled(current, time, policy.calendar),
      apply({ current, time, policy }) {
        return { ...current, status: "discontinued", deadlines: endAll(current.deadlines, time, policy.calendar) };
      },
    }),
  },
  relations: named("provider", "consumer"),
  describe: (_ref, state) => ({
    status: state.status,
    parties: [
      { department: state.provider, relation: "provider" },
      { department: state.consumer, relation: "consumer" },
    ],
    deadlines: state.deadlines.map((deadline) => ({ ...deadline, owner: "provider" })),
    references: state.dataset === undefined ? [] : [{ noun: "dataset", case: state.dataset }],
    searchText: state.name,
  }),
});
