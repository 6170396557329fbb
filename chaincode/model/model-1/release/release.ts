import { ensure } from "../../errors.js";
import { providerOf } from "../../identifiers.js";
import { releaseRoot } from "../../release/release-root.js";
import type { CaseRef } from "../table.js";
import { begunAs, by, commandsOf, defineNoun, NONE, named, standing } from "../table.js";
import { RELEASE_ORIGIN, RegisterRelease, ReleaseState, WithdrawRelease } from "./release-schema.js";

const command = commandsOf<ReleaseState>();

/** 数据批次: data as it was provided at one time, known by its digests (requirements R4). */
export const release = defineNoun<ReleaseState>({
  name: "release",
  title: { zh: "数据批次", en: "release" },
  identity: "transaction",
  statuses: ["registered", "withdrawn"],
  state: ReleaseState,
  fixed: RELEASE_ORIGIN,
  commands: {
    register: command({
      summary:
        "register a release of one's own dataset: digests, rows, period, what it derives from, revises, corrects",
      body: RegisterRelease,
      from: [NONE],
      to: ["registered"],
      by: by("member", "steward"),
      refers: ({ dataset, derivedFrom, revises, objection }) => [
        standing("dataset", dataset),
        ...[...derivedFrom, ...(revises === undefined ? [] : [revises])].map((id) => begunAs("release", id)),
        ...(objection === undefined ? [] : [standing("objection", objection)]),
      ],
      apply(decision) {
        const { body, actor } = decision;
        const { dataset, root, rows, rowRoot, derivedFrom, revises, objection, period } = body;
        const provider = providerOf(dataset);
        ensure(provider === actor.department, "NOT_OWNER", `${dataset} is provided by ${provider}`);
        const entry = decision.get("dataset", dataset);
        ensure(entry.status === "registered", "WRONG_STATE", `${dataset} is "${entry.status}"`);
        const fields = body.fields.map((field) => field.name);
        const same = fields.length === entry.fields.length && fields.every((name, at) => name === entry.fields[at]);
        ensure(same, "MISMATCH", `a release has a digest for each field of ${dataset}, in the catalogue's order`);
        ensure(releaseRoot(body.fields) === root, "BAD_PROOF", "the root is not the one over these field digests");
        ensure(period.from <= period.to, "INVALID_INPUT", "the period ends before it begins");
        const dimensions = body.selfCheck.map(({ dimension }) => dimension);
        ensure(new Set(dimensions).size === dimensions.length, "INVALID_INPUT", "the self-check has a dimension twice");
        for (const id of derivedFrom) decision.origin("release", id);
        if (revises !== undefined) {
          const earlier = decision.origin("release", revises);
          ensure(earlier.dataset === dataset, "MISMATCH", `release ${revises} is one of ${earlier.dataset}`);
        }
        if (objection !== undefined) {
          const cited = decision.get("objection", objection);
          ensure(cited.dataset === dataset, "MISMATCH", `objection ${objection} is about ${cited.dataset}`);
          ensure(
            cited.status === "correcting",
            "WRONG_STATE",
            `objection ${objection} is "${cited.status}"; one that was substantiated is corrected`,
          );
          ensure(revises !== undefined, "MISMATCH", "a correction says which release it revises");
        }
        return {
          status: "registered",
          ...{ dataset, provider, version: entry.version, root, fields, rows, rowRoot, derivedFrom },
          ...(revises === undefined ? {} : { revises }),
          ...(objection === undefined ? {} : { objection }),
        };
      },
    }),
    withdraw: command({
      summary: "withdraw a release from use; what was registered stays",
      body: WithdrawRelease,
      from: ["registered"],
      to: ["withdrawn"],
      by: by("provider", "steward"),
      apply: ({ current }) => ({ ...current, status: "withdrawn" }),
    }),
  },
  relations: named("provider"),
  describe: (_ref, state) => ({
    status: state.status,
    parties: [{ department: state.provider, relation: "provider" }],
    deadlines: [],
    references: [
      { noun: "dataset", case: state.dataset },
      ...state.derivedFrom.map(releaseCase),
      ...(state.revises === undefined ? [] : [releaseCase(state.revises)]),
      ...(state.objection === undefined ? [] : [{ noun: "objection", case: state.objection } as const]),
    ],
  }),
});

function releaseCase(id: string): CaseRef {
  return { noun: "release", case: id };
}
