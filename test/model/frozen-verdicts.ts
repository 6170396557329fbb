import { canonicalBytes } from "@wanlian/model/canonical.js";
import { LedgerError } from "@wanlian/model/errors.js";
import type { OfficerNumber } from "@wanlian/model/identifiers.js";
import type { Act, Actor } from "@wanlian/model/kernel/act.js";
import { judge, type VoidCode, type WrittenTransaction } from "@wanlian/model/kernel/judge.js";
import { encodeActKey } from "@wanlian/model/kernel/key.js";
import { RELEASED } from "@wanlian/model/models.js";
import { decideAgain, type Frozen, type FrozenDecision, headsOf } from "./frozen-decisions.js";
import { written } from "./world.js";

/** What a valid transaction wrote and what every reader made of it, where the cases stood as for a frozen decision. */
export interface FrozenVerdict {
  /** A place in the file's list of decisions. */
  readonly of: number;
  /** Absent: the creator is no officer. */
  readonly creator?: Actor;
  readonly writes: readonly { readonly key: string; readonly value: string; readonly isDelete: boolean }[];
  /** Metadata beside them, in hex. */
  readonly metadata: readonly {
    readonly key: string;
    readonly entries: readonly { readonly name: string; readonly value: string }[];
  }[];
  readonly privateWrites: number;
  readonly code: VoidCode | "counts";
}

type Altering = (transaction: WrittenTransaction, act: Act) => WrittenTransaction;

const withWrites = (transaction: WrittenTransaction, writes: Partial<WrittenTransaction["writes"]>) => ({
  ...transaction,
  writes: { ...transaction.writes, ...writes },
});
const withKey = (transaction: WrittenTransaction, key: string) => {
  const { writes, metadataWrites } = transaction.writes;
  const moved = { writes: writes.map((write) => ({ ...write, key })) };
  return withWrites(transaction, { ...moved, metadataWrites: metadataWrites.map((write) => ({ ...write, key })) });
};
const withBytes = (transaction: WrittenTransaction, value: Uint8Array) =>
  withWrites(transaction, { writes: transaction.writes.writes.map((write) => ({ ...write, value })) });
const withValue = (transaction: WrittenTransaction, act: object) => withBytes(transaction, canonicalBytes(act));

/** What can be done to an act that would count, each with what it comes to. */
const ALTERATIONS: readonly Altering[] = [
  (t) => t,
  (t) => withWrites(t, { writes: [] }),
  (t) => withWrites(t, { writes: [...t.writes.writes, { key: "note", value: Uint8Array.of(1), isDelete: false }] }),
  (t) => withWrites(t, { writes: t.writes.writes.map((write) => ({ ...write, isDelete: true })) }),
  (t) => withWrites(t, { privateWrites: 1 }),
  (t) => withWrites(t, { metadataWrites: [] }),
  (t) => withWrites(t, { metadataWrites: t.writes.metadataWrites.map((write) => ({ ...write, key: "other" })) }),
  (t) => withKey(t, "treasure"),
  (t, act) => withKey(t, encodeActKey(act, "f".repeat(64) as WrittenTransaction["id"])),
  (t) => withValue(t, { hello: "world" }),
  (t, act) => withBytes(t, Buffer.from(JSON.stringify(act, null, 1))),
  (t) => ({ ...t, creator: undefined }),
  (t, act) =>
    withKey(withValue(t, { ...act, number: act.number + 1 }), encodeActKey({ ...act, number: act.number + 1 }, t.id)),
  (t, act) => withValue(t, { ...act, remark: "paid" }),
  (t, act) => withValue(t, { ...act, number: act.number + 1 }),
  (t, act) => withValue(t, { ...act, schema: act.schema + 1 }),
  (t, act) => withValue(t, { ...act, author: { ...act.author, officer: "1" } }),
  (t) => ({ ...t, creator: t.creator && { ...t.creator, officer: "4711" as OfficerNumber } }),
  (t, act) => withValue(t, { ...act, type: "bless" }),
  (t, act) => withValue(t, { ...act, basis: act.basis.slice(1) }),
];

/**
 * A verdict for each way in which an act that would count can be altered, and for each code of the rules one of what is
 * written against them all the same, as k departments could endorse together.
 * @param noun of the act that is altered
 */
export function verdictsOn(frozen: Frozen, noun = "demand"): FrozenVerdict[] {
  const { decisions } = frozen;
  const honest = decisions.findIndex(({ command, outcome }) => command.noun === noun && typeof outcome !== "string");
  const act = actOf(frozen, honest);
  const altered = ALTERATIONS.map((alter) => freeze(frozen, honest, alter(proposed(frozen, honest, act), act)));
  const forbidden = new Map<string, FrozenVerdict>();
  for (const [of, { outcome }] of decisions.entries()) {
    // Where the software lacks the version there is no verdict: the node stops.
    if (typeof outcome !== "string" || outcome === "UNKNOWN_MODEL" || forbidden.has(outcome)) continue;
    const verdict = freeze(frozen, of, proposed(frozen, of, claimOf(frozen, of, act.schema)));
    if (verdict.code === outcome) forbidden.set(outcome, verdict);
  }
  return [...altered, ...forbidden.values()];
}

/** What the model says now of what was judged then. */
export function judgeAgain(frozen: Frozen, { of, creator, writes, metadata, privateWrites }: FrozenVerdict) {
  const decision = decisionAt(frozen, of);
  const transaction: WrittenTransaction = {
    id: decision.transaction,
    creator,
    writes: {
      writes: writes.map((write) => ({ ...write, value: Buffer.from(write.value, "utf8") })),
      metadataWrites: metadata.map(({ key, entries }) => ({
        key,
        entries: entries.map(({ name, value }) => ({ name, value: Buffer.from(value, "hex") })),
      })),
      privateWrites,
    },
  };
  const verdict = judge(transaction, headsOf(frozen, decision), RELEASED);
  return verdict.valid ? "counts" : verdict.code;
}

function freeze(frozen: Frozen, of: number, { creator, writes: set }: WrittenTransaction): FrozenVerdict {
  const verdict: FrozenVerdict = {
    of,
    ...(creator === undefined ? {} : { creator }),
    writes: set.writes.map((write) => ({ ...write, value: Buffer.from(write.value).toString("utf8") })),
    metadata: set.metadataWrites.map(({ key, entries }) => ({
      key,
      entries: entries.map(({ name, value }) => ({ name, value: Buffer.from(value).toString("hex") })),
    })),
    privateWrites: set.privateWrites,
    code: "counts",
  };
  return { ...verdict, code: judgeAgain(frozen, verdict) };
}

function proposed(frozen: Frozen, of: number, act: Act): WrittenTransaction {
  const decision = decisionAt(frozen, of);
  return written(act, actorOf(frozen, decision), decision.transaction);
}

/** The act that the model gives. */
function actOf(frozen: Frozen, of: number): Act {
  const said = decideAgain(frozen, decisionAt(frozen, of));
  if (said instanceof LedgerError) throw new RangeError(`decision ${of} is a refusal`);
  return said;
}

/** The act that was asked for, as if the model gave it. */
function claimOf(frozen: Frozen, of: number, schema: number): Act {
  const decision = decisionAt(frozen, of);
  const { noun, type, body, basis, case: id } = decision.command;
  const { department, officer } = actorOf(frozen, decision);
  const ref = { noun, case: id ?? decision.transaction };
  const number = headsOf(frozen, decision)(ref).next;
  return {
    schema,
    ...ref,
    number,
    type,
    author: { department, officer },
    basis,
    body,
    state: { status: "claimed" },
  };
}

function decisionAt({ decisions }: Frozen, of: number): FrozenDecision {
  const decision = decisions[of];
  if (decision === undefined) throw new RangeError(`no decision ${of}`);
  return decision;
}

function actorOf({ actors }: Frozen, decision: FrozenDecision): Actor {
  const actor = actors[decision.actor];
  if (actor === undefined) throw new RangeError(`no actor ${decision.actor}`);
  return actor;
}
