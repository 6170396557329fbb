import { ensure, LedgerError } from "../../errors.js";
import type { TransactionId } from "../../identifiers.js";
import type { CaseState } from "../../kernel/act.js";
import type { CommandDefinition } from "../../kernel/noun.js";
import type { Decision } from "../../model-1/decision.js";
import { begunAs, by, commandsOf, defineNoun, NONE, named, standing } from "../../model-1/table.js";
import { isForComparisonAlone } from "../application/comparison-alone.js";
import { fieldsGranted } from "../application/of-class.js";
import { checkDerivations, checkFields, Explain, explanation, explanationRefers } from "../derivation.js";
import { type ProductSource, ProductState, RegisterProduct, WithdrawProduct } from "./product-schema.js";

const command = commandsOf<ProductState>();

/** 数据产品: a report, a model, a service that a department made of data it was granted, or of its own (requirement R7). */
export const product = defineNoun<ProductState>({
  name: "product",
  title: { zh: "数据产品", en: "product" },
  identity: "transaction",
  statuses: ["registered", "withdrawn"],
  state: ProductState,
  fixed: ["kind", "name", "author", "officer", "derivedFrom", "grants", "revises"],
  commands: {
    register: revising(
      command({
        summary: "register what was made of data: from which releases and fields, how, under which grants",
        body: RegisterProduct,
        from: [NONE],
        to: ["registered"],
        by: by("member", "steward", "user", "machine"),
        refers: ({ sources }) => [
          ...sourcesOf(sources).map((id) => begunAs("release", id)),
          ...grantsOf(sources).map((id) => standing("application", id)),
        ],
        apply(decision) {
          const { kind, name, sources, revises } = decision.body;
          const { department: author, officer } = decision.actor;
          checkDerivations(sources);
          for (const source of sources) checkSource(decision, source);
          return {
            status: "registered",
            ...{ kind, name, author, officer, derivedFrom: sourcesOf(sources), grants: grantsOf(sources) },
            ...(revises === undefined ? {} : { revises }),
          };
        },
      }),
    ),
    explain: command({
      summary: "say why it stands although something behind it was found wrong",
      body: Explain,
      from: ["registered"],
      to: ["registered"],
      by: by("author", "steward", "user"),
      refers: explanationRefers,
      apply: (decision) => ({
        ...decision.current,
        explained: explanation(decision.body, decision.current.explained, {
          objection: (id) => decision.get("objection", id),
          release: (id) => decision.get("release", id),
        }),
      }),
    }),
    withdraw: command({
      summary: "take a product out of use; what was registered stays",
      body: WithdrawProduct,
      from: ["registered"],
      to: ["withdrawn"],
      by: by("author", "steward", "user"),
      apply: ({ current }) => ({ ...current, status: "withdrawn" }),
    }),
  },
  relations: named("author"),
  describe: (_ref, state) => ({
    status: state.status,
    parties: [{ department: state.author, relation: "author" }],
    deadlines: [],
    references: [
      ...state.derivedFrom.map((id) => ({ noun: "release", case: id }) as const),
      ...state.grants.map((id) => ({ noun: "application", case: id }) as const),
    ],
    searchText: state.name,
  }),
});

/** Taking the place of an earlier product of one's own: a noun that version 1's types do not know. */
function revising(row: CommandDefinition): CommandDefinition {
  return {
    ...row,
    refers(body) {
      const { revises } = body as RegisterProduct;
      return [
        ...row.refers(body),
        ...(revises === undefined ? [] : [{ ...productCase(revises), on: "origin" } as const]),
      ];
    },
    apply(circumstances): CaseState {
      const { revises } = circumstances.body as RegisterProduct;
      if (revises !== undefined) {
        const earlier = circumstances.heads(productCase(revises)).state as ProductState | undefined;
        if (earlier === undefined) throw new LedgerError("NOT_FOUND", `there is no product ${revises}`);
        ensure(
          earlier.author === circumstances.actor.department,
          "NOT_OWNER",
          `product ${revises} is ${earlier.author}'s`,
        );
      }
      return row.apply(circumstances);
    },
  };
}

const productCase = (id: TransactionId) => ({ noun: "product", case: id });

const sourcesOf = (sources: readonly ProductSource[]) => [...new Set(sources.map(({ source }) => source))];
const grantsOf = (sources: readonly ProductSource[]) => [...new Set(sources.flatMap(({ grant }) => grant ?? []))];

/** Of another's data, fields that were granted; what was got under a grant can be made into something after its end. */
function checkSource(
  decision: Decision<ProductState, RegisterProduct>,
  { source, grant, fields }: ProductSource,
): void {
  const { department } = decision.actor;
  const release = decision.origin("release", source);
  const used = fields.map(({ field }) => field);
  checkFields(`release ${source}`, used, release.fields);
  if (grant === undefined) {
    ensure(release.provider === department, "MISMATCH", `release ${source} is ${release.provider}'s: name the grant`);
    return;
  }
  const application = decision.get("application", grant);
  ensure(application.consumer === department, "NOT_OWNER", `grant ${grant} is not ${department}'s`);
  const granted = fieldsGranted(application, { grant, dataset: release.dataset });
  ensure(application.grant !== undefined, "WRONG_STATE", `application ${grant} was never granted`);
  const isForMore = !isForComparisonAlone(application);
  ensure(isForMore, "OUT_OF_SCOPE", `grant ${grant} is for comparison alone: nothing is made of it`);
  if (granted !== undefined) checkFields(`grant ${grant}`, used, granted);
}
