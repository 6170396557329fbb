import { canonicalJson } from "@wanlian/model/canonical.js";
import { LedgerError } from "@wanlian/model/errors.js";
import type { Instant } from "@wanlian/model/identifiers.js";
import type { Act, Actor } from "@wanlian/model/kernel/act.js";
import { dependencies } from "@wanlian/model/kernel/basis.js";
import { decide } from "@wanlian/model/kernel/decide.js";
import { basisOn } from "@wanlian/model/kernel/heads.js";
import { judge, type Verdict } from "@wanlian/model/kernel/judge.js";
import type { Model, Models } from "@wanlian/model/kernel/model.js";
import { NONE, type NounDefinition } from "@wanlian/model/kernel/noun.js";
import { Recent } from "@wanlian/model/kernel/pace.js";
import { closed } from "@wanlian/model/kernel/schema.js";
import { model1 } from "@wanlian/model/model-1/model.js";
import { ModelVersions } from "@wanlian/model/models.js";
import { addSeconds } from "@wanlian/model/time/instant.js";
import { expect } from "chai";
import { Type } from "typebox";
import { BUREAU, CIVIL, divisions, founding, HEALTH, officers, POLICY_1 } from "./bodies.js";
import { MemoryHeads } from "./memory-heads.js";
import { officer, World, written } from "./world.js";

/** A noun, a relation and a kind of deadline that no version knows but this test's second. */
const errand: NounDefinition = {
  name: "errand",
  title: { zh: "差事", en: "errand" },
  identity: "transaction",
  statuses: ["begun", "done"],
  state: closed({
    status: Type.Enum(["begun", "done"]),
    runner: Type.String(),
    due: Type.String(),
    recent: Type.Optional(Recent),
  }),
  commands: {
    begin: {
      summary: "begin an errand",
      body: closed({}),
      from: [NONE],
      to: ["begun"],
      by: [{ relation: "member", role: "user" }],
      standing: "member",
      starts: ["errandEnd"],
      ends: [],
      refers: () => [],
      apply: ({ actor, time }) => ({ status: "begun", runner: actor.department, due: addSeconds(time, 3600) }) as never,
    },
    finish: {
      summary: "finish it",
      body: closed({}),
      from: ["begun"],
      to: ["done"],
      by: [{ relation: "runner", role: "user" }],
      standing: "member",
      starts: [],
      ends: ["errandEnd"],
      refers: () => [],
      apply: ({ state }) => ({ ...state, status: "done" }) as never,
    },
  },
  fixed: [],
  actsPerTick: 3,
  relations: ({ state, actor }) => (state && "runner" in state && state.runner === actor.department ? ["runner"] : []),
  describe: (_ref, state) => ({
    status: state.status,
    parties: [],
    deadlines: [
      {
        kind: "errandEnd",
        start: "2026-09-29T00:00:00Z" as Instant,
        due: "2026-09-30T00:00:00Z" as Instant,
        owner: "runner",
      },
    ],
    references: [],
  }),
};
const model2: Model = { ...model1, version: 2, nouns: { ...model1.nouns, errand } };
const both = new ModelVersions(model1, model2);

/** A node with some versions of the software, over the transactions of one ledger. */
class Node {
  readonly heads = new MemoryHeads();
  readonly acts: Act[] = [];

  constructor(readonly models: Models) {}

  take(transaction: ReturnType<typeof written>): Verdict {
    const verdict = judge(transaction, this.heads.head, this.models);
    for (const ref of verdict.valid ? [verdict.act] : verdict.used) {
      this.heads.use(ref, [ref.number], verdict.valid ? { act: verdict.act, transaction: transaction.id } : undefined);
    }
    if (verdict.valid) this.acts.push(verdict.act);
    return verdict;
  }
}

describe("a second version of the model", () => {
  const user = officer(HEALTH, "user");
  const bureau = officer(BUREAU, "administrator", "node");
  let ledger: ReturnType<typeof written>[];
  let node: Node;
  const ids = new World();

  beforeEach(() => {
    ledger = [];
    node = new Node(both);
  });

  function act(actor: Actor, noun: string, type: string, body: object, id: string | null = null): Act {
    const transaction = ids.nextTransaction();
    const command = { noun, type, case: id, body };
    const model = both.inForce(node.heads.head) ?? model1;
    const basis = basisOn(dependencies(command, actor, model), node.heads.head);
    const decided = decide({ ...command, basis }, node.heads.head, actor, transaction, both).act;
    const sent = written(decided, actor, transaction);
    ledger.push(sent);
    expect(node.take(sent).valid).to.equal(true);
    return decided;
  }

  function opened(): void {
    act(bureau, "policy", "open", { ...POLICY_1, ...founding });
    act(bureau, "clock", "tick", { time: "2026-09-28T01:00:00Z" });
    for (const department of founding.founders) act(officer(department), "member", "join", officers);
    act(officer(CIVIL), "dataset", "register", divisions);
  }

  const codeOf = (work: () => unknown): string => {
    try {
      work();
    } catch (error) {
      if (error instanceof LedgerError) return error.code;
      throw error;
    }
    return "allowed";
  };

  it("begins on its policy's day: its noun is nobody's before, and acts from before are judged as they were", () => {
    opened();
    expect(codeOf(() => act(user, "errand", "begin", {}))).to.equal("UNKNOWN_COMMAND");
    const { calendar: _calendar, ...rules } = POLICY_1 as Readonly<Record<string, unknown>>;
    act(bureau, "policy", "amend", { ...rules, model: 2, from: "2026-09-29" }, "policy");
    expect(
      codeOf(() => act(user, "errand", "begin", {})),
      "on the day before",
    ).to.equal("UNKNOWN_COMMAND");
    const before = ledger.length;
    act(bureau, "clock", "tick", { time: "2026-09-29T01:00:00Z" }, "clock");
    const begun = act(user, "errand", "begin", {});
    act(user, "errand", "finish", {}, begun.case);
    expect(begun.schema).to.equal(2);

    const later = new Node(both);
    for (const transaction of ledger) expect(later.take(transaction).valid).to.equal(true);
    expect(later.acts.map(canonicalJson)).to.deep.equal(node.acts.map(canonicalJson));
    expect(later.acts.slice(0, before).every(({ schema }) => schema === 1)).to.equal(true);
  });

  it("stops a node that lacks it on that day with a clear word, and not an act before", () => {
    opened();
    const { calendar: _calendar, ...rules } = POLICY_1 as Readonly<Record<string, unknown>>;
    act(bureau, "policy", "amend", { ...rules, model: 2, from: "2026-09-29" }, "policy");
    act(bureau, "clock", "tick", { time: "2026-09-29T01:00:00Z" }, "clock");
    const upTo = ledger.length;
    act(user, "errand", "begin", {});
    const old = new Node(new ModelVersions(model1));
    for (const transaction of ledger.slice(0, upTo)) expect(old.take(transaction).valid).to.equal(true);
    const next = ledger[upTo] ?? expect.fail("nothing came after");
    expect(() => old.take(next)).to.throw("this software has no model 2; upgrade it");
  });

  it("is the only one that a policy can name next", () => {
    opened();
    const { calendar: _calendar, ...rules } = POLICY_1 as Readonly<Record<string, unknown>>;
    const naming = (model: number) => () =>
      act(bureau, "policy", "amend", { ...rules, model, from: "2026-09-29" }, "policy");
    expect(codeOf(naming(3))).to.equal("INVALID_INPUT");
    expect(codeOf(naming(999))).to.equal("INVALID_INPUT");
    expect(codeOf(naming(2))).to.equal("allowed");
  });
});
