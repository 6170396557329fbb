import { Type } from "typebox";

/** What answers are made of, as the document shows it. */

/** A schema's title is its name in the document. */
const open = (title: string) => ({ additionalProperties: true, title }) as const;
const Integer = Type.Integer({ minimum: 0 });
const Instant = Type.String({ description: "RFC 3339, UTC, by the ledger's clock." });

export const Moment = Type.Object({ time: Instant, block: Integer }, { title: "Moment" });

export const CaseSummary = Type.Object(
  {
    noun: Type.String(),
    case: Type.String(),
    status: Type.String(),
    act: Type.Integer({ description: "Number of its last act that counted." }),
    transactionId: Type.String({ description: "Of its last act." }),
    next: Type.Integer({ description: "The next number that was never written." }),
    state: Type.Unknown({ description: "As the noun's schema has it." }),
    opened: Moment,
    changed: Moment,
  },
  open("CaseSummary"),
);

export const FoldedAct = Type.Object(
  {
    noun: Type.String(),
    case: Type.String(),
    number: Integer,
    type: Type.String(),
    department: Type.String(),
    officer: Type.String(),
    machine: Type.Optional(Type.Boolean({ description: "Where a machine acted." })),
    time: Instant,
    claimedTime: Type.String({ description: "The transaction's own timestamp: the officer's claim." }),
    block: Integer,
    transaction: Integer,
    transactionId: Type.String(),
    counted: Type.Boolean(),
    reason: Type.Optional(Type.String({ description: "Why it is void." })),
    endorsers: Type.Array(Type.String()),
    body: Type.Unknown(),
    state: Type.Unknown(),
  },
  open("FoldedAct"),
);

const Position = Type.Object({ block: Integer, transaction: Integer }, { title: "Position" });

const Alarm = Type.Object(
  {
    kind: Type.String(),
    ordinal: Type.Integer({ description: "Which of the transaction's alarms it is." }),
    block: Type.Union([Integer, Type.Null()]),
    transaction: Type.Union([Integer, Type.Null()]),
    message: Type.String(),
    departments: Type.Array(Type.String(), { description: "Whom it accuses." }),
  },
  open("Alarm"),
);

/** 预警 */
export const Warning = Type.Object(
  {
    id: Type.String(),
    kind: Type.String(),
    day: Type.String(),
    provider: Type.String(),
    consumer: Type.String(),
    dataset: Type.Optional(Type.String({ description: "Absent: all datasets." })),
    officer: Type.Optional(Type.String({ description: "Absent: all officers." })),
    machine: Type.Optional(Type.Boolean({ description: "Where the officer's number is a machine's." })),
    grant: Type.Optional(Type.String({ description: "Absent: all grants." })),
    figures: Type.Record(Type.String(), Type.Union([Type.Number(), Type.String()])),
    raised: Instant,
    title: Type.Object({ zh: Type.String(), en: Type.String() }),
    message: Type.Object({ zh: Type.String(), en: Type.String() }),
    records: Type.Record(Type.String(), Type.String(), {
      description: "What GET /accesses is asked for the records behind it.",
    }),
    marks: Type.Optional(
      Type.Array(Type.Object({ officer: Type.String(), time: Instant, note: Type.String() }), {
        description: "Who has looked into it, and what came of it.",
      }),
    ),
  },
  open("Warning"),
);

/** An event of the stream: `event` is its kind, `data` this as JSON, `id` stands on a block's end only. */
export const LedgerEvent = Type.Union(
  [
    Type.Object({ kind: Type.Literal("act"), position: Position, act: FoldedAct }, open("ActEvent")),
    Type.Object({ kind: Type.Literal("alarm"), position: Position, alarm: Alarm }, open("AlarmEvent")),
    Type.Object({ kind: Type.Literal("warning"), position: Position, warning: Warning }, open("WarningEvent")),
    Type.Object(
      { kind: Type.Literal("block"), position: Position, hash: Type.String(), time: Type.Optional(Instant) },
      open("BlockEvent"),
    ),
  ],
  {
    title: "LedgerEvent",
    description: "Server-sent events: `event` is the kind, `data` is this as JSON, `id` stands on a block's end only.",
  },
);

/** What a signing desk asks: `event` is `sign`, `data` this as JSON. */
export const SignEvent = Type.Object(
  {
    id: Type.String({ description: "To be answered by." }),
    message: Type.String({ description: "Base64: the bytes that the node wants signed." }),
  },
  { title: "SignEvent", description: "Server-sent events `sign`: `data` is this as JSON." },
);

export const DeadlineEntry = Type.Object(
  {
    kind: Type.String(),
    start: Instant,
    due: Instant,
    provisional: Type.Boolean({
      description: "Its working days have not all been announced: `due` is the earliest that it can become.",
    }),
    ended: Type.Optional(Instant),
    owner: Type.String({ description: "The department that has to act." }),
    overdue: Type.Boolean(),
  },
  { title: "Deadline" },
);

export const CaseReference = Type.Object({ noun: Type.String(), case: Type.String() }, open("CaseReference"));

export const CaseDetail = Type.Object(
  {
    case: CaseSummary,
    parties: Type.Array(Type.Object({ department: Type.String(), relation: Type.String() })),
    deadlines: Type.Array(DeadlineEntry),
    references: Type.Array(CaseReference),
    referredToBy: Type.Array(CaseReference, { description: "Those that changed last." }),
    moreReferring: Type.Boolean({ description: "Whether there are more: the noun's list has them all, by `about`." }),
    voidNumbers: Type.Array(Integer),
    actions: Type.Array(Type.String(), {
      description: "What the table allows the caller now; rules beyond it can still refuse.",
    }),
    lastAct: Type.Optional(FoldedAct),
  },
  open("CaseDetail"),
);

export const Submission = Type.Object(
  {
    idempotencyKey: Type.String(),
    status: Type.Unsafe<"pending" | "counted" | "failed">(Type.Enum(["pending", "counted", "failed"])),
    attempts: Integer,
    transactionId: Type.Optional(Type.String()),
    block: Type.Optional(Integer),
    transaction: Type.Optional(Integer),
    act: Type.Optional(FoldedAct),
    failure: Type.Optional(
      Type.Object({
        code: Type.String(),
        message: Type.String(),
        title: Type.String(),
        reason: Type.Optional(Type.String({ description: "Of a void act: the code of why it does not count." })),
      }),
    ),
  },
  open("Submission"),
);

const actions = Type.Array(Type.String(), { description: "What the table allows the caller now." });

export const Task = Type.Object(
  {
    noun: Type.String(),
    case: Type.String(),
    status: Type.String(),
    deadline: DeadlineEntry,
    actions,
    found: Type.Optional(CaseSummary),
  },
  open("Task"),
);

export const Possibility = Type.Object({ ...CaseSummary.properties, actions }, open("Possibility"));

export const Overdue = Type.Object(
  { noun: Type.String(), case: Type.String(), status: Type.String(), deadline: DeadlineEntry },
  open("Overdue"),
);

export const CatalogueItem = Type.Object(
  {
    ...CaseSummary.properties,
    entry: Type.Unknown({ description: "The entry in force: the body of the act that made the current version." }),
    latestRelease: Type.Optional(Type.String()),
    latestCheck: Type.Optional(
      Type.Object(
        {
          assessment: Type.String(),
          kind: Type.String(),
          author: Type.String(),
          passed: Type.Boolean(),
          total: Type.Optional(Type.Integer({ description: "Ten-thousandths." })),
        },
        open("StatedTotal"),
      ),
    ),
    openObjections: Type.Array(Type.String()),
  },
  open("CatalogueItem"),
);

export const GrantItem = Type.Object({ ...CaseSummary.properties, inForce: Type.Boolean() }, open("GrantItem"));

export const listOf = <T extends Parameters<typeof Type.Array>[0]>(item: T, description: string) =>
  Type.Object(
    { items: Type.Array(item), next: Type.Optional(Type.String({ description: "Cursor of the next page." })) },
    { additionalProperties: true, description },
  );
