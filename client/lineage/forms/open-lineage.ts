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
    job: { namespace, name: `${release.dataset}.register` },
    inputs: inputs.map((one) => datasetOf(one, namespace)),
    outputs: [{ ...datasetOf(release, namespace), outputFacets: { outputStatistics: statisticsOf(release) } }],
  };
}

function datasetOf({ dataset, release, fields, name }: LineageEntry, namespace: string) {
  return {
    namespace,
    name: dataset,
    facets: {
      version: { ...facet("1-0-1", "DatasetVersionDatasetFacet"), datasetVersion: release },
      schema: { ...facet("1-1-1", "SchemaDatasetFacet"), fields: fields.map((field) => ({ name: field })) },
      ...(name === "" ? {} : { documentation: { ...facet("1-0-1", "DocumentationDatasetFacet"), description: name } }),
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
