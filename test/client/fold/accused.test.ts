import { appendFileSync, mkdtempSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Endorser } from "@wanlian/chaincode/endorser.js";
import { LedgerContext } from "@wanlian/chaincode/ledger-context.js";
import { endorserView } from "@wanlian/client/fold/endorser-view.js";
import { HeadCache } from "@wanlian/client/fold/heads.js";
import { canonicalBytes } from "@wanlian/model/canonical.js";
import { LedgerError } from "@wanlian/model/errors.js";
import type { TransactionId } from "@wanlian/model/identifiers.js";
import type { Act, Actor, BasisEntry, CaseRef } from "@wanlian/model/kernel/act.js";
import { dependencies } from "@wanlian/model/kernel/basis.js";
import { isDefensible } from "@wanlian/model/kernel/endorsing.js";
import { basisEntry, basisOn, type Head } from "@wanlian/model/kernel/heads.js";
import { judge, type Verdict, type WrittenTransaction } from "@wanlian/model/kernel/judge.js";
import { caseName, encodeActKey, numberUsedBy } from "@wanlian/model/kernel/key.js";
import { SEAL, VALIDATION_PARAMETER } from "@wanlian/model/kernel/seal.js";
import { model1 } from "@wanlian/model/model-1/model.js";
import { RELEASED } from "@wanlian/model/models.js";
import { expect } from "chai";
import fc from "fast-check";
import {
  BUREAU,
  CIVIL,
  DIVISIONS,
  divisions,
  founding,
  HEALTH,
  objection,
  officers,
  POLICY_1,
  release,
} from "../../model/bodies.js";
import { NOTHING_STORED } from "../../model/memory-heads.js";
import { type Change, change, changed } from "../../model/nasty.js";
import { type Asked, officer, written } from "../../model/world.js";

const RUNS = 80;
const demand = { name: "births", description: "by day", purpose: "analysis", duty: "planning", addressee: CIVIL };
const { code: _code, ...content } = divisions;

/** What people ask for here; `case` is left to the generator where there may be several. */
const ASKED: readonly { readonly actor: Actor; readonly asked: (at: number, ids: readonly string[]) => Asked }[] = [
  { actor: officer(HEALTH), asked: () => ({ noun: "demand", type: "publish", body: demand }) },
  { actor: officer(HEALTH), asked: (at, ids) => ({ noun: "demand", type: "withdraw", case: one(ids, at) }) },
  {
    actor: officer(CIVIL),
    asked: (at) => ({ noun: "dataset", type: "revise", case: DIVISIONS, body: { ...content, changes: `the ${at}th` } }),
  },
  { actor: officer(CIVIL), asked: () => ({ noun: "release", type: "register", body: release }) },
  { actor: officer(HEALTH), asked: (at, ids) => ({ noun: "objection", type: "raise", body: objection(one(ids, at)) }) },
  {
    actor: officer(CIVIL),
    asked: (at) => ({ noun: "member", type: "update", case: CIVIL, body: { ...officers, deputy: `${at + 10}` } }),
  },
  {
    actor: officer(BUREAU),
    asked: (at) => ({ noun: "clock", type: "tick", body: { time: `2026-09-28T0${2 + (at % 7)}:00:00Z` } }),
  },
];

const one = (ids: readonly string[], at: number): string => ids[at % Math.max(1, ids.length)] ?? "0".repeat(64);

/** A contract as it is deployed, on a state in memory; who signed is given. */
class Contract extends LedgerContext {
  constructor(
    endorser: Endorser,
    state: ReadonlyMap<string, Uint8Array>,
    readonly who: Actor,
    id: TransactionId,
    readonly put: { key: string; value: Uint8Array }[] = [],
  ) {
    super(endorser);
    const range = (noun: string, parts: readonly string[]) =>
      [...state].filter(([key]) => key.startsWith(`\u0000${[noun, ...parts, ""].join("\u0000")}`));
    const stub = {
      getTxID: () => id,
      getState: async (key: string) => state.get(key) ?? new Uint8Array(),
      getStateByPartialCompositeKey: (noun: string, parts: string[]) => {
        const found = range(noun, parts)[Symbol.iterator]();
        return Promise.resolve({
          next: async () => ({ done: found.next().done === true }),
          close: async () => undefined,
        });
      },
      putState: async (key: string, value: Uint8Array) => void put.push({ key, value }),
      setStateValidationParameter: async () => undefined,
    };
    Object.assign(this, { stub });
  }

  override actor(): Actor {
    return this.who;
  }
}

/** Every department's view of one channel: the state that peers have, and what nodes make of it. */
class History {
  readonly state = new Map<string, Uint8Array>();
  readonly heads = new HeadCache(NOTHING_STORED);
  /** Where cases stand that void acts have touched, oldest first: what a node writes for its contracts. */
  readonly known: string[] = [];
  readonly written: WrittenTransaction[] = [];
  readonly ids: string[] = [];
  #made = 0;

  nextId(): TransactionId {
    this.#made += 1;
    return this.#made.toString(16).padStart(64, "0") as TransactionId;
  }

  async opened(): Promise<this> {
    const bureau = officer(BUREAU);
    const begin: readonly (readonly [Actor, Asked])[] = [
      [bureau, { noun: "policy", type: "open", body: { ...POLICY_1, ...founding } }],
      [bureau, { noun: "clock", type: "tick", body: { time: "2026-09-28T01:00:00Z" } }],
      ...[BUREAU, CIVIL, HEALTH].map(
        (department) => [officer(department), { noun: "member", type: "join", body: officers }] as const,
      ),
      [officer(CIVIL), { noun: "dataset", type: "register", body: divisions }],
    ];
    const endorser = new Endorser({ genesisPolicy: genesis });
    for (const [actor, asked] of begin) {
      const id = this.nextId();
      const act = await this.endorse(endorser, actor, asked, await this.basis(actor, asked), id);
      if (act instanceof LedgerError) throw act;
      expect((await this.commit(written(act, actor, id))).verdict).to.include({ valid: true });
    }
    return this;
  }

  /** The basis that an honest node would name. */
  async basis(actor: Actor, asked: Asked): Promise<BasisEntry[]> {
    return this.heads.ask((heads) => basisOn(this.relied(actor, asked), heads));
  }

  relied(actor: Actor, { noun, type, case: id = undefined, body = {} }: Asked) {
    return dependencies({ noun, type, case: id ?? null, body }, actor, model1);
  }

  /** What an endorser's own contract makes of a command. */
  async endorse(
    endorser: Endorser,
    actor: Actor,
    { noun, type, case: id, body = {} }: Asked,
    basis: readonly BasisEntry[],
    transaction: TransactionId,
  ): Promise<Act | LedgerError> {
    const context = new Contract(endorser, this.state, actor, transaction);
    try {
      return JSON.parse(await context.act(noun, type, JSON.stringify({ case: id ?? null, body, basis }))) as Act;
    } catch (error) {
      if (error instanceof LedgerError) return error;
      if (error instanceof RangeError || error instanceof TypeError) return new LedgerError("INTERNAL", error.message);
      throw error;
    }
  }

  /** What Fabric found valid: taken in by peers and by nodes. */
  async commit(transaction: WrittenTransaction): Promise<{ verdict: Verdict; isExcused: boolean }> {
    const verdict = await this.heads.ask((heads) => judge(transaction, heads, RELEASED));
    const isExcused = !verdict.valid && (await isDefensible(transaction, endorserView(this.heads), RELEASED));
    for (const { key, value, isDelete } of transaction.writes.writes) {
      if (isDelete) this.state.delete(key);
      else this.state.set(key, value);
    }
    const used = new Map<string, { ref: CaseRef; numbers: number[] }>();
    for (const { noun, case: id, number } of verdict.valid ? [verdict.act] : verdict.used) {
      const ref = { noun, case: id };
      used.set(caseName(ref), { ref, numbers: [...(used.get(caseName(ref))?.numbers ?? []), number] });
    }
    for (const { ref, numbers } of used.values()) {
      const head = await this.heads.use(
        ref,
        numbers,
        verdict.valid ? { act: verdict.act, transaction: transaction.id } : undefined,
      );
      if (!verdict.valid) this.known.push(JSON.stringify(basisEntry(ref, head)));
      if (!this.ids.includes(ref.case) && ["demand", "release"].includes(ref.noun)) this.ids.push(ref.case);
    }
    if (!verdict.valid) this.heads.left.wrote(transaction.writes);
    this.written.push(transaction);
    return { verdict, isExcused };
  }

  /** Everything that somebody could say of where a case stands: as it is, or after any key that lies there. */
  async beliefs(ref: CaseRef): Promise<BasisEntry[]> {
    const head = await this.heads.head(ref);
    const keys = [...this.state.keys()].flatMap((key) => {
      const used = numberUsedBy(key);
      const transaction = key.split("\u0000").at(-2) as TransactionId;
      if (used === undefined || caseName(used) !== caseName(ref) || transaction.length !== 64) return [];
      const after = { act: used.number, transaction, state: undefined } satisfies Omit<Head, "next">;
      const origin = used.number === 1 && transaction === ref.case ? [{ ...ref, act: 1 as const, transaction }] : [];
      return [...origin, ...[3, 2, 1].map((gap) => basisEntry(ref, { ...after, next: used.number + gap }))];
    });
    const earlier = basisEntry(ref, { ...head, next: Math.max(head.act + 1, head.next - 1) });
    // What was written last comes first: it is where races and void acts are.
    return [basisEntry(ref, head), ...keys.reverse(), earlier];
  }
}

/** What colluders write: in the form of an act, or not. */
const forgery = fc.oneof(
  fc.record({ change, value: fc.constant("state") }),
  fc.record({ change, value: fc.constant("act") }),
  fc.constantFrom<{ readonly value: string; readonly change?: Change }>(
    ...["unsealed", "squat", "delete", "overwrite", "rebased", "rebased", "rebased"].map((value) => ({ value })),
  ),
);
const step = fc.record({
  kind: fc.constantFrom("honest", "colluders", "colluders", "asked", "asked", "asked"),
  command: fc.nat(ASKED.length - 1),
  at: fc.nat(30),
  /** In which place of the basis the truth is left, and for which of the beliefs; everywhere for what was written last. */
  place: fc.oneof(fc.constant("everywhere" as const), fc.nat(4)),
  belief: fc.nat(8),
  /** How much of what its node has found an honest endorser has not been told. */
  lag: fc.constantFrom(0, 1, 2, 1000, 1000),
  forgery,
});
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

let directory: string;
let genesis: string;
let files = 0;

describe("whom the fold accuses", () => {
  before(() => {
    directory = mkdtempSync(join(tmpdir(), "wanlian-accused-"));
    genesis = join(directory, "policy.json");
    appendFileSync(genesis, JSON.stringify({ ...POLICY_1, ...founding }));
  });

  after(() => rm(directory, { recursive: true, force: true }));

  /** An honest department's contracts, told of void acts up to some lines before the last. */
  function told(history: History, lag: number): Endorser {
    files += 1;
    const voidCases = join(directory, `${files}.jsonl`);
    const lines = history.known.slice(0, Math.max(0, history.known.length - lag));
    appendFileSync(voidCases, lines.map((line) => `${line}\n`).join(""));
    return new Endorser({ genesisPolicy: genesis, voidCases });
  }

  const counts = { excused: 0, accused: 0 };

  async function play(
    history: History,
    { kind, command, at, place, belief, lag, forgery: forged }: Step,
  ): Promise<void> {
    const asking = ASKED[command] ?? expect.fail("no such command");
    const { actor } = asking;
    const asked = asking.asked(at, history.ids);
    const id = history.nextId();
    if (kind === "honest") {
      const act = await history.endorse(told(history, 0), actor, asked, await history.basis(actor, asked), id);
      if (act instanceof LedgerError) return;
      const { verdict } = await history.commit(written(act, actor, id));
      expect(verdict.valid, `an honest act: ${verdict.valid || verdict.message}`).to.equal(true);
      return;
    }
    const basis = await Promise.all(
      (await history.basis(actor, asked)).map(async (entry, index) => {
        const believed = await history.beliefs(entry);
        const doubted = index === place ? belief : place === "everywhere" ? 1 : 0;
        return believed[doubted % believed.length] ?? entry;
      }),
    );
    const act = await history.endorse(told(history, lag), actor, asked, basis, id);
    if (kind === "asked" && !(act instanceof LedgerError)) {
      const { verdict, isExcused } = await history.commit(written(act, actor, id));
      expect(verdict.valid || isExcused, `${asked.noun} ${asked.type}, endorsed honestly`).to.equal(true);
      if (!verdict.valid) counts.excused += 1;
      return;
    }
    if (kind === "asked") return;
    const made = act instanceof LedgerError ? await honestAct(history, actor, asked, id) : act;
    const transaction = made && forge(history, made, actor, id, forged, at);
    if (!transaction) return;
    const { verdict, isExcused } = await history.commit(transaction);
    if (verdict.valid || isExcused) return;
    counts.accused += 1;
  }

  async function honestAct(history: History, actor: Actor, asked: Asked, id: TransactionId): Promise<Act | undefined> {
    const act = await history.endorse(told(history, 0), actor, asked, await history.basis(actor, asked), id);
    return act instanceof LedgerError ? undefined : act;
  }

  function forge(
    history: History,
    act: Act,
    actor: Actor,
    id: TransactionId,
    { value: kind, change: made }: Step["forgery"],
    at: number,
  ): WrittenTransaction | undefined {
    const honest = written(act, actor, id);
    const [write] = honest.writes.writes;
    if (write === undefined) return undefined;
    const writing = (writes: WrittenTransaction["writes"]["writes"], sealed = true): WrittenTransaction => ({
      ...honest,
      writes: { writes, metadataWrites: sealed ? sealsOf(writes) : [], privateWrites: 0 },
    });
    const left = [...history.state.keys()].filter((key) => numberUsedBy(key) !== undefined && isOpen(history, key));
    const key = left[at % Math.max(1, left.length)];
    switch (kind) {
      case "unsealed":
        return writing([write], false);
      case "squat":
        return writing([{ ...write, key: encodeActKey({ ...act, number: act.number + 1 + (at % 3) }, id) }]);
      case "delete":
        return key === undefined ? undefined : writing([{ key, value: new Uint8Array(), isDelete: true }], false);
      case "overwrite":
        return key === undefined ? undefined : writing([{ ...write, key }], false);
      case "rebased":
        return writing([{ ...write, value: canonicalBytes({ ...act, basis: act.basis.slice(1) }) }]);
      default:
        return writing([{ ...write, value: bytesOf(kind, act, made) ?? write.value }]);
    }
  }

  /** Whether a key can be written again: no sealed act's. */
  function isOpen(history: History, key: string): boolean {
    return !history.written.some(({ writes }) => writes.metadataWrites.some((metadata) => metadata.key === key));
  }

  const sealsOf = (writes: WrittenTransaction["writes"]["writes"]) =>
    writes.map(({ key }) => ({ key, entries: [{ name: VALIDATION_PARAMETER, value: SEAL }] }));

  function bytesOf(kind: string, act: Act, made: Change | undefined): Uint8Array | undefined {
    if (made === undefined) return undefined;
    try {
      return canonicalBytes(kind === "state" ? { ...act, state: changed(act.state, made) } : changed(act, made));
    } catch (error) {
      if (error instanceof LedgerError) return undefined;
      throw error;
    }
  }

  it("is who endorses a state that no contract asks its rules about, however little it knows", async () => {
    const history = await new History().opened();
    const asked: Asked = { noun: "demand", type: "publish", body: demand };
    const id = history.nextId();
    const act = await history.endorse(
      told(history, 0),
      officer(HEALTH),
      asked,
      await history.basis(officer(HEALTH), asked),
      id,
    );
    if (act instanceof LedgerError) throw act;
    const { deadlines } = act.state as unknown as { deadlines: readonly object[] };
    const endless = { ...act.state, deadlines: deadlines.map((deadline) => ({ ...deadline, workingDays: 1e15 })) };
    const { isExcused } = await history.commit(written({ ...act, state: endless }, officer(HEALTH), id));
    expect(isExcused).to.equal(false);
    const withdraw: Asked = { noun: "demand", type: "withdraw", case: id };
    const [, ...others] = await history.basis(officer(HEALTH), withdraw);
    const own = { noun: "demand", case: id, act: 1, transaction: id, next: 2 };
    const answer = await history.endorse(
      told(history, 1000),
      officer(HEALTH),
      withdraw,
      [own, ...others],
      history.nextId(),
    );
    expect(answer).to.include({ code: "VOID_BASIS" });
  });

  it("is no honest endorser ever, whatever k colluders write and whatever they ask for then", async function () {
    this.timeout(120_000);
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 4, maxLength: 16 }), async (steps) => {
        const history = await new History().opened();
        for (const each of steps) await play(history, each);
      }),
      { numRuns: RUNS },
    );
    // The histories come to where the question arises.
    expect(counts.excused, "void, endorsed honestly").to.be.greaterThan(5);
    expect(counts.accused, "void, and not endorsed by anybody honest").to.be.greaterThan(100);
  });
});
