import { type Static, Type } from "typebox";
import { DatasetId, Day, Instant, LegalBasisId, MspId, OfficerNumber, TransactionId } from "../../identifiers.js";
import { Deadlines } from "../deadlines.js";
import { closed, count, FieldNames, MAX_NAME, MAX_SENTENCE, Text, text } from "../limits.js";
import { Purpose } from "../policy/policy-schema.js";

/** 频次: at most so many calls in a period. */
export const Frequency = closed({
  calls: Type.Integer({ minimum: 1, maximum: 1_000_000_000 }),
  per: Type.Enum(["day", "month", "total"]),
});

/** What an applicant asks for. Days are whole, in China Standard Time. */
const wish = {
  dataset: DatasetId,
  fields: FieldNames,
  purpose: Purpose,
  /** 场景: in what business; compared, word for word, at every access. */
  scenario: text(MAX_NAME),
  /** 申请依据: the duty or rule that needs the data. */
  duty: text(MAX_SENTENCE),
  from: Day,
  to: Day,
  frequency: Frequency,
};

/** 申请: for conditional data. 整体授权 and 同等代理授权 have a deadline of their own; a proxy cites its mandate. */
export const Apply = closed({
  ...wish,
  kind: Type.Enum(["ordinary", "blanket", "proxy"]),
  mandate: Type.Optional(TransactionId),
});
/** 无条件共享: granted at once, by the consumer's own act. */
export const Claim = closed(wish);
/** 应急绿色通道: answered at once, with a debt. */
export const DeclareEmergency = closed(wish);

/** Refusals name an article of the register; the schema lets it be missing so that the refusal can say what is wrong. */
const answer = { reasons: Text, basis: Type.Optional(LegalBasisId) };
export const GrantAccess = closed({
  dataset: DatasetId,
  fields: FieldNames,
  from: Day,
  to: Day,
  frequency: Frequency,
  conditions: Type.Optional(Text),
});
export const Refuse = closed({ dataset: DatasetId, ...answer });
export const RequestMore = closed({ questions: Text });
export const Supplement = closed({ answers: Text });
export const NotReceived = closed({ act: Type.Integer({ minimum: 1 }) });
export const Withdraw = closed({ reasons: Type.Optional(Text) });
export const Suspend = closed({ reasons: Text });
export const Resume = closed({ reasons: Type.Optional(Text) });
export const Revoke = closed(answer);
export const Review = closed({ outcome: Type.Enum(["justified", "unjustified"]), reasons: Text });
export const ReportUse = closed({ from: Day, to: Day, calls: count(), rows: count(), effect: Text });
export const RequestRenewal = closed({ to: Day, frequency: Frequency });
export const Renew = closed({ dataset: DatasetId, to: Day, frequency: Frequency });
export const DeclineRenewal = closed(answer);

/** 授权: who, which fields, from when to when, how often; of which act. */
export const Grant = closed({
  fields: FieldNames,
  from: Instant,
  to: Instant,
  frequency: Frequency,
  act: Type.Integer({ minimum: 1 }),
});
export type Grant = Static<typeof Grant>;

export const APPLICATION_STATUSES = [
  "applied",
  "incomplete",
  "granted",
  "suspended",
  "refused",
  "revoked",
  "withdrawn",
  "discontinued",
] as const;

const times = (maximum: number) => Type.Integer({ minimum: 0, maximum });

export const ApplicationState = closed({
  status: Type.Enum([...APPLICATION_STATUSES]),
  kind: Type.Enum(["ordinary", "blanket", "proxy", "unconditional", "emergency"]),
  dataset: DatasetId,
  provider: MspId,
  consumer: MspId,
  applicant: OfficerNumber,
  purpose: Purpose,
  scenario: text(MAX_NAME),
  wish: closed({ fields: FieldNames, from: Instant, to: Instant, frequency: Frequency }),
  principal: Type.Optional(MspId),
  mandate: Type.Optional(TransactionId),
  grant: Type.Optional(Grant),
  /** The last answer whose text the consumer has to receive. */
  answer: Type.Optional(closed({ act: Type.Integer(), at: Instant })),
  /** The article of a refusal or revocation, and whether the catalogue itself declares it. */
  refusal: Type.Optional(closed({ basis: LegalBasisId, declared: Type.Optional(Type.Boolean()) })),
  suspendedBy: Type.Optional(MspId),
  renewal: Type.Optional(closed({ to: Instant, frequency: Frequency })),
  /** The last day that a report of use covers, since the grant was given or renewed: one report serves one renewal. */
  reported: Type.Optional(Day),
  review: Type.Optional(Type.Enum(["justified", "unjustified"])),
  /** How often each repeatable step was taken: every loop has its bound. */
  times: closed({
    questions: times(1),
    notReceived: times(3),
    suspensions: times(100),
    reports: times(1000),
    renewals: times(20),
  }),
  deadlines: Deadlines,
});
export type ApplicationState = Static<typeof ApplicationState>;

/**
 * Whether access is allowed at an instant, as far as the grant goes. It expires by date, without anybody's act.
 * A proxy's needs its mandate besides: `mandateHolds`.
 */
export const grantHolds = (state: ApplicationState, at: Instant): boolean =>
  state.status === "granted" && state.grant !== undefined && state.grant.from <= at && at <= state.grant.to;

/** 应急授权的欠账: an emergency grant that has not been reviewed, whether the policy sets a date for it or not. */
export const owesReview = (state: ApplicationState): boolean =>
  state.kind === "emergency" && state.review === undefined;
