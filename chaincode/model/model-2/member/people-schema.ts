import { type Static, Type } from "typebox";
import { Instant, MspId, OfficerNumber, TransactionId } from "../../identifiers.js";
import { Recent } from "../../kernel/pace.js";
import { closed } from "../../kernel/schema.js";
import { Text } from "../../model-1/limits.js";
import { DismissOperator, EngageOperator, MemberState as MemberState1 } from "../../model-1/member/member.js";
import { exchange } from "./exchange-address.js";

/** 运营企业: as version 1 has its code. */
export const OperatorCode = DismissOperator.properties.code;

/** People and machines of all companies that work for a department, or have: their numbers stay known. */
export const MAX_COMPANY_OFFICERS = 100;
/** Companies that work for a department, or have. */
export const MAX_COMPANIES = 40;

const Officers = Type.Array(OfficerNumber, { maxItems: MAX_COMPANY_OFFICERS, uniqueItems: true });

/** 登记运营企业: version 1's, and which officers and machines are the company's. */
export const Engage = closed({
  ...EngageOperator.properties,
  officers: Type.Optional(Type.Array(OfficerNumber, { minItems: 1, maxItems: 50, uniqueItems: true })),
});
export type Engage = Static<typeof Engage>;

/** Whom a restraint stops: an officer or a machine by its number, or an operator company. */
const restrained = { officer: Type.Optional(OfficerNumber), company: Type.Optional(OperatorCode) };

export const Restrain = closed({
  department: MspId,
  incident: TransactionId,
  /** By a provider: a grant that it has given to the department. */
  grant: Type.Optional(TransactionId),
  ...restrained,
  reasons: Text,
});
export type Restrain = Static<typeof Restrain>;

export const Lift = closed({ department: MspId, incident: TransactionId, ...restrained, reasons: Type.Optional(Text) });
export type Lift = Static<typeof Lift>;

/** Restraints of one provider, of all providers and of the bureau on one department: no provider can use up others' room. */
export const MAX_OF_ONE = 4;
export const MAX_OF_PROVIDERS = 16;
export const MAX_OF_BUREAU = 8;

/** 限制调用: no use of data by whom it names: of its author's data, or of anybody's where the bureau says so. */
export const Restraint = closed({
  author: MspId,
  reach: Type.Enum(["own", "all"]),
  incident: TransactionId,
  ...restrained,
  from: Instant,
});
export type Restraint = Static<typeof Restraint>;

export const MemberState = closed({
  ...MemberState1.properties,
  recent: Type.Optional(Recent),
  ...exchange,
  operators: Type.Array(Engage, { maxItems: 20 }),
  /** Companies whose work has ended, and people and machines that were theirs: nobody's until they are engaged again. */
  formerOperators: Type.Optional(
    Type.Array(closed({ code: OperatorCode, officers: Officers }), { minItems: 1, maxItems: MAX_COMPANIES }),
  ),
  restraints: Type.Optional(Type.Array(Restraint, { minItems: 1, maxItems: MAX_OF_PROVIDERS + MAX_OF_BUREAU })),
});
export type MemberState = Static<typeof MemberState>;
