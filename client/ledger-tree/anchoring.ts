import { randomUUID } from "node:crypto";
import { EMPTY_TREE, signCheckpoint, type TreeHead } from "@wanlian/model/checkpoint.js";
import type { Digest, Instant } from "@wanlian/model/identifiers.js";
import type { CaseState } from "@wanlian/model/kernel/act.js";
import { formatVerifierKey, type NoteSigner } from "@wanlian/model/note.js";
import type { LogRead } from "@wanlian/model/reading.js";
import { secondsBetween } from "@wanlian/model/time/instant.js";
import { messageOf } from "@wanlian/protocol/errors.js";
import type { Logger } from "pino";
import { LogError, type NodeServices, pause } from "../core/index.js";
import type { AccessLog, TreeReader } from "../log/index.js";
import type { LedgerTree } from "./ledger-tree.js";

/** When an anchor is due. */
export const ANCHOR_AT_RECORDS = 10_000;
export const ANCHOR_AFTER_MS = 60_000;
export const ANCHOR_AT_LEAST_MS = 3_600_000;
/**
 * Another department has anchored new records: this one then witnesses them, though its own log has not grown. So
 * evidence is to be had in minutes, and a consortium in which nothing is accessed stays as quiet as it was.
 */
export const WITNESS_AFTER_MS = 300_000;
/** How often it is asked whether one is due. */
const LOOK_EVERY_MS = 1000;
/** After a failure: the ledger may be away for a while. */
const RETRY_MS = 10_000;
/** A lost race is nothing; so many failures in a row are half a minute without an anchor. */
const FAILURES_TO_TELL = 3;

export interface AnchoringParts {
  readonly services: Pick<NodeServices, "department" | "nodeSigner" | "model" | "status" | "head" | "submit">;
  readonly log: AccessLog;
  readonly reader: () => TreeReader;
  readonly signer: NoteSigner;
  readonly tree: Pick<LedgerTree, "catchUp" | "size" | "root">;
  /** How many records each other department has anchored. */
  readonly others: () => Promise<ReadonlyMap<string, number>>;
  readonly logger: Logger;
  /** Told why anchors do not come to the ledger, and with undefined when one does again. */
  readonly onFailing?: (reason: string | undefined) => void;
  /** Told that the ledger has more of this log than there is: it must not be gone on with. Nothing is anchored then. */
  readonly onBehind?: (behind: LogError) => void;
  /** How long it waits after a failure. Default ten seconds. */
  readonly retryMs?: number;
}

/** Opens the department's log on the ledger and anchors its checkpoints there, with the root of the ledger tree. */
export class Anchoring {
  readonly #parts: AnchoringParts;
  #anchoredAt = Number.NEGATIVE_INFINITY;
  /** What the others had anchored when this log was last. */
  #witnessed: ReadonlyMap<string, number> = new Map();

  constructor(parts: AnchoringParts) {
    this.#parts = parts;
  }

  /** Runs until the signal aborts. */
  async run(signal: AbortSignal): Promise<void> {
    const { logger, onFailing = () => undefined, retryMs = RETRY_MS } = this.#parts;
    let failures = 0;
    while (!signal.aborted) {
      try {
        await this.anchorIfDue();
        failures = 0;
        onFailing(undefined);
        await pause(LOOK_EVERY_MS, signal);
      } catch (error) {
        if (error instanceof LogError && error.code === "LOG_BEHIND") {
          this.#parts.onBehind?.(error);
          return;
        }
        if (!signal.aborted) logger.warn({ err: error }, "the log could not be anchored; trying again");
        failures += 1;
        if (failures >= FAILURES_TO_TELL) onFailing(messageOf(error));
        await pause(retryMs, signal);
      }
    }
  }

  /** @throws LogError LOG_BEHIND; SubmissionError */
  async anchorIfDue(): Promise<void> {
    const { services, log } = this.#parts;
    const { ready, ledgerTime } = services.status();
    if (!ready || ledgerTime === undefined || !(await this.#isMember())) return;
    const state = await this.#state();
    this.#expectNotBehind(state);
    // By this machine's clock or the ledger's, whichever is further on: a demo channel's days pass in seconds.
    const onLedger = state?.anchored === undefined ? Infinity : secondsBetween(state.anchored, ledgerTime as Instant);
    const since = Math.max(performance.now() - this.#anchoredAt, onLedger * 1000);
    const grown = log.size - (state?.size ?? 0);
    const due = grown >= ANCHOR_AT_RECORDS || (grown > 0 && since >= ANCHOR_AFTER_MS) || since >= ANCHOR_AT_LEAST_MS;
    if (due || (since >= WITNESS_AFTER_MS && (await this.#hasToWitness()))) await this.anchor();
  }

  async #hasToWitness(): Promise<boolean> {
    const others = await this.#parts.others();
    return [...others].some(([department, size]) => size > (this.#witnessed.get(department) ?? 0));
  }

  /** Anchors what is durable now. @throws SubmissionError, LogError */
  async anchor(): Promise<TreeHead> {
    const { log, reader, signer } = this.#parts;
    const state = (await this.#state()) ?? (await this.#open());
    const head = await log.publish();
    const others = await this.#parts.others();
    const proof = state.size === 0 ? [] : await reader().consistency(state.size);
    await this.#file("anchor", {
      checkpoint: signCheckpoint(head, signer),
      consistency: proof.map((hash) => Buffer.from(hash).toString("hex")),
      ledger: await this.#ledgerRoot(),
    });
    this.#anchoredAt = performance.now();
    this.#witnessed = others;
    return head;
  }

  /** Of a log of another key nothing is compared: it is another, and its anchors do not count. */
  #expectNotBehind(state: LogRead | undefined): void {
    const { log, signer } = this.#parts;
    if (state === undefined || state.size <= log.size || state.key !== formatVerifierKey(signer.key)) return;
    throw new LogError("LOG_BEHIND", `the log has ${log.size} records, and ${state.size} of it are anchored`);
  }

  async #open(): Promise<LogRead> {
    const { signer } = this.#parts;
    await this.#file("open", { key: formatVerifierKey(signer.key), checkpoint: signCheckpoint(EMPTY_TREE, signer) });
    const state = await this.#state();
    if (state === undefined) throw new Error("the log was opened, yet the ledger has none");
    return state;
  }

  /** Of all blocks that this node has: whoever compares has the tree of every size. */
  async #ledgerRoot(): Promise<{ blocks: number; root: Digest }> {
    const { tree } = this.#parts;
    await tree.catchUp();
    const blocks = tree.size;
    return { blocks, root: tree.root(blocks) };
  }

  /** Before the department belongs, and after it left, nothing of its log counts. */
  async #isMember(): Promise<boolean> {
    const { services } = this.#parts;
    const { state } = await services.head({ noun: "member", case: services.department });
    return (state as CaseState | undefined)?.status === "active";
  }

  async #state(): Promise<LogRead | undefined> {
    const { services } = this.#parts;
    const { state } = await services.head({ noun: "log", case: services.department });
    return state === undefined ? undefined : services.model().reading.log(state as CaseState);
  }

  async #file(type: string, body: Readonly<Record<string, unknown>>): Promise<void> {
    const { services } = this.#parts;
    const command = { noun: "log", case: services.department, type, body };
    const submission = await services.submit(services.nodeSigner, command, `log ${type} ${randomUUID()}`);
    if (submission.status === "counted") return;
    throw new Error(`the act log:${type} is ${submission.status}: ${submission.failure?.message ?? "no outcome yet"}`);
  }
}
