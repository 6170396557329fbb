import type { Lineage, LineageEntry } from "../lineage.js";

/** Who says so, as a URI. */
const PRODUCER = "urn:x-wanlian:node";
const SPEC = "https://openlineage.io/spec";
const RUN_EVENT = `${SPEC}/2-0-2/OpenLineage.json#/$defs/RunEvent`;

/**
 * A lineage as OpenLineage events, oldest first: the registration of a release is a run that reads the releases it was made
 * from, and the one it takes the place of, and writes its dataset in a new version. A run is complete at once; the
 * specification wants its start told as well.
 */
export function openLineageOf({ releases }: Pick<Lineage, "releases">, channel: string): object[] {
  const byId = new Map(releases.map((one) => [one.release, one]));
  return [...releases]
    .sort((a, b) => a.registered.block - b.registered.block)
    .flatMap((release) => ["START", "COMPLETE"].map((eventType) => eventOf(eventType, release, byId, channel)));
}

function eventOf(
  eventType: string,
  release: LineageEntry,
  releases: ReadonlyMap<string, LineageEntry>,
  channel: string,
): object {
  const namespace = `wanlian://${encodeURIComponent(channel)}`;
  const sources = new Set([...release.derivedFrom, ...(release.revises === undefined ? [] : [release.revises])]);
  // What lies behind the answer's bound has no dataset's name here, and none is made up.
  const inputs = [...sources].flatMap((id) => releases.get(id) ?? []);
  return {
    eventType,
    eventTime: release.registered.time,
    producer: PRODUCER,
    schemaURL: RUN_EVENT,
    run: { runId: runIdOf(release.release) },
    job: { namespace, name: `${nameOf(release)}.register` },
    inputs: inputs.map((one) => datasetOf(one, namespace)),
    outputs: [outputOf(release, releases, namespace)],
  };
}

function outputOf(release: LineageEntry, releases: ReadonlyMap<string, LineageEntry>, namespace: string) {
  const { facets, ...output } = datasetOf(release, namespace);
  const columnLineage = columnLineageOf(release, releases, namespace);
  return {
    ...output,
    facets: { ...facets, ...(columnLineage === undefined ? {} : { columnLineage }) },
    // Of a product nobody has counted rows.
    ...(release.noun === "product" ? {} : { outputFacets: { outputStatistics: statisticsOf(release) } }),
  };
}

/** Which fields of the sources each field was made from; sources behind the answer's bound are left out. */
function columnLineageOf({ derivation }: LineageEntry, releases: ReadonlyMap<string, LineageEntry>, namespace: string) {
  const fields = new Map<string, object[]>();
  for (const { source, how, fields: pairs, program } of derivation) {
    const from = releases.get(source);
    if (from === undefined) continue;
    const transformation = {
      ...{ type: "DIRECT", subtype: how === "aggregated" ? "AGGREGATION" : "TRANSFORMATION" },
      description: program === undefined ? how : `${how} by sha256:${program}`,
    };
    for (const { field, as } of pairs) {
      const input = { namespace, name: nameOf(from), field, transformations: [transformation] };
      fields.set(as, [...(fields.get(as) ?? []), input]);
    }
  }
  if (fields.size === 0) return undefined;
  return {
    ...facet("1-2-0", "ColumnLineageDatasetFacet"),
    fields: Object.fromEntries([...fields].map(([as, inputFields]) => [as, { inputFields }])),
  };
}

/** A product stands beside datasets, under its own number: it has no place in a catalogue. */
const nameOf = ({ noun, dataset, provider, release }: LineageEntry): string =>
  noun === "product" ? `${provider}/product/${release}` : dataset;

function datasetOf(entry: LineageEntry, namespace: string) {
  const { release, fields, name } = entry;
  return {
    namespace,
    name: nameOf(entry),
    facets: {
      version: { ...facet("1-0-1", "DatasetVersionDatasetFacet"), datasetVersion: release },
      schema: { ...facet("1-2-0", "SchemaDatasetFacet"), fields: fields.map((field) => ({ name: field })) },
      ...(name === "" ? {} : { documentation: { ...facet("1-1-0", "DocumentationDatasetFacet"), description: name } }),
    },
  };
}

const statisticsOf = ({ rows }: LineageEntry) => ({
  ...facet("1-0-2", "OutputStatisticsOutputDatasetFacet"),
  rowCount: rows,
});

const facet = (version: string, name: string) => ({
  _producer: PRODUCER,
  _schemaURL: `${SPEC}/facets/${version}/${name}.json#/$defs/${name}`,
});

/** A UUID (RFC 9562, version 8) that is the same whenever the release is told of. */
function runIdOf(release: string): string {
  const hex = `${release.slice(0, 12)}8${release.slice(13, 16)}8${release.slice(17, 32)}`;
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}
