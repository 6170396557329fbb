import { type Static, Type } from "typebox";
import { ensure } from "../../errors.js";
import { DatasetId, Instant, MspId, OfficerNumber } from "../../identifiers.js";
import { rosterOf } from "../consortium/consortium.js";
import { checkSize, closed, MAX_NAME, Text, text } from "../limits.js";
import { checkPeriod } from "../period.js";
import { by, commandsOf, defineNoun, NONE, standing } from "../table.js";

/** Full-time stewards a department names; operator companies that work for it; datasets such a company may touch. */
const MAX_STEWARDS = 50;
const MAX_OPERATORS = 20;
const MAX_SCOPE = 200;
/** Bytes of a department's operators as JSON: the officers can be renewed beside them, and each can be dismissed. */
const MAX_OPERATORS_BYTES = 32 * 1024;
/** 统一社会信用代码, GB 32100-2015: 18 digits and capital letters, without I, O, Z, S, V. */
const SocialCreditCode = Type.String({ pattern: "^[0-9A-HJ-NP-RTUW-Y]{18}$", maxLength: 18 });

const officers = {
  name: text(MAX_NAME),
  /** 提供方代码 (GB/T 21063): the department's own code, shown with its datasets. */
  code: Type.Optional(SocialCreditCode),
  level: Type.Enum(["municipal", "county", "superior"]),
  head: OfficerNumber,
  deputy: OfficerNumber,
  stewards: Type.Array(OfficerNumber, { minItems: 1, maxItems: MAX_STEWARDS, uniqueItems: true }),
};

/** 平台运营企业: a company working for a department, with what it may touch and until when. */
const Operator = closed({
  code: SocialCreditCode,
  name: text(MAX_NAME),
  scope: Type.Array(DatasetId, { minItems: 1, maxItems: MAX_SCOPE, uniqueItems: true }),
  from: Instant,
  to: Instant,
});

export const JoinConsortium = closed(officers);
export const UpdateOfficers = closed(officers);
export const EngageOperator = Operator;
export const DismissOperator = closed({ code: SocialCreditCode, reasons: Type.Optional(Text) });
export const DepartConsortium = closed({ department: MspId });

export const MemberState = closed({
  status: Type.Enum(["active", "departed"]),
  ...officers,
  operators: Type.Array(Operator, { maxItems: MAX_OPERATORS }),
});
export type MemberState = Static<typeof MemberState>;

const CONSORTIUM = [standing("consortium", "consortium")];
const command = commandsOf<MemberState>();

/** 成员: a department of the consortium, its responsible officers, and the companies that work for it (R1). */
export const member = defineNoun<MemberState>({
  name: "member",
  title: { zh: "成员", en: "member" },
  identity: "department",
  statuses: ["active", "departed"],
  state: MemberState,
  commands: {
    join: command({
      summary: "take up membership, as a founder or after admission, naming the responsible officers",
      body: JoinConsortium,
      from: [NONE, "departed"],
      to: ["active"],
      by: by("self", "administrator"),
      standing: "newcomer",
      refers: () => CONSORTIUM,
      when(decision) {
        const { actor, policy } = decision;
        const roster = rosterOf(decision.find("consortium", "consortium"), policy.founders);
        ensure(roster.includes(actor.department), "NOT_A_MEMBER", `${actor.department} has not been admitted`);
      },
      apply: ({ body }) => ({ ...body, status: "active", operators: [] }),
    }),
    update: command({
      summary: "name other responsible officers",
      body: UpdateOfficers,
      from: ["active"],
      to: ["active"],
      by: by("self", "administrator"),
      apply: ({ body, current }) => ({ ...current, ...body }),
    }),
    engage: command({
      summary: "tie an operator company to the department, with what it may touch",
      body: EngageOperator,
      from: ["active"],
      to: ["active"],
      by: by("self", "administrator"),
      apply({ body, current, actor, time }) {
        checkPeriod("the engagement", body, time);
        const foreign = body.scope.find((dataset) => !dataset.startsWith(`${actor.department}/`));
        ensure(foreign === undefined, "NOT_OWNER", `${foreign} is not ${actor.department}'s to entrust`);
        const others = current.operators.filter((operator) => operator.code !== body.code);
        ensure(others.length < MAX_OPERATORS, "LIMIT_REACHED", `${MAX_OPERATORS} operators are engaged already`);
        const operators = [...others, body];
        checkSize("the operators", operators, MAX_OPERATORS_BYTES);
        return { ...current, operators };
      },
    }),
    dismiss: command({
      summary: "end an operator company's work",
      body: DismissOperator,
      from: ["active"],
      to: ["active"],
      by: by("self", "administrator"),
      when: ({ current }) => ensure(current.operators.length > 0, "NOT_FOUND", "no operator is engaged"),
      apply({ body, current }) {
        const others = current.operators.filter((operator) => operator.code !== body.code);
        ensure(others.length < current.operators.length, "NOT_FOUND", `${body.code} is not engaged`);
        return { ...current, operators: others };
      },
    }),
    depart: command({
      summary:
        "close the membership of a department that has left or was removed; an administrator or node of any member may",
      body: DepartConsortium,
      from: ["active"],
      to: ["departed"],
      by: by("member", "administrator", "node"),
      refers: () => CONSORTIUM,
      when(decision) {
        const { policy, ref } = decision;
        const roster = rosterOf(decision.find("consortium", "consortium"), policy.founders);
        ensure(!roster.some((id) => id === ref.case), "WRONG_STATE", `${ref.case} still belongs to the consortium`);
      },
      apply({ body, current, ref }) {
        ensure(
          body.department === ref.case,
          "MISMATCH",
          `the case is ${ref.case}'s, the body names ${body.department}`,
        );
        return { ...current, status: "departed", operators: [] };
      },
    }),
  },
  relations: ({ ref, actor }) => (ref.case === actor.department ? ["self"] : []),
  describe: (ref, state) => ({
    status: state.status,
    parties: [{ department: ref.case as MspId, relation: "self" }],
    deadlines: [],
    references: [],
    searchText: [state.name, ...state.operators.map((operator) => operator.name)].join(" "),
  }),
});
