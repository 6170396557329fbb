import { LedgerError } from "./errors.js";
import type { NounName } from "./kernel/act.js";
import type { NounDefinition } from "./kernel/noun.js";
import { application } from "./model-1/application/application.js";
import { clock } from "./model-1/clock/clock.js";
import { consortium } from "./model-1/consortium/consortium.js";
import { dataset } from "./model-1/dataset/dataset.js";
import { demand } from "./model-1/demand/demand.js";
import { log } from "./model-1/log/log.js";
import { mandate } from "./model-1/mandate/mandate.js";
import { member } from "./model-1/member/member.js";
import { objection } from "./model-1/objection/objection.js";
import { policy } from "./model-1/policy/policy.js";
import { release } from "./model-1/release/release.js";
import { suggestion } from "./model-1/suggestion/suggestion.js";

/** A released set of rules. Once released it is frozen by vectors: acts are judged by what was in force. */
export type Model = Readonly<Record<NounName, NounDefinition>>;

const MODEL_1: Model = {
  policy,
  clock,
  consortium,
  member,
  mandate,
  dataset,
  release,
  demand,
  application,
  objection,
  suggestion,
  log,
};

const RELEASED: ReadonlyMap<number, Model> = new Map([[1, MODEL_1]]);

/** The model that new channels begin with. */
export const LATEST_MODEL = Math.max(...RELEASED.keys());

export const isReleased = (version: number): boolean => RELEASED.has(version);

/** @throws LedgerError UNKNOWN_MODEL if this software lacks it: then it has to be upgraded before it can go on */
export function modelOfVersion(version: number = LATEST_MODEL): Model {
  const model = RELEASED.get(version);
  if (!model)
    throw new LedgerError("UNKNOWN_MODEL", `this software has no model ${version}; upgrade it`, {
      details: { version },
    });
  return model;
}
