import { type DatasetId, TransactionId } from "@wanlian/model/identifiers.js";
import type { CaseState } from "@wanlian/model/kernel/act.js";
import type { Reading } from "@wanlian/model/reading.js";
import { Type } from "typebox";
import { ApiError } from "../../../core/index.js";
import { type Db, everyCase, findCase, pageParameters } from "../../../read/index.js";
import { CoveredDataset } from "../../answers/catalogue.js";
import { DcatCatalogue } from "../../answers/standards.js";
import { type Operation, operation } from "../../operation.js";
import { type CatalogueItem as Item, listGrants, searchCatalogue } from "../../reading/catalogue.js";
import { coveredBy } from "../../reading/covered.js";
import { dcatLines } from "../../reading/dcat.js";
import { CatalogueItem, GrantItem, listOf } from "../../schemas.js";
import { policyInForce } from "./cases.js";

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
    id: "catalogueAsDcat",
    tag: "catalogue",
    method: "get",
    route: "/catalogue/dcat",
    media: "application/ld+json",
    summary: { zh: "数据资源目录（DCAT 3，JSON-LD）", en: "The catalogue as DCAT 3 in JSON-LD" },
    answers: { 200: DcatCatalogue },
    handle: async ({ db, services }) => {
      const policy = await policyInForce({ services, db });
      if (policy === undefined) throw new ApiError("NO_SUCH_CASE", "The channel has no policy yet.");
      const catalogue = { channel: services.channel, publisher: policy.bureau, names: await memberNames(db) };
      return {
        status: 200,
        headers: { "Content-Disposition": 'attachment; filename="catalogue.jsonld"' },
        stream: dcatLines(catalogue, everyEntry(db, services.model().reading)),
      };
    },
  }),
  operation({
    id: "listCovered",
    tag: "catalogue",
    method: "get",
    route: "/applications/{case}/datasets",
    summary: { zh: "一项授权现在涵盖的数据资源", en: "The datasets that a grant covers now" },
    path: Type.Object({ case: TransactionId }, closed),
    answers: { 200: listOf(CoveredDataset, "The dataset that it names first, then those of its class") },
    handle: async ({ db, services, path }) => {
      const found = await findCase(db, { noun: "application", case: path.case });
      if (found === undefined) throw new ApiError("NO_SUCH_CASE", `There is no application ${path.case}.`);
      const items = await coveredBy(db, found.state as CaseState, services.model().reading);
      return { status: 200, body: { items } };
    },
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
      const id = `${path.provider}/${path.code}` as DatasetId;
      const found = await findCase(db, { noun: "dataset", case: id });
      if (found === undefined) throw new ApiError("NO_SUCH_CASE", `There is no dataset ${id}.`);
      return { status: 200, body: { ...(await listGrants(db, id, query, services.now(), services.model().reading)) } };
    },
  }),
];

/** Page by page: a catalogue of any size. */
async function* everyEntry(db: Db, reading: Reading): AsyncGenerator<Item> {
  let cursor: string | undefined;
  do {
    const page = await searchCatalogue(
      db,
      { limit: ENTRIES_A_READ, ...(cursor === undefined ? {} : { cursor }) },
      reading,
    );
    yield* page.items;
    cursor = page.next;
  } while (cursor !== undefined);
}

const ENTRIES_A_READ = 25;

async function memberNames(db: Db): Promise<ReadonlyMap<string, string>> {
  const members = await everyCase(db, "member", {});
  return new Map(members.map(({ case: id, state }) => [id, String(Object(state).name ?? id)]));
}
