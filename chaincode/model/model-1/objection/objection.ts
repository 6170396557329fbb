import { type DeadlineKind, OWED_BY_BUREAU } from "../deadlines.js";
import type { CaseRef } from "../table.js";
import { defineNoun, named, type Relation } from "../table.js";
import { ending } from "./ending.js";
import { OBJECTION_STATUSES, ObjectionState } from "./objection-schema.js";
import { raising } from "./raising.js";
import { verifying } from "./verifying.js";

/** 异议: a user doubts data; the provider verifies; nothing can silently disappear (requirements R5, plan item 8). */
export const objection = defineNoun<ObjectionState>({
  name: "objection",
  title: { zh: "异议", en: "objection" },
  identity: "transaction",
  statuses: OBJECTION_STATUSES,
  state: ObjectionState,
  fixed: ["dataset", "release", "provider", "objector", "officer"],
  commands: { ...raising, ...verifying, ...ending },
  relations: named("provider", "objector"),
  describe: (_ref, state) => ({
    status: state.status,
    parties: [
      { department: state.provider, relation: "provider" },
      { department: state.objector, relation: "objector" },
    ],
    deadlines: state.deadlines.map((deadline) => ({ ...deadline, owner: ownerOf(deadline.kind) })),
    references: references(state),
  }),
});

function ownerOf(kind: DeadlineKind): Relation {
  if (OWED_BY_BUREAU.includes(kind)) return "bureau";
  return kind === "objectionConfirmation" ? "objector" : "provider";
}

function references(state: ObjectionState): CaseRef[] {
  const releases = [state.release, ...state.corrections];
  return [{ noun: "dataset", case: state.dataset }, ...releases.map((id): CaseRef => ({ noun: "release", case: id }))];
}
