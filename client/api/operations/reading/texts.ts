import { textDigest } from "@wanlian/model/text-digest.js";
import { Type } from "typebox";
import { ApiError } from "../../../core/index.js";
import { everyAct, findCase } from "../../../read/index.js";
import { type AskForText, findText, keepReceived, MAX_TEXT, placesOf, textsOf } from "../../../texts/index.js";
import { ActText } from "../../answers/filings.js";
import { type Operation, operation } from "../../operation.js";
import { listOf } from "../../schemas.js";

const Digest = Type.String({ pattern: "^[0-9a-f]{64}$" });
const closed = { additionalProperties: false } as const;

/** @param ask fetches what this node lacks from the departments that wrote it; undefined where it has no exchange */
export function textOperations(ask: AskForText | undefined): Operation[] {
  return [
    operation({
      id: "listTexts",
      tag: "texts",
      method: "get",
      route: "/texts",
      summary: {
        zh: "一个事项中各行为的文字；本节点没有的，向撰写部门的节点索取并核对摘要",
        en: "The texts of a case's acts; what this node lacks is asked of its author's node and checked against the digest",
      },
      query: Type.Object({ noun: Type.String({ maxLength: 32 }), case: Type.String({ maxLength: 160 }) }, closed),
      answers: { 200: listOf(ActText, "By act") },
      handle: async ({ db, services, query }) => {
        if ((await findCase(db, query)) === undefined) {
          throw new ApiError("NO_SUCH_CASE", `There is no ${query.noun} ${query.case}.`);
        }
        const items = await textsOf(db, await everyAct(db, query), services.department, services.models, ask);
        return { status: 200, body: { items } };
      },
    }),
    operation({
      id: "showText",
      tag: "texts",
      method: "get",
      route: "/texts/{digest}",
      summary: { zh: "按摘要查看本节点留存的文字", en: "A text that this node keeps, by its digest on the ledger" },
      path: Type.Object({ digest: Digest }, closed),
      answers: { 200: Type.Object({ digest: Digest, salt: Type.String(), text: Type.String() }) },
      handle: async ({ db, path }) => {
        const kept = await findText(db, path.digest);
        if (kept === undefined) {
          throw new ApiError("NO_SUCH_ENTRY", `This node does not have the text of ${path.digest}.`);
        }
        return { status: 200, body: { digest: kept.digest, salt: kept.salt, text: kept.text } };
      },
    }),
    operation({
      id: "receiveText",
      tag: "texts",
      method: "post",
      route: "/texts",
      effect: "mark",
      summary: {
        zh: "收存以其他途径交来的文字，并核对与账本上的摘要一致",
        en: "Keep a text that came by another road, checked against its digest",
      },
      body: Type.Object(
        {
          digest: Digest,
          salt: Type.String({ pattern: "^[0-9a-f]{32}$" }),
          text: Type.String({ minLength: 1, maxLength: MAX_TEXT }),
        },
        closed,
      ),
      answers: { 204: Type.Object({}) },
      handle: async ({ db, body }) => {
        const { digest, salt, text } = body;
        if (textDigest(text, salt) !== digest) {
          throw new ApiError("BAD_REQUEST", "body: text and salt do not give the digest");
        }
        if ((await placesOf(db, digest)).length === 0) {
          throw new ApiError("NO_SUCH_ENTRY", `No act on the ledger states the digest ${digest}.`);
        }
        await keepReceived(db, digest, { salt, text });
        return { status: 204 };
      },
    }),
  ];
}
