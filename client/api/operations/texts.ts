import { textDigest } from "@wanlian/model/text-digest.js";
import { Type } from "typebox";
import { ApiError } from "../errors.js";
import { type Operation, operation } from "../operation.js";

const Digest = Type.String({ pattern: "^[0-9a-f]{64}$" });
const closed = { additionalProperties: false } as const;

export const textOperations: readonly Operation[] = [
  operation({
    id: "showText",
    tag: "texts",
    method: "get",
    route: "/texts/{digest}",
    summary: { zh: "按摘要查看本节点留存的文字", en: "A text that this node keeps, by its digest on the ledger" },
    path: Type.Object({ digest: Digest }, closed),
    answers: { 200: Type.Object({ digest: Digest, salt: Type.String(), text: Type.String() }) },
    handle: async ({ services, path }) => {
      const row = await services.db
        .selectFrom("local.texts")
        .selectAll()
        .where("digest", "=", path.digest)
        .executeTakeFirst();
      if (row === undefined) throw new ApiError("NO_SUCH_ENTRY", `This node does not have the text of ${path.digest}.`);
      return { status: 200, body: { digest: row.digest, salt: row.salt, text: row.content } };
    },
  }),
  operation({
    id: "receiveText",
    tag: "texts",
    method: "post",
    route: "/texts",
    effect: "mark",
    summary: {
      zh: "收存对方交来的文字，并核对与账本上的摘要一致",
      en: "Keep a text that another department handed over, checked against its digest",
    },
    body: Type.Object(
      {
        digest: Digest,
        salt: Type.String({ pattern: "^[0-9a-f]{32}$" }),
        text: Type.String({ minLength: 1, maxLength: 4000 }),
      },
      closed,
    ),
    answers: { 204: Type.Object({}) },
    handle: async ({ services, body }) => {
      if (textDigest(body.text, body.salt) !== body.digest) {
        throw new ApiError("BAD_REQUEST", "body: text and salt do not give the digest");
      }
      const { digest, salt, text: content } = body;
      await services.db
        .insertInto("local.texts")
        .values({ digest, salt, content, noun: "", case_id: "", number: 0, time: services.now() ?? "" })
        .onConflict((conflict) => conflict.column("digest").doNothing())
        .execute();
      return { status: 204 };
    },
  }),
];
