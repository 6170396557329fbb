import { TransactionId } from "@wanlian/model/identifiers.js";
import { Type } from "typebox";
import { ApiError } from "../../../core/index.js";
import {
  DEFAULT_DEPTH,
  DIRECTIONS,
  FAULTS,
  HOWS,
  lineageOf,
  MADE,
  MARKS,
  MAX_DEPTH,
  MAX_RELEASES,
} from "../../../lineage/index.js";
import { type Operation, operation } from "../../operation.js";
import { Moment } from "../../schemas.js";

const closed = { additionalProperties: false } as const;
const Count = Type.Integer({ minimum: 0 });

const Marked = {
  mark: Type.Enum([...MARKS], {
    description:
      "wrong: an objection was upheld against it, a correction took its place, or it was withdrawn; affected: made from one that is; questioned: an objection is open.",
  }),
  faults: Type.Array(Type.Enum([...FAULTS])),
  restsOn: Type.Array(Type.String(), { description: "Of its sources, those that are wrong or affected." }),
  madeAnewBy: Type.Optional(Type.String({ description: "The sound release that has taken its place." })),
  outstanding: Type.Boolean({ description: "Wrong or affected, in use, and not made anew." }),
};

export const LineageEntry = Type.Object(
  {
    noun: Type.Enum([...MADE], { description: "A product is what a consumer made of releases that it was granted." }),
    release: Type.String({ description: "Of a product its number." }),
    product: Type.Optional(
      Type.Object({ kind: Type.String(), name: Type.String() }, { description: "Of a product: what it is." }),
    ),
    step: Type.Integer({ description: "Below 0 sources, above 0 what was made of it." }),
    dataset: Type.String(),
    name: Type.String(),
    provider: Type.String({ description: "Who answers for it: of a product its author." }),
    status: Type.String(),
    version: Count,
    rows: Count,
    fields: Type.Array(Type.String()),
    root: Type.String(),
    registered: Moment,
    derivedFrom: Type.Array(Type.String()),
    revises: Type.Optional(Type.String()),
    objection: Type.Optional(Type.String({ description: "That it corrects." })),
    explained: Type.Array(Type.String(), {
      description: "Objections and withdrawn releases of which its owner explained why it stands all the same.",
    }),
    selfCheck: Type.Array(Type.Object({ dimension: Type.String(), ratio: Count }), {
      description: "What the provider's own check came to, in hundredths of a percent.",
    }),
    derivation: Type.Array(
      Type.Object({
        source: Type.String(),
        how: Type.String({ description: "copied, joined, aggregated, cleaned, corrected" }),
        fields: Type.Array(
          Type.Object({
            field: Type.String({ description: "Of the source." }),
            as: Type.String({ description: "What was made of it." }),
          }),
        ),
        program: Type.Optional(Type.String({ description: "Digest of the program or query." })),
        grant: Type.Optional(Type.String()),
      }),
      { description: "What was made of its sources, as far as its registration says." },
    ),
    ...Marked,
  },
  { additionalProperties: true, title: "LineageEntry" },
);

const Beyond = Type.Object({
  releases: Count,
  departments: Count,
  more: Type.Optional(Type.Literal(true, { description: "There are more than were counted." })),
});

const FieldOf = Type.Object({ release: Type.String(), field: Type.String() });

const Answer = Type.Object(
  {
    release: Type.String(),
    releases: Type.Array(LineageEntry, { description: "Sources first, the nearest last." }),
    links: Type.Array(Type.Object({ from: Type.String(), to: Type.String(), how: Type.Enum([...HOWS]) })),
    objections: Type.Array(
      Type.Object(
        {
          objection: Type.String(),
          release: Type.String(),
          objector: Type.String(),
          status: Type.String(),
          outcome: Type.Optional(Type.String()),
          settled: Type.Optional(Type.String()),
          corrections: Type.Array(Type.String()),
          raised: Moment,
          open: Type.Boolean(),
        },
        { title: "LineageObjection" },
      ),
    ),
    further: Type.Object({ up: Beyond, down: Beyond }, { description: "What lies one step behind what is shown." }),
    fieldLinks: Type.Optional(
      Type.Array(
        Type.Object({ from: FieldOf, to: FieldOf, how: Type.String(), program: Type.Optional(Type.String()) }),
        {
          description: "Where a field was asked for: what it was made from and into.",
        },
      ),
    ),
    complete: Type.Boolean({
      description: "Whether every source of what is shown was looked at; if not, none may not mean sound.",
    }),
  },
  { additionalProperties: true, title: "Lineage" },
);

/** How far a lineage is followed, and which way. */
export const lineageQuery = Type.Object(
  {
    direction: Type.Optional(Type.Enum([...DIRECTIONS], { description: "Default both" })),
    depth: Type.Optional(
      Type.Integer({ minimum: 0, maximum: MAX_DEPTH, description: `Steps; default ${DEFAULT_DEPTH}` }),
    ),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: MAX_RELEASES, description: "Releases at most" })),
  },
  closed,
);

const fieldQuery = Type.Object(
  {
    ...lineageQuery.properties,
    field: Type.Optional(Type.String({ maxLength: 64, description: "One of its fields, followed by itself" })),
  },
  closed,
);

export const lineageOperations: readonly Operation[] = [
  operation({
    id: "showLineage",
    tag: "trace",
    method: "get",
    route: "/releases/{case}/lineage",
    summary: {
      zh: "一个批次或数据产品的来源与去向，可到字段；标明依据有误数据的批次和产品",
      en: "Where a release or product came from and went to, by field where asked; what rests on one that was found wrong is marked",
    },
    path: Type.Object({ case: TransactionId }, closed),
    query: fieldQuery,
    answers: { 200: Answer },
    handle: async ({ db, services, path, query }) => {
      const found = await lineageOf(db, services.model().reading, { release: path.case, ...query });
      if (found === undefined) throw new ApiError("NO_SUCH_CASE", `There is no release ${path.case}.`);
      return { status: 200, body: { ...found } };
    },
  }),
];
