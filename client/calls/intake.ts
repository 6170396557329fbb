import type { Digest, Instant, MspId } from "@wanlian/model/identifiers.js";
import { leafHash } from "@wanlian/model/merkle.js";
import { addSeconds } from "@wanlian/model/time/instant.js";
import {
  type CallDetails,
  type CallFacts,
  callKey,
  encodeCallEntry,
  factsDigest,
  hexOf,
  type IndexedCall,
  type PlatformCall,
  randomDigest,
} from "../access/index.js";
import type { AccessLog } from "../log/index.js";
import type { CallBook } from "./call-book.js";
import { CallFault } from "./call-fault.js";
import type { Judged, LedgerThen } from "./ledger-then.js";
import type { CallNote, CallNotes } from "./notes.js";

/** A call as it is to be taken, or why it cannot be. */
export type Incoming = { readonly source: string; readonly digest: Digest } & (
  | { readonly facts: CallFacts; readonly details: CallDetails }
  | { readonly fault: CallFault }
);

/** What became of those that came together, by their places. */
export interface TakenCalls {
  readonly taken: number;
  /** Of them, calls that no grant covered. */
  readonly withoutGrant: number;
  readonly doubled: number;
  readonly refused: readonly { readonly at: number; readonly code: CallFault["code"]; readonly message: string }[];
}

export interface IntakeParts {
  readonly department: MspId;
  readonly channel: string;
  readonly log: Pick<AccessLog, "append">;
  readonly book: CallBook;
  readonly then: LedgerThen;
  readonly notes: CallNotes;
  /** Calls that were served under a grant before, from an instant on. */
  readonly countServed: (grant: PlatformCall["checked"]["grant"] & string, from: Instant) => Promise<number>;
  /** What comes so long after its time is late. */
  readonly lateSeconds: number;
}

/** Quota periods kept in memory; more are counted anew. */
const MOST_PERIODS = 10_000;

/**
 * Takes calls over other roads into the department's log: each once, held against the ledger of its time. One batch after
 * the other, so that a call that comes twice at once is seen.
 */
export class CallIntake {
  readonly #parts: IntakeParts;
  readonly #served = new Map<string, number>();
  /** Of them, those that were held against the log since a batch began. */
  readonly #counted = new Set<string>();
  #turn: Promise<unknown> = Promise.resolve();

  constructor(parts: IntakeParts) {
    this.#parts = parts;
  }

  /** Resolves once all that was taken is durable. @throws LogError */
  async take(incoming: readonly Incoming[]): Promise<TakenCalls> {
    const next = this.#turn.then(() => this.#take(incoming));
    // Of what did not come into the log nothing counts.
    this.#turn = next.then(
      () => undefined,
      () => this.#served.clear(),
    );
    return await next;
  }

  async #take(incoming: readonly Incoming[]): Promise<TakenCalls> {
    const { book, then, notes } = this.#parts;
    const now = await then.refresh();
    this.#counted.clear();
    const known = new Map(await book.find(incoming.flatMap((one) => ("facts" in one ? [callKey(one.facts)] : []))));
    const kept: CallNote[] = [];
    const refused: TakenCalls["refused"][number][] = [];
    const appending: Promise<void>[] = [];
    let [withoutGrant, doubled] = [0, 0];
    for (const [at, one] of incoming.entries()) {
      const call = "facts" in one ? one.facts.call : "";
      const note = (code: CallNote["code"], said: string) => kept.push({ code, source: one.source, call, said });
      try {
        const made = await this.#make(one, known, now);
        if (made.contradicts !== undefined) note("ALTERED", `the log has it otherwise: ${made.contradicts}`);
        if (addSeconds(made.facts.time, this.#parts.lateSeconds) < now) note("LATE", `it is of ${made.facts.time}`);
        if (made.reason !== undefined) withoutGrant += 1;
        const appended = this.#append(made, known);
        // Awaited below, once all are under way: until then nobody looks at one that fails meanwhile.
        appended.catch(() => undefined);
        appending.push(appended);
      } catch (fault) {
        if (!(fault instanceof CallFault)) throw fault;
        note(fault.code, fault.message);
        if (fault.code === "DOUBLED") doubled += 1;
        else refused.push({ at, code: fault.code, message: fault.message });
      }
    }
    await Promise.all(appending);
    await notes.keep(kept, now);
    return { taken: appending.length, withoutGrant, doubled, refused };
  }

  /** @throws CallFault */
  async #make(
    one: Incoming,
    known: ReadonlyMap<Digest, readonly IndexedCall[]>,
    taken: Instant,
  ): Promise<PlatformCall> {
    if ("fault" in one) throw one.fault;
    const { department, channel, then } = this.#parts;
    const { facts, details } = one;
    if (facts.provider !== department && facts.consumer !== department) {
      throw new CallFault("NOT_A_PARTY", `it is between ${facts.provider} and ${facts.consumer}`);
    }
    const before = known.get(callKey(facts)) ?? [];
    const said = factsDigest(facts);
    const same = before.find((call) => call.facts === said);
    if (same !== undefined) throw new CallFault("DOUBLED", `the log has it: ${same.id}`);
    if (before.length > 1) throw new CallFault("ALTERED_AGAIN", `the log has it otherwise twice: ${before[0]?.id}`);
    const { checked, reason } = await this.#withinQuota(facts, await then.judge(facts, details));
    return {
      ...{ schema: 1, kind: "call", channel, department, facts, details, source: one.digest, checked },
      ...(reason === undefined ? {} : { reason }),
      taken,
      ...(before[0] === undefined ? {} : { contradicts: before[0].id }),
      nonce: randomDigest(),
    };
  }

  /** Known at once, so that the next of the batch sees it; durable later. */
  #append(call: PlatformCall, known: Map<Digest, readonly IndexedCall[]>): Promise<void> {
    const { log, book } = this.#parts;
    const entry = encodeCallEntry(call);
    const [key, id] = [callKey(call.facts), hexOf(leafHash(entry))];
    const noted = { key, facts: factsDigest(call.facts), id };
    known.set(key, [...(known.get(key) ?? []), { ...noted, position: 0 }]);
    return log.append(entry).then(({ index }) => book.note({ ...noted, position: index }));
  }

  async #withinQuota(facts: CallFacts, judged: Judged): Promise<Judged> {
    const quota =
      judged.reason === undefined && facts.result === "served"
        ? await this.#parts.then.quotaOf(judged, facts)
        : undefined;
    if (quota === undefined) return judged;
    const { grant, granted, start } = quota;
    const key = `${grant} ${start}`;
    const calls = (await this.#servedUnder(key, grant, start)) + 1;
    this.#served.set(key, calls);
    return calls > granted.frequency.calls ? { ...judged, reason: "QUOTA_EXCEEDED" } : judged;
  }

  /** What the index has not yet is known here; what the node itself gave meanwhile, the index has. */
  async #servedUnder(key: string, ...asked: Parameters<IntakeParts["countServed"]>): Promise<number> {
    const known = this.#served.get(key) ?? 0;
    if (this.#counted.has(key)) return known;
    if (this.#served.size > MOST_PERIODS) {
      this.#served.clear();
      this.#counted.clear();
    }
    this.#counted.add(key);
    return Math.max(known, await this.#parts.countServed(...asked));
  }
}
