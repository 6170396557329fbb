import { LedgerError } from "../errors.js";
import type { NounName } from "../kernel/act.js";
import type { NounDefinition } from "../kernel/noun.js";
import { application } from "./application/application.js";
import { clock } from "./clock/clock.js";
import { consortium } from "./consortium/consortium.js";
import { dataset } from "./dataset/dataset.js";
import { demand } from "./demand/demand.js";
import { log } from "./log/log.js";
import { mandate } from "./mandate/mandate.js";
import { member } from "./member/member.js";
import { objection } from "./objection/objection.js";
import { policy } from "./policy/policy.js";
import { release } from "./release/release.js";
import { suggestion } from "./suggestion/suggestion.js";

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
