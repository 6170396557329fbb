import type { Model } from "@wanlian/model/kernel/model.js";
import type { NounDefinition } from "@wanlian/model/kernel/noun.js";
import { caseRoute, collectionOf, commandTitle, filingRoute, isNodesDuty } from "../../../api-document/index.js";
import { withTexts } from "../../../texts/index.js";
import { ModelTables } from "../../answers/node.js";
import { type Operation, operation } from "../../operation.js";

/** The tables themselves, so that a page or a program offers what they allow and nothing else. */
export function modelOperations(model: Model): Operation[] {
  const nouns = Object.values(model.nouns).map(describe);
  return [
    operation({
      id: "showModel",
      tag: "model",
      method: "get",
      route: "/model",
      access: "public",
      summary: { zh: "规则表：谁在何种状态下可以做什么", en: "The tables: who may do what in which state" },
      answers: { 200: ModelTables },
      handle: async () => ({ status: 200, body: { nouns } }),
    }),
  ];
}

function describe(noun: NounDefinition) {
  const { name, title, identity, statuses, state } = noun;
  const commands = Object.entries(noun.commands).map(([type, command]) => ({
    type,
    title: { zh: commandTitle(noun, type, "zh"), en: commandTitle(noun, type, "en") },
    route: isNodesDuty(command) ? null : filingRoute(noun, type, command),
    from: command.from,
    to: command.to,
    by: command.by,
    starts: command.starts,
    ends: command.ends,
    body: withTexts(command.body),
  }));
  return { name, title, identity, statuses, state, collection: collectionOf(noun), route: caseRoute(noun), commands };
}
