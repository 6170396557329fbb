import type { FoldedAct } from "../../core/index.js";
import { named, ProvDocument } from "./document.js";

/**
 * What happened to a case, and to those that refer to it, as PROV: an act is an activity of an officer for the
 * department; it makes the state of its case from the one before. A void act is told, and makes nothing.
 */
export function provOfActs(acts: readonly FoldedAct[], channel: string): ProvDocument {
  const document = new ProvDocument(channel);
  const last = new Map<string, string>();
  for (const act of acts) {
    const { time } = act;
    const activity = document.activity(activityName(act), {
      time,
      attributes: {
        "prov:type": { name: named("terms", `${act.noun}.${act.type}`) },
        "terms:block": act.block,
        ...(act.counted ? {} : { "terms:void": act.reason ?? "" }),
      },
    });
    const department = document.department(act.department);
    const officer = document.officer(act.department, act.officer);
    document.relate("wasAssociatedWith", { activity, agent: officer });
    document.relate("actedOnBehalfOf", { delegate: officer, responsible: department, activity });
    if (!act.counted) continue;
    const general = document.entity(named("case", act.noun, act.case), {
      "prov:type": { name: named("terms", act.noun) },
    });
    const status = statusOf(act.state);
    const state = document.entity(named("state", act.noun, act.case, String(act.number)), {
      "prov:type": { name: "terms:State" },
      ...(status === undefined ? {} : { "terms:status": status }),
    });
    document.relate("specializationOf", { specificEntity: state, generalEntity: general });
    document.relate("wasGeneratedBy", { entity: state, activity, time });
    const before = last.get(general);
    if (before !== undefined) {
      document.relate("used", { activity, entity: before, time });
      const revision = { "prov:type": { name: "prov:Revision" } };
      document.relate("wasDerivedFrom", { generatedEntity: state, usedEntity: before, activity }, revision);
    }
    last.set(general, state);
  }
  return document;
}

/** By its transaction; what is void may have none that names it. */
const activityName = ({ transactionId, block, transaction }: FoldedAct) =>
  named("act", transactionId === "" ? `${block}-${transaction}` : transactionId);

function statusOf(state: unknown): string | undefined {
  if (typeof state !== "object" || state === null || !("status" in state)) return undefined;
  return typeof state.status === "string" ? state.status : undefined;
}
