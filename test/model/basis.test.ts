import { LedgerError } from "@wanlian/model/errors.js";
import type { Act, BasisEntry, CaseState } from "@wanlian/model/kernel/act.js";
import { decide } from "@wanlian/model/kernel/decide.js";
import { type Heads, originEntry, showsLast } from "@wanlian/model/kernel/heads.js";
import { caseName } from "@wanlian/model/kernel/key.js";
import type { Model } from "@wanlian/model/kernel/model.js";
import type { CommandDefinition, NounDefinition } from "@wanlian/model/kernel/noun.js";
import { model1 } from "@wanlian/model/model-1/model.js";
import { model2 } from "@wanlian/model/model-2/model.js";
import { ModelVersions, RELEASED } from "@wanlian/model/models.js";
import { expect } from "chai";
import { everythingOf2 } from "../model-2/everything.js";
import {
  application,
  BUREAU,
  CIVIL,
  DIVISIONS,
  divisions,
  HEALTH,
  note,
  objection,
  POLICE,
  release,
} from "./bodies.js";
import { everything } from "./everything.js";
import { type Asked, officer, World, written } from "./world.js";

const steward = officer(CIVIL, "steward");
const user = officer(HEALTH, "user");
const bureau = officer(BUREAU, "administrator");

/** What rules read of cases: the members of each case's state; none where they looked at a case that has no act yet. */
type Read = Map<string, Set<string>>;

/** Each version of the rules with a course in which all its commands come up: a noun that is added has to be played. */
const VERSIONS: readonly { readonly model: Model; readonly course: () => World }[] = [
  { model: model1, course: everything },
  { model: model2, course: everythingOf2 },
];

/**
 * What a rule rests on as it stands though it may read nothing but that it is there: only a case that is named by its first
 * transaction can be cited by its origin.
 */
const THERE_AT_ALL: Readonly<Record<string, string>> = {
  "assessment state dataset": "the provider's own: nobody else moves it",
  "incident assign member": "its department can put an assignment off by sixteen acts, to the next tick and no longer",
};

/** The model, with all that its rules read of other cases taken down. */
function recorded(model: Model, read: Read): ModelVersions {
  const recording =
    (heads: Heads): Heads =>
    (ref) => {
      const head = heads(ref);
      const members = read.get(caseName(ref)) ?? new Set();
      read.set(caseName(ref), members);
      return head.state === undefined ? head : { ...head, state: spied(head.state, members) };
    };
  const command = (definition: CommandDefinition): CommandDefinition => ({
    ...definition,
    when: (circumstances) => definition.when?.({ ...circumstances, heads: recording(circumstances.heads) }),
    apply: (circumstances) => definition.apply({ ...circumstances, heads: recording(circumstances.heads) }),
  });
  const noun = (definition: NounDefinition): NounDefinition => ({
    ...definition,
    commands: mapped(definition.commands, command),
  });
  return new ModelVersions({
    ...model,
    nouns: mapped(model.nouns, noun),
    situation: (heads, actor) => model.situation(recording(heads), actor),
  });
}

const mapped = <T>(table: Readonly<Record<string, T>>, change: (row: T) => T): Record<string, T> =>
  Object.fromEntries(Object.entries(table).map(([name, row]) => [name, change(row)]));

const spied = (state: CaseState, members: Set<string>): CaseState =>
  new Proxy(state, {
    get(target, member, receiver) {
      if (typeof member === "string") members.add(member);
      return Reflect.get(target, member, receiver);
    },
  });

/** Every act of every noun's course, with what its rules read of the cases beside its own. */
function* readings(
  model: Model,
  played: World,
): Generator<{ readonly act: Act; readonly read: Read; readonly others: readonly BasisEntry[] }> {
  const world = new World();
  for (const [at, act] of played.acts.entries()) {
    const author = { ...officer(act.author.department), officer: act.author.officer };
    const transaction = played.transactions[at] ?? world.nextTransaction();
    const read: Read = new Map();
    decide(act, world.heads.head, author, transaction, recorded(model, read));
    const others = act.basis.filter((entry) => caseName(entry) !== caseName(act));
    yield { act, read, others };
    world.submit(written(act, author, transaction));
  }
}

for (const { model, course } of VERSIONS) {
  describe(`a basis, by version ${model.version} of the rules`, () => {
    const fixedOf = ({ noun }: BasisEntry): readonly string[] => model.nouns[noun]?.fixed ?? [];
    const commands = Object.values(model.nouns).flatMap((noun) =>
      Object.keys(noun.commands).map((type) => `${noun.name} ${type}`),
    );

    it("names what the rule reads and nothing else, for every command of every noun", () => {
      const seen = new Set<string>();
      for (const { act, read, others } of readings(model, course())) {
        const name = `${act.noun} ${act.type}`;
        seen.add(name);
        const named = others.map(caseName);
        expect(
          [...read.keys()].filter((other) => other !== caseName(act) && !named.includes(other)),
          name,
        ).to.deep.equal([]);
        for (const entry of others) expect([...read.keys()], name).to.include(caseName(entry));
      }
      expect(commands.filter((command) => !seen.has(command))).to.deep.equal([]);
    });

    it("is no moving target but for what can change: of each case that it names as it stands, such a part is read", () => {
      for (const { act, read, others } of readings(model, course())) {
        for (const entry of others) {
          const members = [...(read.get(caseName(entry)) ?? [])];
          const what = `${act.noun} ${act.type}: of ${caseName(entry)} it reads ${members.join(", ")}`;
          const moving = members.filter((member) => !fixedOf(entry).includes(member));
          // Where nothing has happened yet, that it has not is what the rule reads.
          if (entry.act === 0) continue;
          if (`${act.noun} ${act.type} ${entry.noun}` in THERE_AT_ALL) continue;
          if (entry.next === undefined) expect(moving, what).to.deep.equal([]);
          else expect(moving, what).not.to.deep.equal([]);
        }
      }
    });

    it("rests on no case that one department could move without end between two ticks", () => {
      for (const { act, others } of readings(model, course())) {
        for (const { noun, next } of others) {
          if (next === undefined || noun === "clock") continue; // the clock moves once in five minutes
          expect(model.nouns[noun]?.actsPerTick, `${act.noun} ${act.type} rests on a ${noun}`).to.be.a("number");
        }
      }
      const unpaced = Object.values(model.nouns).filter(({ actsPerTick }) => actsPerTick === undefined);
      expect(unpaced.map(({ name }) => name).sort()).to.deep.equal(["clock", "log"]);
      const whoMovesLogs = Object.values(model.nouns.log?.commands ?? {}).flatMap(({ by }) => by);
      expect(new Set(whoMovesLogs.map(({ relation }) => relation))).to.deep.equal(new Set(["self"]));
    });
  });
}

describe("a basis", () => {
  it("lets no rule read what it does not name, and of an origin what may change", () => {
    const world = World.withDataset(divisions);
    const { case: id } = world.act(steward, { noun: "release", type: "register", body: release });
    const asked: Asked = { noun: "objection", type: "raise", body: objection(id) };
    const rule = model1.nouns.objection?.commands.raise as CommandDefinition;
    const withRule = (apply: CommandDefinition["apply"]) => {
      const noun = model1.nouns.objection as NounDefinition;
      const nouns = {
        ...model1.nouns,
        objection: { ...noun, commands: { ...noun.commands, raise: { ...rule, apply } } },
      };
      return new ModelVersions({ ...model1, nouns });
    };
    const command = world.command(asked, user);
    const run = (models: ModelVersions) => decide(command, world.heads.head, user, world.nextTransaction(), models);
    const stranger = withRule((given) => {
      given.heads({ noun: "dataset", case: DIVISIONS });
      return rule.apply(given);
    });
    expect(() => run(stranger)).to.throw(RangeError, "dataset/CivilMSP/divisions");
    let origin: CaseState | undefined;
    run(
      withRule((given) => {
        origin = given.heads({ noun: "release", case: id }).state;
        return rule.apply(given);
      }),
    );
    expect(origin).to.include({ dataset: DIVISIONS, provider: CIVIL }).and.not.have.any.keys("status", "recent");
  });

  it("shows by an origin that the case began so, and not that it still stands there", () => {
    const ref = { noun: "release", case: "1".repeat(64) };
    expect(showsLast([originEntry(ref)], ref, 1)).to.equal(false);
    expect(showsLast([{ ...originEntry(ref), next: 2 }], ref, 1)).to.equal(true);
    expect(showsLast([{ ...originEntry(ref), next: 3 }], ref, 2)).to.equal(false);
  });

  it("refuses a rule that changes what a case's first act fixed", () => {
    const world = World.withDataset(divisions);
    const { case: id } = world.act(steward, { noun: "release", type: "register", body: release });
    const noun = model1.nouns.release as NounDefinition;
    const rule = noun.commands.withdraw as CommandDefinition;
    const withdraw: CommandDefinition = { ...rule, apply: (given) => ({ ...rule.apply(given), rows: 1 }) as CaseState };
    const nouns = { ...model1.nouns, release: { ...noun, commands: { ...noun.commands, withdraw } } };
    const command = world.command({ noun: "release", type: "withdraw", case: id }, steward);
    expect(() =>
      decide(command, world.heads.head, steward, world.nextTransaction(), new ModelVersions({ ...model1, nouns })),
    ).to.throw(LedgerError, "fixed");
  });
});

describe("others' legal acts", () => {
  const { code: _code, ...content } = divisions;
  const revise = (at: number): Asked => ({
    noun: "dataset",
    type: "revise",
    case: DIVISIONS,
    body: { ...content, changes: `wording ${at}` },
  });

  it("do not touch an objection: it counts though dataset and release moved after it was endorsed", () => {
    const world = World.withDataset(divisions);
    const { case: id } = world.act(steward, { noun: "release", type: "register", body: release });
    const transaction = world.nextTransaction();
    const command = world.command({ noun: "objection", type: "raise", body: objection(id) }, user);
    const { act } = decide(command, world.heads.head, user, transaction, RELEASED);
    for (let at = 0; at < 3; at += 1)
      world.act(steward, { ...revise(at), body: { ...content, name: `name ${at}`, changes: "name" } });
    world.act(steward, { noun: "release", type: "withdraw", case: id });
    expect(world.submit(written(act, user, transaction)).valid).to.equal(true);
  });

  it("do not touch a release that others are derived from", () => {
    const world = World.withDataset(divisions);
    const { case: source } = world.act(steward, { noun: "release", type: "register", body: release });
    const other = officer(POLICE, "steward");
    world.act(other, { noun: "dataset", type: "register", body: divisions });
    const body = { ...release, dataset: `${POLICE}/divisions`, derivedFrom: [source] };
    const transaction = world.nextTransaction();
    const command = world.command({ noun: "release", type: "register", body }, other);
    const { act } = decide(command, world.heads.head, other, transaction, RELEASED);
    world.act(steward, { noun: "release", type: "withdraw", case: source });
    expect(world.submit(written(act, other, transaction)).valid).to.equal(true);
  });

  it("in one case end after sixteen a department, until the next tick", () => {
    const world = World.withDataset(divisions);
    // Registering it was the first.
    for (let at = 1; at < 16; at += 1) {
      const body = { ...content, name: `name ${at}`, changes: "name" };
      world.act(steward, { ...revise(at), body });
    }
    const beyond = { ...revise(16), body: { ...content, name: "name 16", changes: "name" } };
    const refusal = world.refusal(steward, beyond);
    expect(refusal.code).to.equal("TOO_MANY_ACTS");
    expect(refusal.message).to.contain("2026-09-28T01:00:00Z");
    world.tick("2026-09-28T01:05:00Z");
    world.act(steward, beyond);
    expect(world.head({ noun: "dataset", case: DIVISIONS }).state?.recent).to.deep.equal({
      time: "2026-09-28T01:05:00Z",
      acts: { [CIVIL]: 1 },
    });
  });

  it("use up no other department's room", () => {
    const world = World.withDataset(divisions);
    const { case: id } = world.act(user, { noun: "application", type: "apply", body: application });
    const step = (actor: typeof user, type: string, body: object): Asked & { readonly actor: typeof user } => ({
      noun: "application",
      case: id,
      type,
      body,
      actor,
    });
    const { dataset, fields, from, to, frequency } = { ...application };
    world.act(steward, step(steward, "grant", { dataset, fields, from, to, frequency }));
    const suspend = step(steward, "suspend", { reasons: note });
    for (let at = 0; at < 7; at += 1) {
      world.act(steward, suspend);
      world.act(steward, step(steward, "resume", {}));
    }
    world.act(steward, suspend);
    expect(world.refusal(steward, step(steward, "resume", {})).code).to.equal("TOO_MANY_ACTS");
    world.act(user, step(user, "withdraw", {}));
  });

  it("of a motion put and taken back again and again leave the others' votes their turn", () => {
    const world = World.opened();
    const consortium = (type: string, body: object): Asked => ({ noun: "consortium", type, body });
    const mover = officer(CIVIL, "administrator");
    const { number: motion } = world.act(
      bureau,
      consortium("propose", { kind: "admit", subject: "TaxMSP", name: "tax" }),
    );
    for (let at = 0; at < 8; at += 1) {
      const { number } = world.act(mover, consortium("propose", { kind: "admit", subject: "RailMSP", name: "rail" }));
      world.act(mover, consortium("withdraw", { motion: number }));
    }
    const again = consortium("propose", { kind: "admit", subject: "RailMSP", name: "rail" });
    expect(world.refusal(mover, again).code).to.equal("TOO_MANY_ACTS");
    world.act(officer(HEALTH, "administrator"), consortium("vote", { motion, vote: "inFavour" }));
  });
});
