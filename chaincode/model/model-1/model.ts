import { CLOCK_CASE, POLICY_CASE, timeOn } from "../in-force.js";
import type { Actor } from "../kernel/act.js";
import type { Heads } from "../kernel/heads.js";
import type { Model, Situation } from "../kernel/model.js";
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
import { type PolicyInForce, policyAt } from "./policy/policy-in-force.js";
import { reading1 } from "./reading.js";
import { release } from "./release/release.js";
import type { StateOf } from "./states.js";
import { suggestion } from "./suggestion/suggestion.js";
import type { Relation } from "./table.js";

interface Situation1 extends Situation {
  readonly policy: PolicyInForce | undefined;
}

/** The first version of the rules: what the plan of 2022 says, and what a consortium needs besides. */
export const model1: Model = {
  version: 1,
  nouns: {
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
  },
  foundations: (actor) => [POLICY_CASE, CLOCK_CASE, memberCase(actor)],
  situation: situationOf,
  relations: ({ policy: rules, isMember }: Situation1, actor): Relation[] => [
    ...(isMember ? (["member"] as const) : []),
    ...(rules?.bureau === actor.department ? (["bureau"] as const) : []),
  ],
  reading: reading1,
};

const memberCase = (actor: Actor) => ({ noun: "member", case: actor.department });

function situationOf(heads: Heads, actor: Actor): Situation1 {
  const time = timeOn(heads);
  const member = heads(memberCase(actor)).state as StateOf<"member"> | undefined;
  const opened = heads(POLICY_CASE).state as StateOf<"policy"> | undefined;
  return { time, policy: opened && policyAt(opened, time), isMember: member?.status === "active" };
}
