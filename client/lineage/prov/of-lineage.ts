import type { Derivation } from "../derivation.js";
import type { Lineage, LineageEntry } from "../lineage.js";
import type { LineageObjection } from "../release.js";
import { named, ProvDocument } from "./document.js";

/**
 * A lineage as PROV: releases and objections are entities, the acts that made them activities, departments agents. A
 * withdrawn release is no invalidated entity: what was registered stays, and may be derived from later.
 */
export function provOfLineage({ releases, objections }: Lineage, channel: string): ProvDocument {
  const document = new ProvDocument(channel);
  for (const release of releases) tellRelease(document, release);
  for (const objection of objections) tellObjection(document, objection);
  return document;
}

function tellRelease(document: ProvDocument, release: LineageEntry): void {
  const { provider, registered, derivedFrom, revises, objection } = release;
  const entity = document.entity(named(release.noun, release.release), {
    ...(release.name === "" ? {} : { "prov:label": release.name }),
    "prov:type": { name: release.noun === "product" ? "terms:Product" : "terms:Release" },
    ...(release.product === undefined ? { "terms:dataset": release.dataset } : { "terms:kind": release.product.kind }),
    "terms:version": release.version,
    "terms:rows": release.rows,
    "terms:root": release.root,
    "terms:status": release.status,
    "terms:mark": release.mark,
    "terms:block": registered.block,
  });
  const { time } = registered;
  const activity = document.activity(named("act", release.release), {
    time,
    attributes: { "prov:type": { name: "terms:registration" } },
  });
  const department = document.department(provider);
  document.relate("wasGeneratedBy", { entity, activity, time });
  document.relate("wasAssociatedWith", { activity, agent: department });
  document.relate("wasAttributedTo", { entity, agent: department });
  // What takes the place of something is of its kind.
  const earlier = revises === undefined ? [] : [named(release.noun, revises)];
  for (const source of new Set([...derivedFrom.map(releaseName), ...earlier])) {
    document.relate("used", { activity, entity: document.entity(source), time });
  }
  for (const source of derivedFrom) {
    const made = release.derivation.filter((one) => one.source === source);
    const relation = { generatedEntity: entity, usedEntity: releaseName(source), activity };
    if (made.length === 0) document.relate("wasDerivedFrom", relation);
    for (const one of made) document.relate("wasDerivedFrom", relation, derivationAttributes(one));
  }
  for (const usedEntity of earlier) {
    const members = { generatedEntity: entity, usedEntity, activity };
    document.relate("wasDerivedFrom", members, { "prov:type": { name: "prov:Revision" } });
  }
  if (objection !== undefined) {
    document.relate("used", { activity, entity: document.entity(objectionName(objection)), time });
  }
}

/** How, and field by field: PROV leaves both to whoever tells. */
const derivationAttributes = ({ how, fields, program }: Derivation) => ({
  "terms:how": how,
  "terms:fields": fields.map(({ field, as }) => `${field} > ${as}`).join("; "),
  ...(program === undefined ? {} : { "terms:program": program }),
});

function tellObjection(document: ProvDocument, objection: LineageObjection): void {
  const { outcome, settled, raised } = objection;
  const entity = document.entity(objectionName(objection.objection), {
    "prov:type": { name: "terms:Objection" },
    "terms:status": objection.status,
    ...(outcome === undefined ? {} : { "terms:outcome": outcome }),
    ...(settled === undefined ? {} : { "terms:settled": settled }),
  });
  const { time } = raised;
  const activity = document.activity(named("act", objection.objection), {
    time,
    attributes: { "prov:type": { name: "terms:objecting" } },
  });
  const department = document.department(objection.objector);
  document.relate("wasGeneratedBy", { entity, activity, time });
  document.relate("used", { activity, entity: document.entity(releaseName(objection.release)), time });
  document.relate("wasAssociatedWith", { activity, agent: department });
  document.relate("wasAttributedTo", { entity, agent: department });
}

const releaseName = (id: string) => named("release", id);
const objectionName = (id: string) => named("objection", id);
