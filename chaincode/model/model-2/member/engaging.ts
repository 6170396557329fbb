import { ensure } from "../../errors.js";
import type { OfficerNumber } from "../../identifiers.js";
import type { CaseState } from "../../kernel/act.js";
import type { CommandDefinition } from "../../kernel/noun.js";
import { checkSize } from "../../model-1/limits.js";
import { checkPeriod } from "../../model-1/period.js";
import { by, commandsOf } from "../../model-1/table.js";
import { codesOf } from "./people.js";
import { Engage, MAX_COMPANIES, MAX_COMPANY_OFFICERS, type MemberState } from "./people-schema.js";

/** Operators at one time, and their bytes as JSON: beside them the officers can be renewed, and each can be dismissed. */
const MAX_OPERATORS = 20;
const MAX_OPERATORS_BYTES = 20 * 1024;

type Former = NonNullable<MemberState["formerOperators"]>;

/** Of one's own data what a company may touch, of others' what it may use under one's grants: by its people and machines. */
export const engage = commandsOf<MemberState>()({
  summary: "tie an operator company to the department, with its people and machines and what they may touch",
  body: Engage,
  from: ["active"],
  to: ["active"],
  by: by("self", "administrator"),
  apply({ body, current, actor, time }) {
    checkPeriod("the engagement", body, time);
    const { code, officers, scope } = body;
    const foreign = scope.find((dataset) => !dataset.startsWith(`${actor.department}/`));
    ensure(
      foreign === undefined || officers !== undefined,
      "INVALID_INPUT",
      `${foreign} is used by named people alone`,
    );
    const others = current.operators.filter((operator) => operator.code !== code);
    ensure(others.length < MAX_OPERATORS, "LIMIT_REACHED", `${MAX_OPERATORS} operators are engaged already`);
    const taken = officers?.find((officer) => others.some((operator) => operator.officers?.includes(officer)));
    ensure(taken === undefined, "MISMATCH", `${taken} is another operator's`);
    const operators = [...others, body];
    checkSize("the operators", operators, MAX_OPERATORS_BYTES);
    const after = withFormer(current, { ...current, operators });
    ensure(
      codesOf(after).length <= MAX_COMPANIES,
      "LIMIT_REACHED",
      `${MAX_COMPANIES} companies work or have worked here`,
    );
    ensure(
      peopleOf(after).length <= MAX_COMPANY_OFFICERS,
      "LIMIT_REACHED",
      `companies have had ${MAX_COMPANY_OFFICERS} people and machines here`,
    );
    return after;
  },
});

/** A row of version 1 that ends engagements: whose people they were stays known, and no restraint ends with it. */
export function keepingPeople(row: CommandDefinition): CommandDefinition {
  return {
    ...row,
    apply(circumstances): CaseState {
      const before = circumstances.state as MemberState | undefined;
      const after = row.apply(circumstances) as MemberState;
      if (before === undefined) return after;
      const { restraints } = before;
      return withFormer(before, restraints === undefined ? after : { ...after, restraints });
    },
  };
}

/** Companies that no longer work there, and people that their engagement no longer names, are former ones. */
function withFormer(before: MemberState, after: MemberState): MemberState {
  const engaged = after.operators.flatMap(({ officers = [] }) => officers);
  const known = [
    ...(before.formerOperators ?? []),
    ...before.operators.map(({ code, officers = [] }) => ({ code, officers })),
  ];
  const byCode = new Map<string, Set<OfficerNumber>>();
  for (const { code, officers } of known) {
    const people = byCode.get(code) ?? new Set();
    for (const officer of officers) if (!engaged.includes(officer)) people.add(officer);
    byCode.set(code, people);
  }
  const isThere = new Set(after.operators.map(({ code }) => code));
  const former: Former = [...byCode]
    .filter(([code, people]) => people.size > 0 || !isThere.has(code))
    .map(([code, people]) => ({ code, officers: [...people] }));
  const { formerOperators: _former, ...rest } = after;
  return former.length === 0 ? rest : { ...rest, formerOperators: former };
}

const peopleOf = ({ operators, formerOperators = [] }: MemberState): OfficerNumber[] => [
  ...operators.flatMap(({ officers = [] }) => officers),
  ...formerOperators.flatMap(({ officers }) => officers),
];
