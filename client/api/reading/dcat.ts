import type { CatalogueItem } from "./catalogue.js";

/** Names that JSON-LD shortens; nothing is fetched to read a catalogue. */
const CONTEXT = {
  dcat: "http://www.w3.org/ns/dcat#",
  dct: "http://purl.org/dc/terms/",
  dqv: "http://www.w3.org/ns/dqv#",
  foaf: "http://xmlns.com/foaf/0.1/",
  xsd: "http://www.w3.org/2001/XMLSchema#",
};

const AUTHORITY = "http://publications.europa.eu/resource/authority";

/** Cycles of updates by the EU's list of frequencies, which DCAT-AP asks for. */
const FREQUENCIES: Readonly<Record<string, string>> = {
  realTime: "UPDATE_CONT",
  daily: "DAILY",
  weekly: "WEEKLY",
  monthly: "MONTHLY",
  quarterly: "QUARTERLY",
  halfYearly: "ANNUAL_2",
  yearly: "ANNUAL",
  irregular: "IRREG",
};

/** Who may have it outside the consortium, by the EU's list of access rights. */
const ACCESS_RIGHTS: Readonly<Record<string, string>> = {
  unconditional: "PUBLIC",
  conditional: "RESTRICTED",
  closed: "NON_PUBLIC",
};

export interface DcatCatalogue {
  readonly channel: string;
  /** The data bureau, which keeps the catalogue. */
  readonly publisher: string;
  /** What departments are called, by MSP id. */
  readonly names: ReadonlyMap<string, string>;
}

/**
 * The catalogue as DCAT 3 in JSON-LD, dataset by dataset as they are read: a catalogue of any size takes no room here.
 * A dataset's newest release is its current version; where data is had is the node's matter, and no address is made up.
 */
export async function* dcatLines(
  catalogue: DcatCatalogue,
  items: AsyncIterable<CatalogueItem>,
): AsyncGenerator<string> {
  const head = {
    "@context": CONTEXT,
    "@id": nameIn(catalogue, "catalogue"),
    "@type": "dcat:Catalog",
    "dct:title": words("数据资源目录"),
    "dct:description": words("各部门登记的数据资源，以账本为准"),
    "dct:publisher": agent(catalogue, catalogue.publisher),
  };
  yield `${JSON.stringify(head).slice(0, -1)},"dcat:dataset":[`;
  let separator = "\n";
  for await (const item of items) {
    yield `${separator}${JSON.stringify(dcatDataset(catalogue, item))}`;
    separator = ",\n";
  }
  yield "\n]}\n";
}

function dcatDataset(catalogue: DcatCatalogue, item: CatalogueItem): object {
  const entry = new Map<string, unknown>(Object.entries(Object(item.entry)));
  const text = (member: string) => String(entry.get(member) ?? "");
  const classOf = (member: string) => String(Object(entry.get(member)).class ?? "");
  const provider = item.case.slice(0, item.case.indexOf("/"));
  const category: unknown = entry.get("category");
  const titled = { "dct:title": words(text("name")), "dct:description": words(text("abstract")) };
  const { latestRelease, openObjections } = item;
  return {
    "@id": nameIn(catalogue, "dataset", item.case),
    "@type": "dcat:Dataset",
    ...titled,
    "dct:identifier": item.case,
    "dct:publisher": agent(catalogue, provider),
    "dct:issued": { "@value": text("published"), "@type": "xsd:date" },
    "dct:modified": { "@value": item.changed.time, "@type": "xsd:dateTime" },
    "dcat:version": String(Object(item.state).version),
    "dcat:keyword": Array.isArray(category) ? category.map(words) : [],
    ...listed("dct:accrualPeriodicity", "frequency", "dct:Frequency", FREQUENCIES[text("updateCycle")]),
    ...listed("dct:accessRights", "access-right", "dct:RightsStatement", ACCESS_RIGHTS[classOf("open")]),
    ...(latestRelease === undefined
      ? {}
      : {
          "dcat:hasCurrentVersion": {
            "@id": nameIn(catalogue, "release", latestRelease),
            "@type": "dcat:Dataset",
            ...titled,
          },
        }),
    ...(openObjections.length === 0
      ? {}
      : {
          "dqv:hasQualityAnnotation": openObjections.map((id) => ({
            "@id": nameIn(catalogue, "objection", id),
            "@type": "dqv:UserQualityFeedback",
          })),
        }),
  };
}

const words = (text: unknown) => ({ "@value": String(text), "@language": "zh" });

/** With its class, which DCAT-AP's shapes ask of whoever has not read the list. */
const listed = (member: string, list: string, type: string, code: string | undefined) =>
  code === undefined ? {} : { [member]: { "@id": `${AUTHORITY}/${list}/${code}`, "@type": type } };

function agent(catalogue: DcatCatalogue, mspId: string): object {
  return {
    "@id": nameIn(catalogue, "department", mspId),
    "@type": "foaf:Agent",
    "foaf:name": words(catalogue.names.get(mspId) ?? mspId),
  };
}

/** The names that W3C PROV documents of the node use too. */
function nameIn({ channel }: DcatCatalogue, kind: string, id?: string): string {
  const local = id === undefined ? [] : [id.split("/").map(encodeURIComponent).join("/")];
  return ["urn:x-wanlian", encodeURIComponent(channel), kind, ...local].join(":");
}
