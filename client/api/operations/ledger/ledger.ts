import { Type } from "typebox";
import { ApiError } from "../../../core/index.js";
import { pageParameters } from "../../../read/index.js";
import {
  Authority,
  BlockEntry,
  BlockLine,
  ContractVersion,
  TransactionEntry,
  TransactionFound,
} from "../../answers/ledger.js";
import { type Operation, operation } from "../../operation.js";
import { listAuthorities, listContracts } from "../../reading/configuration.js";
import { findBlock, findTransactions, listBlocks, listRefused } from "../../reading/ledger.js";
import { listOf } from "../../schemas.js";

export const ledgerOperations: readonly Operation[] = [
  operation({
    id: "listBlocks",
    tag: "ledger",
    method: "get",
    route: "/blocks",
    summary: { zh: "区块列表", en: "Blocks" },
    query: Type.Object({ ...pageParameters }, { additionalProperties: false }),
    answers: { 200: listOf(BlockLine, "The last first") },
    handle: async ({ db, query }) => ({ status: 200, body: { ...(await listBlocks(db, query)) } }),
  }),
  operation({
    id: "listContracts",
    tag: "ledger",
    method: "get",
    route: "/contracts",
    summary: { zh: "合约的历次版本", en: "Every version of the contracts" },
    answers: { 200: listOf(ContractVersion, "The last first") },
    handle: async ({ db }) => ({ status: 200, body: { items: await listContracts(db) } }),
  }),
  operation({
    id: "listAuthorities",
    tag: "ledger",
    method: "get",
    route: "/authorities",
    summary: { zh: "各部门的根证书及其到期时间", en: "The departments' certificate authorities, and when they end" },
    answers: { 200: listOf(Authority, "Those that end first before the others") },
    handle: async ({ db, services }) => ({
      status: 200,
      body: { items: await listAuthorities(db, services.channel) },
    }),
  }),
  operation({
    id: "showBlock",
    tag: "ledger",
    method: "get",
    route: "/blocks/{number}",
    summary: { zh: "区块", en: "A block" },
    path: Type.Object({ number: Type.Integer({ minimum: 0 }) }, { additionalProperties: false }),
    answers: { 200: BlockEntry },
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
    answers: { 200: TransactionFound },
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
    answers: { 200: listOf(TransactionEntry, "In ledger order") },
    handle: async ({ db, query }) => ({ status: 200, body: { ...(await listRefused(db, query)) } }),
  }),
];
