import { Digest } from "@wanlian/model/identifiers.js";
import { Type } from "typebox";
import { ApiError } from "../../../core/index.js";
import { findCase, pageParameters } from "../../../read/index.js";
import { type Operation, operation } from "../../operation.js";
import { traceAuthor, traceCase, traceDigest, traceOperator } from "../../reading/trace.js";
import { FoldedAct, listOf } from "../../schemas.js";

const Department = Type.String({ maxLength: 64, minLength: 1 });
const Instant = Type.String({ pattern: "^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}Z$" });

const query = Type.Object(
  {
    ...pageParameters,
    from: Type.Optional(Instant),
    to: Type.Optional(Instant),
    noun: Type.Optional(Type.String({ maxLength: 32 })),
  },
  { additionalProperties: false },
);

export const traceOperations: readonly Operation[] = [
  operation({
    id: "traceDataset",
    tag: "trace",
    method: "get",
    route: "/trace/datasets/{provider}/{code}",
    summary: {
      zh: "一项数据的全部经过：目录、批次、申请与授权、异议",
      en: "Everything that happened to a dataset: entries, releases, applications and grants, objections",
    },
    path: Type.Object({ provider: Department, code: Type.String({ maxLength: 64 }) }, { additionalProperties: false }),
    query,
    answers: { 200: listOf(FoldedAct, "In ledger order, void acts included and marked") },
    handle: async ({ db, path, query }) => {
      const name = { noun: "dataset", case: `${path.provider}/${path.code}` };
      if ((await findCase(db, name)) === undefined) {
        throw new ApiError("NO_SUCH_CASE", `There is no dataset ${name.case}.`);
      }
      return { status: 200, body: { ...(await traceCase(db, name, query)) } };
    },
  }),
  operation({
    id: "traceDepartment",
    tag: "trace",
    method: "get",
    route: "/trace/departments/{department}",
    summary: { zh: "一个部门的全部行为", en: "Everything a department did" },
    path: Type.Object({ department: Department }, { additionalProperties: false }),
    query,
    answers: { 200: listOf(FoldedAct, "In ledger order, void acts included and marked") },
    handle: async ({ db, path, query }) => ({
      status: 200,
      body: { ...(await traceAuthor(db, path, query)) },
    }),
  }),
  operation({
    id: "traceOfficer",
    tag: "trace",
    method: "get",
    route: "/trace/departments/{department}/officers/{officer}",
    summary: { zh: "一名经办人的全部行为", en: "Everything an officer did" },
    path: Type.Object(
      { department: Department, officer: Type.String({ maxLength: 64 }) },
      { additionalProperties: false },
    ),
    query,
    answers: { 200: listOf(FoldedAct, "In ledger order, void acts included and marked") },
    handle: async ({ db, path, query }) => ({
      status: 200,
      body: { ...(await traceAuthor(db, path, query)) },
    }),
  }),
  operation({
    id: "traceCase",
    tag: "trace",
    method: "get",
    route: "/trace/cases/{noun}/{case}",
    summary: {
      zh: "一个事项及引用它的全部事项的经过：批次、授权、异议、委托、数据产品等",
      en: "What happened to a case and to all that refers to it: a release, a grant, an objection, a mandate, a product",
    },
    path: Type.Object(
      { noun: Type.String({ maxLength: 32 }), case: Type.String({ maxLength: 160 }) },
      { additionalProperties: false },
    ),
    query,
    answers: { 200: listOf(FoldedAct, "In ledger order, void acts included and marked") },
    handle: async ({ db, path, query }) => {
      if ((await findCase(db, path)) === undefined) {
        throw new ApiError("NO_SUCH_CASE", `There is no ${path.noun} ${path.case}.`);
      }
      return { status: 200, body: { ...(await traceCase(db, path, query)) } };
    },
  }),
  operation({
    id: "traceOperator",
    tag: "trace",
    method: "get",
    route: "/trace/departments/{department}/operators/{code}",
    summary: {
      zh: "一家运营企业受部门委托的全部经过；其调用见调用记录",
      en: "How an operator company was engaged by a department and dismissed; what it accessed is with the accesses",
    },
    path: Type.Object(
      { department: Department, code: Type.String({ maxLength: 64 }) },
      { additionalProperties: false },
    ),
    query,
    answers: { 200: listOf(FoldedAct, "In ledger order, void acts included and marked") },
    handle: async ({ db, path, query }) => ({
      status: 200,
      body: { ...(await traceOperator(db, path, query)) },
    }),
  }),
  operation({
    id: "traceDigest",
    tag: "trace",
    method: "get",
    route: "/trace/digests/{digest}",
    summary: {
      zh: "写有某一摘要的行为：证据、批次、文字、所引事项",
      en: "Acts that state a digest: of evidence, of a release, of a text, of what they cite",
    },
    path: Type.Object({ digest: Digest }, { additionalProperties: false }),
    query,
    answers: { 200: listOf(FoldedAct, "In ledger order, void acts included and marked") },
    handle: async ({ db, path, query }) => ({
      status: 200,
      body: { ...(await traceDigest(db, path.digest, query)) },
    }),
  }),
];
