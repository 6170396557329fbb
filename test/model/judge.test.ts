import { canonicalBytes } from "@wanlian/model/canonical.js";
import type { Instant, OfficerNumber, TransactionId } from "@wanlian/model/identifiers.js";
import type { Act } from "@wanlian/model/kernel/act.js";
import { decide } from "@wanlian/model/kernel/decide.js";
import { advance, basisEntry, NO_ACTS } from "@wanlian/model/kernel/heads.js";
import { judge, type WrittenTransaction } from "@wanlian/model/kernel/judge.js";
import { encodeActKey } from "@wanlian/model/kernel/key.js";
import { RELEASED } from "@wanlian/model/models.js";
import { expect } from "chai";
import { BUREAU, CIVIL, DIVISIONS, divisions, HEALTH, POLICE } from "./bodies.js";
import { type Asked, officer, World, written } from "./world.js";

const steward = officer(CIVIL, "steward");
const withdraw: Asked = { noun: "dataset", type: "withdraw", case: DIVISIONS };

/** A transaction that withdraws civil affairs' dataset, right in every respect, for attackers to alter. */
function honest(world: World, author = steward): { act: Act; transaction: WrittenTransaction } {
  const id = world.nextTransaction();
  const { act } = decide(world.command(withdraw, author), (ref) => world.head(ref), author, id, RELEASED);
  return { act, transaction: written(act, author, id) };
}

const verdictOn = (world: World, transaction: WrittenTransaction) => {
  const verdict = world.submit(transaction);
  return verdict.valid ? "valid" : verdict.code;
};

/** The same transaction with another act as its value. */
const withValue = (transaction: WrittenTransaction, act: object): WrittenTransaction => ({
  ...transaction,
  writes: {
    ...transaction.writes,
    writes: transaction.writes.writes.map((write) => ({ ...write, value: canonicalBytes(act) })),
  },
});

describe("judge: whatever k departments endorse together, a void act changes nothing but uses its number", () => {
  it("counts the honest act", () => {
    const world = World.withDataset(divisions);
    expect(verdictOn(world, honest(world).transaction)).to.equal("valid");
    expect(world.state("dataset", DIVISIONS).status).to.equal("withdrawn");
  });

  const attacks: Readonly<Record<string, [string, (t: WrittenTransaction, act: Act) => WrittenTransaction]>> = {
    "an act without its seal": ["UNSEALED", (t) => ({ ...t, writes: { ...t.writes, metadataWrites: [] } })],
    "an act sealed with a policy that can be met": [
      "UNSEALED",
      (t) => ({
        ...t,
        writes: {
          ...t.writes,
          metadataWrites: t.writes.metadataWrites.map(({ key }) => ({
            key,
            entries: [{ name: "VALIDATION_PARAMETER", value: Uint8Array.of(0x12, 4, 0x12, 2, 8, 0) }],
          })),
        },
      }),
    ],
    "an act that carries more metadata than its seal": [
      "UNSEALED",
      (t) => ({
        ...t,
        writes: {
          ...t.writes,
          metadataWrites: t.writes.metadataWrites.map(({ key, entries }) => ({
            key,
            entries: [...entries, { name: "OTHER", value: Uint8Array.of(1) }],
          })),
        },
      }),
    ],
    "a seal on another key": [
      "UNSEALED",
      (t) => ({
        ...t,
        writes: {
          ...t.writes,
          metadataWrites: t.writes.metadataWrites.map((write) => ({ ...write, key: "other" })),
        },
      }),
    ],
    "a second key beside the act": [
      "WRONG_WRITES",
      (t) => ({
        ...t,
        writes: {
          ...t.writes,
          writes: [...t.writes.writes, { key: "note", value: Uint8Array.of(1), isDelete: false }],
        },
      }),
    ],
    "a deletion": [
      "WRONG_WRITES",
      (t) => ({
        ...t,
        writes: { ...t.writes, writes: t.writes.writes.map((write) => ({ ...write, isDelete: true })) },
      }),
    ],
    "a private write beside the act": ["WRONG_WRITES", (t) => ({ ...t, writes: { ...t.writes, privateWrites: 1 } })],
    "a key outside the acts": [
      "UNKNOWN_KEY",
      (t) => ({
        ...t,
        writes: {
          ...t.writes,
          writes: t.writes.writes.map((write) => ({ ...write, key: "treasure" })),
          metadataWrites: t.writes.metadataWrites.map((write) => ({ ...write, key: "treasure" })),
        },
      }),
    ],
    "a value that is no act": ["UNREADABLE", (t) => withValue(t, { hello: "world" })],
    "a value that is not canonical": [
      "UNREADABLE",
      (t, act) => ({
        ...t,
        writes: {
          ...t.writes,
          writes: t.writes.writes.map((write) => ({ ...write, value: Buffer.from(JSON.stringify(act, null, 1)) })),
        },
      }),
    ],
    "another's name in the value": [
      "WRONG_AUTHOR",
      (t, act) => withValue(t, { ...act, author: { department: BUREAU, officer: "1" } }),
    ],
    "a state that does not follow": [
      "WRONG_VALUE",
      (t, act) => withValue(t, { ...act, state: { ...act.state, status: "registered" } }),
    ],
    "a field that the model does not know": ["WRONG_VALUE", (t, act) => withValue(t, { ...act, remark: "paid" })],
    "a body that the command does not know": [
      "INVALID_INPUT",
      (t, act) => withValue(t, { ...act, body: { remark: "paid" } }),
    ],
    "a type that the noun does not know": ["UNKNOWN_COMMAND", (t, act) => withValue(t, { ...act, type: "bless" })],
    "a type that every object has": ["UNKNOWN_COMMAND", (t, act) => withValue(t, { ...act, type: "constructor" })],
    "a basis that leaves the clock out": [
      "WRONG_BASIS",
      (t, act) => withValue(t, { ...act, basis: act.basis.filter(({ noun }) => noun !== "clock") }),
    ],
    "a basis that names a case more": [
      "WRONG_BASIS",
      (t, act) => withValue(t, { ...act, basis: [...act.basis, { noun: "log", case: CIVIL, act: 0, next: 1 }] }),
    ],
    "a basis that names another act under the same number": [
      "MOVED",
      (t, act) =>
        withValue(t, { ...act, basis: act.basis.map((entry) => ({ ...entry, transaction: "f".repeat(64) })) }),
    ],
    "a key that another transaction would have": [
      "UNKNOWN_KEY",
      (t, act) => {
        const key = encodeActKey(act, "f".repeat(64) as TransactionId);
        const { writes, metadataWrites } = t.writes;
        return {
          ...t,
          writes: {
            ...t.writes,
            writes: writes.map((write) => ({ ...write, key })),
            metadataWrites: metadataWrites.map((write) => ({ ...write, key })),
          },
        };
      },
    ],
    "a basis from before the last tick": [
      "MOVED",
      (t, act) =>
        withValue(t, {
          ...act,
          basis: act.basis.map((entry) => (entry.noun === "clock" ? { ...entry, act: 0, next: 1 } : entry)),
        }),
    ],
    "an officer of another department": ["NOT_OWNER", (t) => ({ ...t, creator: officer(POLICE, "steward") })],
    "an officer without the role": ["NOT_PERMITTED", (t) => ({ ...t, creator: officer(CIVIL, "user") })],
    "a creator who is no officer": ["NOT_A_CLIENT", (t) => ({ ...t, creator: undefined })],
    "a department that is no member": ["NOT_A_MEMBER", (t) => ({ ...t, creator: officer("TaxMSP", "steward") })],
    "a certificate that had expired": [
      "CERTIFICATE_EXPIRED",
      (t) => ({ ...t, creator: { ...steward, certificateExpires: "2026-09-28T00:59:59Z" as Instant } }),
    ],
    "another officer of the same department than the author": [
      "WRONG_AUTHOR",
      (t) => ({ ...t, creator: { ...steward, officer: "4711" as OfficerNumber } }),
    ],
  };

  for (const [attack, [code, alter]] of Object.entries(attacks)) {
    it(`voids ${attack}: ${code}`, () => {
      const world = World.withDataset(divisions);
      const before = world.state("dataset", DIVISIONS);
      const { act, transaction } = honest(world);
      // A department that is no member has no member case; its basis names that case, without an act.
      const altered = alter(transaction, act);
      const own = altered.creator?.department ?? CIVIL;
      const rebased =
        own === CIVIL || code === "WRONG_WRITES"
          ? altered
          : withValue(altered, {
              ...act,
              author: { department: own, officer: altered.creator?.officer },
              basis: act.basis.map((entry) => {
                const ref = { noun: "member", case: own };
                return entry.noun === "member" ? basisEntry(ref, world.head(ref)) : entry;
              }),
            });
      expect(verdictOn(world, rebased)).to.equal(code);
      expect(world.state("dataset", DIVISIONS)).to.deep.equal(before);
    });
  }

  it("names the number that a void act used up, and passes over it", () => {
    const world = World.withDataset(divisions);
    const { act, transaction } = honest(world);
    world.submit(withValue(transaction, { ...act, type: "bless" }));
    expect(world.head({ noun: "dataset", case: DIVISIONS })).to.include({ act: 1, next: 3 });
    const next = honest(world);
    expect(next.act.number).to.equal(3);
    expect(verdictOn(world, next.transaction)).to.equal("valid");
    expect(world.head({ noun: "dataset", case: DIVISIONS })).to.include({ act: 3, next: 4 });
  });

  it("takes a squatted number for taken, and goes on without it when its turn comes", () => {
    const world = World.withDataset(divisions);
    const { transaction } = honest(world);
    const key = encodeActKey({ noun: "dataset", case: DIVISIONS, number: 3 }, transaction.id);
    const squatted = {
      ...transaction,
      writes: {
        ...transaction.writes,
        writes: transaction.writes.writes.map((write) => ({ ...write, key })),
        metadataWrites: transaction.writes.metadataWrites.map((write) => ({ ...write, key })),
      },
    };
    expect(verdictOn(world, squatted)).to.equal("WRONG_NUMBER");
    const target = { noun: "dataset", case: DIVISIONS };
    expect(world.head(target).next).to.equal(2);
    expect(world.heads.taken(target)).to.deep.equal([3]);
    const { code: _code, ...content } = divisions;
    world.act(steward, { noun: "dataset", type: "revise", case: DIVISIONS, body: { ...content, changes: "none" } });
    expect(world.head(target)).to.include({ act: 2, next: 4 });
    expect(world.heads.taken(target)).to.deep.equal([]);
  });

  it("voids an act that was decided before another of its case: of two, one counts", () => {
    const world = World.withDataset(divisions);
    const [first, second] = [honest(world), honest(world)];
    expect(verdictOn(world, first.transaction)).to.equal("valid");
    expect(verdictOn(world, second.transaction)).to.equal("WRONG_NUMBER");
  });

  it("voids what was held back past a tick", () => {
    const world = World.withDataset(divisions);
    const { transaction } = honest(world);
    world.tick("2026-09-29T01:00:00Z");
    expect(verdictOn(world, transaction)).to.equal("MOVED");
  });

  it("voids a dataset under another department's name", () => {
    const world = World.opened();
    const id = world.nextTransaction();
    const { act } = decide(
      world.command({ noun: "dataset", type: "register", body: divisions }, steward),
      (ref) => world.head(ref),
      steward,
      id,
      RELEASED,
    );
    const stolen = { ...act, case: `${HEALTH}/divisions` };
    expect(verdictOn(world, written(stolen, steward, id))).to.equal("NOT_OWNER");
  });

  it("refuses to judge under a model that it lacks, instead of calling acts void", () => {
    const world = World.withDataset(divisions);
    const { transaction } = honest(world);
    const policy = world.state("policy", "policy");
    const versions = policy.versions.map((version) => ({ ...version, rules: { ...version.rules, model: 99 } }));
    const heads = (ref: Parameters<World["head"]>[0]) =>
      ref.noun === "policy" ? { ...world.head(ref), state: { ...policy, versions } } : world.head(ref);
    expect(() => judge(transaction, heads, RELEASED)).to.throw("no model 99");
    expect(() => decide(world.command(withdraw, steward), heads, steward, transaction.id, RELEASED)).to.throw(
      "no model 99",
    );
  });
});

describe("advance", () => {
  it("skips numbers already taken, in whatever order they were", () => {
    const taken = new Set<number>();
    const squatted = [5, 3, 2, 2].reduce((before, number) => advance(before, [number], taken), NO_ACTS);
    expect(squatted.next).to.equal(1);
    expect(advance(squatted, [1], taken).next).to.equal(4);
    expect([...taken]).to.deep.equal([5]);
  });
});
