import { type Static, Type } from "typebox";
import { answer, Count, Digest, Instant } from "./answer.js";

const Condition = answer("Condition", {
  code: Type.String({ description: "Stable." }),
  title: Type.String({ description: "In the language that was asked for." }),
  message: Type.String({ description: "The particulars, in English." }),
  since: Instant,
});

const Standing = answer("StandingAlarm", {
  kind: Type.String(),
  department: Type.String(),
  since: Instant,
  message: Type.String(),
});

export const NodeStatus = answer("NodeStatus", {
  department: Type.String(),
  channel: Type.String(),
  version: Type.String({ description: "Of the node's software." }),
  rules: Type.Object(
    { version: Type.Integer({ description: "Of the rules." }), inForce: Type.Boolean() },
    { description: "Whose tables the node offers: those in force, once the channel is open." },
  ),
  demo: Type.Union([Type.Boolean(), Type.Null()], { description: "Null before policy 1." }),
  height: Type.Integer({ minimum: 0, description: "Blocks taken in." }),
  blockHash: Type.Optional(Digest),
  commitHash: Type.Optional(Digest),
  ledgerTime: Type.Optional(Instant),
  ready: Type.Boolean({ description: "Whether data may be served." }),
  conditions: Type.Array(Condition, { description: "What is wrong at the node." }),
  catchUp: Type.Optional(
    Type.Object(
      {
        blocks: Type.Integer({ minimum: 0, description: "Blocks that the peer has." }),
        blocksPerSecond: Type.Optional(Type.Number({ description: "Taken in so far." })),
        secondsLeft: Type.Optional(Type.Number({ description: "By that pace." })),
      },
      { description: "How far a node is that has not all of its peer's blocks." },
    ),
  ),
  pending: Type.Array(Type.String(), { description: "Configuration still behind the acts, a sentence each." }),
  alarms: Type.Integer({ minimum: 0, description: "Alarms that still stand." }),
  standing: Type.Array(Standing, { description: "What was found out of other departments, and still stands." }),
});

export const ListedAlarm = answer("ListedAlarm", {
  block: Type.Union([Count, Type.Null()]),
  transaction: Type.Optional(Count),
  kind: Type.String(),
  message: Type.String(),
  departments: Type.Array(Type.String(), { description: "Whom it accuses." }),
  detail: Type.Unknown({ description: "By its kind." }),
  endedBlock: Type.Optional(Type.Integer({ description: "In which a difference of configuration was gone." })),
});

const TableDigest = Type.Object({ rows: Count, digest: Digest });

export const ProjectionDigest = answer("ProjectionDigest", {
  height: Type.Integer({ minimum: 0, description: "Blocks that it is of." }),
  digest: Digest,
  tables: Type.Record(Type.String(), TableDigest, { description: "Table by table." }),
});

/** As much of a JSON schema as whoever draws a form reads of it. */
const JsonSchema = Type.Unsafe<object>(Type.Object({}, { additionalProperties: true, title: "JsonSchema" }));
const Named = Type.Object({ zh: Type.String(), en: Type.String() });

const CommandTable = answer("CommandTable", {
  type: Type.String(),
  title: Named,
  route: Type.Union([Type.String(), Type.Null()], { description: "Where it is filed; null: nodes do it." }),
  from: Type.Array(Type.String(), { description: "States in which it can be done." }),
  to: Type.Array(Type.String(), { description: "States that it can lead to." }),
  by: Type.Array(Type.Object({ relation: Type.String(), role: Type.String({ description: "Of the officer." }) }), {
    description: "Who may do it.",
  }),
  starts: Type.Array(Type.String(), { description: "Deadlines that it starts." }),
  ends: Type.Array(Type.String(), { description: "Deadlines that it ends." }),
  body: JsonSchema,
});

export const ModelTables = answer("ModelTables", {
  nouns: Type.Array(
    answer("NounTable", {
      name: Type.String(),
      title: Type.Object({ zh: Type.String(), en: Type.String() }),
      identity: Type.Unsafe<"single" | "department" | "code" | "transaction">(
        Type.Enum(["single", "department", "code", "transaction"], { description: "What a case is named by." }),
      ),
      statuses: Type.Array(Type.String(), { description: "In which a case of it can be." }),
      state: JsonSchema,
      collection: Type.String({ description: "Address of the list." }),
      route: Type.String({ description: "Address of a case." }),
      commands: Type.Array(CommandTable, { description: "What can be done." }),
    }),
    { description: "Kinds of cases." },
  ),
});
export type ModelTables = Static<typeof ModelTables>;
