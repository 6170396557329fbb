import { type Static, Type } from "typebox";
import { cityUse, TOTALLED_BY } from "../../../supervision/index.js";
import { CityUse } from "../../answers/supervision.js";
import { type Operation, operation, type Request } from "../../operation.js";
import { listOf } from "../../schemas.js";
import { MONTH } from "./usage.js";

const Month = Type.String({ pattern: MONTH, maxLength: 7 });
const Query = Type.Object(
  {
    by: Type.Optional(Type.Enum([...TOTALLED_BY])),
    from: Type.Optional(Month),
    to: Type.Optional(Month),
  },
  { additionalProperties: false },
);

/** The city's use, in figures and their trend: from the ledger alone, the same at every node. */
export const cityUseOperations: readonly Operation[] = [
  operation({
    id: "cityUse",
    tag: "usage",
    method: "get",
    route: "/city-use",
    summary: {
      zh: "全市用数及趋势：按月汇总各部门填报，不含任何单条记录",
      en: "The city's use and its trend: what departments state, added up by month; no single record",
    },
    query: Query,
    answers: { 200: listOf(CityUse, "By month; in each, what was used most first") },
    handle: async (request) => ({ status: 200, body: { items: await asked(request) } }),
  }),
];

function asked({
  db,
  services,
  query: { by = "dataset", ...months },
}: Pick<Request, "db" | "services"> & { readonly query: Static<typeof Query> }): ReturnType<typeof cityUse> {
  return cityUse(db, services.model().reading, by, months);
}
