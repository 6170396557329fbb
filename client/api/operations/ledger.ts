import { Type } from "typebox";
import { ApiError } from "../../core/index.js";
import { pageParameters } from "../../read/index.js";
import { type Operation, operation } from "../operation.js";
import { findBlock, findTransactions, listRefused } from "../reading/ledger.js";
import { anything, listOf } from "../schemas.js";

export const ledgerOperations: readonly Operation[] = [
  operation({
    id: "showBlock",
    tag: "ledger",
    method: "get",
    route: "/blocks/{number}",
    summary: { zh: "区块", en: "A block" },
    path: Type.Object({ number: Type.Integer({ minimum: 0 }) }, { additionalProperties: false }),
    answers: { 200: anything("Hashes, validation codes, transactions") },
    handle: async ({ db, path }) => {
      const block = await findBlock(db, path.number);
      if (block === undefined) throw new ApiError("NO_SUCH_ENTRY", `This node has no block ${path.number}.`);
      return { status: 200, body: { ...block } };
    },
  }),
  operation({
    id: "showTransaction",
    tag: "ledger",
    method: "get",
    route: "/transactions/{id}",
    summary: { zh: "交易及其行为", en: "A transaction and what it did" },
    path: Type.Object({ id: Type.String({ pattern: "^[0-9a-f]{64}$" }) }, { additionalProperties: false }),
    answers: { 200: anything("Each appearance on the ledger, with its validation code and acts") },
    handle: async ({ db, path }) => {
      const appearances = await findTransactions(db, path.id);
      if (appearances.length === 0) throw new ApiError("NO_SUCH_ENTRY", `This node has no transaction ${path.id}.`);
      return { status: 200, body: { id: path.id, appearances } };
    },
  }),
  operation({
    id: "listRefusedTransactions",
    tag: "ledger",
    method: "get",
    route: "/transactions",
    summary: { zh: "验证未通过的交易", en: "Transactions that validation refused" },
    query: Type.Object(
      { ...pageParameters, department: Type.Optional(Type.String({ maxLength: 64 })) },
      { additionalProperties: false },
    ),
    answers: { 200: listOf(anything("Transaction"), "In ledger order") },
    handle: async ({ db, query }) => ({ status: 200, body: { ...(await listRefused(db, query)) } }),
  }),
];
