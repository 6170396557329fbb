import { gzipSync } from "node:zlib";
import type { Model } from "@wanlian/model/kernel/model.js";
import type { NounDefinition } from "@wanlian/model/kernel/noun.js";
import { caseRoute, collectionOf, commandTitle, filingRoute, isNodesDuty } from "../../../api-document/index.js";
import { withTexts } from "../../../texts/index.js";
import { ModelTables } from "../../answers/node.js";
import { type Operation, operation } from "../../operation.js";

/** The tables themselves, so that a page or a program offers what they allow and nothing else. */
export function modelOperations(model: Model): Operation[] {
  const nouns = Object.values(model.nouns).map(describe);
  // The same whoever asks, with no secret in it, and what a page waits for first: packed once.
  const ofDemo = once(() => packed({ nouns, demo: true }));
  const plain = once(() => packed({ nouns }));
  return [
    operation({
      id: "showModel",
      tag: "model",
      method: "get",
      route: "/model",
      access: "public",
      summary: { zh: "规则表：谁在何种状态下可以做什么", en: "The tables: who may do what in which state" },
      answers: { 200: ModelTables },
      handle: async ({ services, header }) => {
        const demo = services.status().demo === true;
        if (!/\bgzip\b/.test(header("accept-encoding") ?? "")) return { status: 200, body: { nouns } };
        const headers = { "Content-Encoding": "gzip", Vary: "Accept-Encoding" };
        return { status: 200, headers, bytes: demo ? ofDemo() : plain() };
      },
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

const packed = (body: object): Uint8Array => gzipSync(JSON.stringify(body));

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
