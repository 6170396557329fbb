import { Type } from "typebox";
import { ApiError } from "../../../core/index.js";
import { findCase, pageParameters } from "../../../read/index.js";
import { type Operation, operation } from "../../operation.js";
import { listGrants, searchCatalogue } from "../../reading/catalogue.js";
import { CatalogueItem, GrantItem, listOf } from "../../schemas.js";

const closed = { additionalProperties: false } as const;

export const catalogueOperations: readonly Operation[] = [
  operation({
    id: "searchCatalogue",
    tag: "catalogue",
    method: "get",
    route: "/catalogue",
    summary: {
      zh: "检索数据资源目录；有未结异议的带标注",
      en: "Search the catalogue; data with open objections carries their label",
    },
    query: Type.Object(
      {
        ...pageParameters,
        text: Type.Optional(Type.String({ maxLength: 200, description: "Words that entry or fields hold" })),
        provider: Type.Optional(Type.String({ maxLength: 64 })),
        share: Type.Optional(Type.Enum(["unconditional", "conditional", "withheld"])),
        status: Type.Optional(Type.Enum(["registered", "withdrawn"], { description: "Default registered" })),
      },
      closed,
    ),
    answers: {
      200: listOf(CatalogueItem, "Those that changed last first"),
    },
    handle: async ({ db, services, query }) => ({
      status: 200,
      body: { ...(await searchCatalogue(db, query, services.model().reading)) },
    }),
  }),
  operation({
    id: "listGrants",
    tag: "catalogue",
    method: "get",
    route: "/datasets/{provider}/{code}/grants",
    summary: { zh: "一项数据的授权", en: "Who holds grants on a dataset" },
    path: Type.Object({ provider: Type.String({ maxLength: 64 }), code: Type.String({ maxLength: 64 }) }, closed),
    query: Type.Object({ ...pageParameters }, closed),
    answers: {
      200: listOf(GrantItem, "Applications with a grant; inForce by the ledger's clock. Those that changed last first"),
    },
    handle: async ({ db, services, path, query }) => {
      const id = `${path.provider}/${path.code}`;
      const found = await findCase(db, { noun: "dataset", case: id });
      if (found === undefined) throw new ApiError("NO_SUCH_CASE", `There is no dataset ${id}.`);
      return { status: 200, body: { ...(await listGrants(db, id, query, services.now(), services.model().reading)) } };
    },
  }),
];
