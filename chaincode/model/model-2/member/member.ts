import type { CommandDefinition, NounDefinition } from "../../kernel/noun.js";
import { member as member1 } from "../../model-1/member/member.js";
import { rowOf } from "../../model-1/table.js";
import { engage, keepingPeople } from "./engaging.js";
import { join, update } from "./exchange-address.js";
import { MemberState } from "./people-schema.js";
import { restraining } from "./restraining.js";

const row = (type: string): CommandDefinition => rowOf(member1, type);

/**
 * Version 1's; a department can say where its exchange is; an engagement can say which officers and machines are the company's, and what others' data they may use; they
 * are known for the company's when its work has ended. And who is part of an incident can be restrained.
 */
export const member: NounDefinition = {
  ...member1,
  state: MemberState,
  commands: {
    ...member1.commands,
    join: keepingPeople(join),
    update,
    engage,
    dismiss: keepingPeople(row("dismiss")),
    depart: keepingPeople(row("depart")),
    ...restraining,
  },
  describe(ref, state, body) {
    const description = member1.describe(ref, state, body);
    const { restraints = [] } = state as MemberState;
    const authors = new Set(restraints.map((restraint) => restraint.author));
    const incidents = new Set(restraints.map((restraint) => restraint.incident));
    return {
      ...description,
      parties: [
        ...description.parties,
        ...[...authors].map((department) => ({ department, relation: "author" as const })),
      ],
      references: [...description.references, ...[...incidents].map((id) => ({ noun: "incident", case: id }))],
    };
  },
};
