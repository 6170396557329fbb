import { TransactionId } from "@wanlian/model/identifiers.js";
import { type TSchema, Type } from "typebox";
import { ApiError, type NodeServices } from "../../../core/index.js";
import {
  type Lineage,
  type LineageQuestion,
  lineageOf,
  openLineageOf,
  type ProvDocument,
  provJson,
  provN,
  provOfActs,
  provOfLineage,
} from "../../../lineage/index.js";
import { type Db, findCase } from "../../../read/index.js";
import { text } from "../../answers/answer.js";
import { ProvJson } from "../../answers/standards.js";
import { type Operation, operation } from "../../operation.js";
import { traceCase } from "../../reading/trace.js";
import { lineageQuery } from "./lineage.js";

const closed = { additionalProperties: false } as const;

const INSTANT = "^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}Z$";

/** Acts in one document; a longer history is asked for in parts, by time. */
const MOST_ACTS = 500;

interface Form {
  readonly name: string;
  readonly id: string;
  readonly ending: string;
  readonly media: Operation["media"];
  readonly answer: TSchema;
  write(document: ProvDocument): string;
}

/** The forms of W3C PROV in which other systems read provenance. */
const FORMS: readonly Form[] = [
  {
    ...{ name: "PROV-JSON", id: "ProvJson", ending: "prov-json", media: "application/prov+json" },
    answer: ProvJson,
    write: (document) => `${JSON.stringify(provJson(document), null, 2)}\n`,
  },
  {
    ...{ name: "PROV-N", id: "ProvN", ending: "prov-n", media: "text/provenance-notation" },
    answer: text("A document of W3C PROV-N"),
    write: provN,
  },
];

export const provenanceOperations: readonly Operation[] = [
  ...FORMS.flatMap((form) => [ofLineage(form), ofDataset(form)]),
  operation({
    id: "lineageAsOpenLineage",
    tag: "trace",
    method: "get",
    route: "/releases/{case}/lineage/openlineage",
    media: "application/x-ndjson",
    summary: {
      zh: "一个批次的来源与去向（OpenLineage 事件，每行一件）",
      en: "The lineage of a release as OpenLineage events, one a line",
    },
    path: Type.Object({ case: TransactionId }, closed),
    query: lineageQuery,
    answers: { 200: text("OpenLineage run events, one a line, oldest first") },
    handle: async ({ db, services, path, query }) => {
      const found = await existingLineage(db, services, { release: path.case, ...query });
      const lines = openLineageOf(found, services.channel).map((event) => `${JSON.stringify(event)}\n`);
      return asFile(lines.join(""), `lineage-${path.case.slice(0, 12)}.ndjson`);
    },
  }),
];

async function existingLineage(
  db: Db,
  services: Pick<NodeServices, "model">,
  question: LineageQuestion,
): Promise<Lineage> {
  const found = await lineageOf(db, services.model().reading, question);
  if (found === undefined) throw new ApiError("NO_SUCH_CASE", `There is no release ${question.release}.`);
  return found;
}

function ofLineage(form: Form): Operation {
  const { name, id, ending, media } = form;
  return operation({
    id: `lineageAs${id}`,
    tag: "trace",
    method: "get",
    route: `/releases/{case}/lineage/${ending}`,
    media,
    summary: { zh: `一个批次的来源与去向（W3C ${name}）`, en: `The lineage of a release as W3C ${name}` },
    path: Type.Object({ case: TransactionId }, closed),
    query: lineageQuery,
    answers: { 200: form.answer },
    handle: async ({ db, services, path, query }) => {
      const found = await existingLineage(db, services, { release: path.case, ...query });
      const document = provOfLineage(found, services.channel);
      return asFile(form.write(document), `lineage-${path.case.slice(0, 12)}.${ending}`);
    },
  });
}

function ofDataset(form: Form): Operation {
  const { name, id, ending, media } = form;
  return operation({
    id: `datasetTraceAs${id}`,
    tag: "trace",
    method: "get",
    route: `/trace/datasets/{provider}/{code}/${ending}`,
    media,
    summary: {
      zh: `一项数据的全部经过（W3C ${name}），至多${MOST_ACTS}项行为，更多的按时间分段取`,
      en: `Everything that happened to a dataset as W3C ${name}: ${MOST_ACTS} acts at most, more of them part by part, by time`,
    },
    path: Type.Object({ provider: Type.String({ maxLength: 64 }), code: Type.String({ maxLength: 64 }) }, closed),
    query: Type.Object(
      {
        from: Type.Optional(Type.String({ pattern: INSTANT })),
        to: Type.Optional(Type.String({ pattern: INSTANT })),
      },
      closed,
    ),
    answers: { 200: form.answer },
    handle: async ({ db, services, path, query }) => {
      const dataset = { noun: "dataset", case: `${path.provider}/${path.code}` };
      if ((await findCase(db, dataset)) === undefined) {
        throw new ApiError("NO_SUCH_CASE", `There is no dataset ${dataset.case}.`);
      }
      const page = await traceCase(db, dataset, { ...query, limit: MOST_ACTS });
      if (page.next !== undefined) {
        const detail = `More than ${MOST_ACTS} acts: ask for a shorter time, with from and to.`;
        throw new ApiError("BAD_REQUEST", detail);
      }
      const file = `trace-${path.provider}-${path.code}.${ending}`.replaceAll(/[^\w.-]/g, "_");
      return asFile(form.write(provOfActs(page.items, services.channel)), file);
    },
  });
}

function asFile(text: string, name: string) {
  return {
    status: 200,
    headers: { "Content-Disposition": `attachment; filename="${name}"` },
    stream: oneChunk(text),
  };
}

async function* oneChunk(text: string): AsyncGenerator<string> {
  yield text;
}
