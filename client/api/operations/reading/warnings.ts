import { DatasetId, Digest, type Instant, MspId } from "@wanlian/model/identifiers.js";
import { endOfDay, startOfDay } from "@wanlian/model/time/instant.js";
import { wordsIn } from "@wanlian/words/index.js";
import { Type } from "typebox";
import { ApiError, type UseWarning } from "../../../core/index.js";
import { pageParameters } from "../../../read/index.js";
import { FEWEST_NOTE, listWarnings, markWarning, WARNING_KINDS } from "../../../warnings/index.js";
import { type Operation, operation } from "../../operation.js";
import { listOf, Warning } from "../../schemas.js";
import { callerOf } from "../session.js";

const closed = { additionalProperties: false } as const;
const MAX_NOTE = 1000;
/** Who looks after data, or after the node; whoever only uses data settles nothing. */
const MARKING_ROLES: readonly string[] = ["steward", "administrator", "auditor"];

export const warningOperations: readonly Operation[] = [
  operation({
    id: "listWarnings",
    tag: "exchange",
    method: "get",
    route: "/warnings",
    summary: {
      zh: "预警：本节点日志中不同寻常的调用，附依据的数字和所涉记录",
      en: "Unusual use in this node's log, with the figures and the records behind each",
    },
    query: Type.Object(
      {
        ...pageParameters,
        kind: Type.Optional(Type.Enum([...WARNING_KINDS])),
        consumer: Type.Optional(MspId),
        dataset: Type.Optional(DatasetId),
        shown: Type.Optional(
          Type.Enum(["open", "all"], { description: "Default: open, which nobody has looked into" }),
        ),
      },
      closed,
    ),
    answers: { 200: listOf(Warning, "The last first") },
    handle: async ({ db, query }) => {
      const { limit, cursor, ...filter } = query;
      const page = { ...(limit === undefined ? {} : { limit }), ...(cursor === undefined ? {} : { cursor }) };
      const { items, ...rest } = await listWarnings(db, filter, page);
      return { status: 200, body: { items: items.map(describeWarning), ...rest } };
    },
  }),
  operation({
    id: "markWarning",
    tag: "exchange",
    method: "post",
    route: "/warnings/{warning}/marks",
    effect: "mark",
    summary: { zh: "记下预警已核查及结论", en: "Note that a warning was looked into, and what came of it" },
    path: Type.Object({ warning: Digest }, closed),
    body: Type.Object({ note: Type.String({ minLength: FEWEST_NOTE, maxLength: MAX_NOTE }) }, closed),
    answers: { 204: Type.Object({}) },
    handle: async ({ db, services, path, body, caller }) => {
      const { officer, roles } = callerOf(caller).session.officer;
      if (!roles.some((role) => MARKING_ROLES.includes(role))) {
        throw new ApiError("ROLE_MISSING", `A warning is looked into by: ${MARKING_ROLES.join(", ")}.`);
      }
      const time = services.now();
      if (time === undefined) throw new ApiError("NO_SUCH_CASE", `There is no warning ${path.warning}.`);
      await markWarning(db, services.department, { id: path.warning, officer, time, note: body.note });
      return { status: 204 };
    },
  }),
];

/** Why in both languages, and the question to the log that finds the records behind it. */
export function describeWarning<T extends UseWarning>(warning: T): Record<string, unknown> {
  const { kind, figures, day, provider, consumer, dataset, officer, grant } = warning;
  const said = { provider, consumer, dataset, officer, grant };
  const named = Object.fromEntries(Object.entries(said).filter(([, value]) => value !== ""));
  const { provider: _p, consumer: _c, dataset: _d, officer: _o, grant: _g, ...rest } = warning;
  return {
    ...rest,
    ...named,
    title: { zh: wordsIn("zh").warning(kind), en: wordsIn("en").warning(kind) },
    message: { zh: wordsIn("zh").whyWarned(kind, figures), en: wordsIn("en").whyWarned(kind, figures) },
    records: { ...named, since: startOfDay(day as never) as Instant, until: endOfDay(day as never) as Instant },
  };
}
