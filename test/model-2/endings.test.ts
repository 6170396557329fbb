import type { Instant } from "@wanlian/model/identifiers.js";
import type { CaseState } from "@wanlian/model/kernel/act.js";
import type { IncidentState } from "@wanlian/model/model-2/incident/incident-schema.js";
import { model2 } from "@wanlian/model/model-2/model.js";
import { expect } from "chai";
import { BUREAU, CIVIL, DIVISIONS, divisions, HEALTH, note, POLICE } from "../model/bodies.js";
import { type Attempt, explore, type Stage, stuck } from "../model/state-graph.js";
import { officer, World } from "../model/world.js";
import { POLICY_2 } from "./everything.js";

/**
 * How each noun of the rules in force comes to an end. A noun that is added stands here, or this fails: where something is
 * owed in its cases, an end has to be in reach whoever keeps silent; where nothing ever is, its table says so.
 */
const ENDS: Readonly<Record<string, "searched" | "owes nothing">> = {
  ...{ application: "searched", objection: "searched", demand: "searched", suggestion: "searched" },
  ...{ mandate: "searched", member: "searched", consortium: "searched", incident: "searched" },
  ...{ policy: "owes nothing", clock: "owes nothing", log: "owes nothing", dataset: "owes nothing" },
  ...{ release: "owes nothing", assessment: "owes nothing", product: "owes nothing" },
  ...{ usage: "owes nothing", evaluation: "owes nothing" },
};

const PARTIES = ["author", "provider", "responsible", "bureau"] as const;
/** With each of these keeping silent for ever, having left or not, an end has to be in reach for the others. */
const SILENT = [
  ["author"],
  ["provider"],
  ["responsible"],
  ["provider", "responsible"],
  ["author", "responsible"],
] as const;
const ACTORS = {
  author: officer(POLICE, "user"),
  provider: officer(CIVIL, "steward"),
  responsible: officer(HEALTH, "administrator"),
  bureau: officer(BUREAU, "steward", "administrator"),
};

const POLICIES = { "with every deadline": POLICY_2, "without deadlines": { ...POLICY_2, deadlines: [] } } as const;

describe("endings, by version 2 of the rules", () => {
  it("are thought of for every noun", () => {
    expect(Object.keys(ENDS).sort()).to.deep.equal(Object.keys(model2.nouns).sort());
  });

  it("are wanted by nobody where no command starts anything that is owed", () => {
    for (const [noun, how] of Object.entries(ENDS)) {
      const starts = Object.values(model2.nouns[noun]?.commands ?? {}).flatMap((row) => row.starts ?? []);
      if (how === "owes nothing") expect(starts, noun).to.deep.equal([]);
    }
  });

  for (const [name, policy] of Object.entries(POLICIES)) {
    it(`an incident has one from every state, whoever but the bureau keeps silent: ${name}`, () => {
      const at = (time?: string) => {
        const world = World.withDataset(divisions, policy);
        const known = { kind: "probing", severity: 2, noticed: "2026-09-28T00:59:00Z", account: note };
        const body = { ...known, concerned: HEALTH, dataset: DIVISIONS };
        const { case: id } = world.act(ACTORS.author, { noun: "incident", type: "report", body });
        if (time !== undefined) world.tick(time);
        return { world, ref: { noun: "incident", case: id } };
      };
      const courses = [at(), at("2026-11-16T01:00:00Z"), at("2026-12-24T01:00:00Z"), at("2027-03-01T01:00:00Z")];
      const [first] = courses;
      if (first === undefined) throw new Error("there is a first stage");
      const stages = courses.map(({ world }): Stage => {
        return { time: world.state("clock", "clock").time as Instant, heads: (ref) => world.head(ref) };
      });
      const graph = explore<CaseState & IncidentState>({
        ...{ model: model2, ref: first.ref, stages },
        begun: [first.world.head(first.ref).state as CaseState & IncidentState],
        // Who is named may be anybody; a remedy that nobody stated is closed as none.
        partly: ["assign", "close"],
        attempts: () => attempts(),
        key: ({ deadlines, ...rest }) => ({
          ...rest,
          deadlines: deadlines.map(({ kind, due, urged, ended }) => [
            kind,
            due,
            urged !== undefined,
            ended !== undefined,
          ]),
        }),
      });
      const taken = Object.keys(model2.nouns.incident?.commands ?? {}).filter((type) => type !== "report");
      const known = name === "with every deadline" ? taken : taken.filter((type) => type !== "urge");
      expect([...graph.taken].sort()).to.deep.equal(known.sort());
      for (const silent of SILENT) {
        const [left] = stuck(graph, silent, ({ state }) => ["closed", "rejected"].includes(state.status));
        const where = left && `${left.state.status} by ${left.path.join(", ")}`;
        expect(where, `without the ${silent.join(" and the ")}`).to.equal(undefined);
      }
    });
  }
});

function attempts(): Attempt[] {
  const reasons = { reasons: note };
  const responsibility = { stage: "application", responsible: HEALTH, principle: "uses", ...reasons };
  return PARTIES.flatMap((who): Attempt[] => {
    const doing = (type: string, body: object): Attempt => ({ who, actor: ACTORS[who], type, body });
    return [
      doing("investigate", {}),
      doing("reject", reasons),
      doing("assign", responsibility),
      doing("contest", reasons),
      doing("remedy", { measures: note }),
      doing("close", { outcome: "remedied", ...reasons }),
      doing("close", { outcome: "notRemedied", ...reasons }),
      doing("urge", {}),
    ];
  });
}
