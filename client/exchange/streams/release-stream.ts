import type { Digest, MspId } from "@wanlian/model/identifiers.js";
import { checkGrant, type FiledRecord, type SignedRequest } from "../../access/index.js";
import { ExchangeError } from "../../core/index.js";
import type { LedgerPresent } from "../../read/index.js";
import { type ColumnBatch, type ReleaseDigest, RunningDigest } from "../../sheets/index.js";
import { type Decision, failureOf, type ProviderDesk } from "../provider/provider-desk.js";
import type { Outcome, RecordKeeper } from "../provider/record-keeper.js";
import { MAX_BATCH_BYTES } from "./frames.js";

/** What goes out of a download, in this order: a refusal alone; or an opening, batches, a closing. */
export type StreamPart =
  | { readonly $case: "record"; readonly filed: FiledRecord }
  | { readonly $case: "batch"; readonly batch: ColumnBatch };

/** Why a consumer does not take what comes. */
export type ConsumerEnd = "CONSUMER_GONE" | "CONSUMER_STALLED";

/** How a stream ended. */
type Ending = Pick<Extract<Outcome, { kind: "closing" }>, "result" | "reason">;

/** The grant is asked for again at this interval while a stream runs. */
const RECHECK_MS = 1000;
/** A source that gives nothing for so long is slow. */
const SOURCE_PATIENCE_MS = 30_000;

/** What of a release goes out. */
export interface StreamView {
  /** Names of the columns that go out. */
  readonly columns: readonly string[];
  /** What goes out for a batch of the source's. */
  of(batch: ColumnBatch): Iterable<ColumnBatch> | AsyncIterable<ColumnBatch>;
  /** What was read of the source, once all was; undefined where it is what went out. */
  read(): ReleaseDigest | undefined;
}

/** The fields that were asked for, as they are. */
export const wholeFields = ({ request: { fields } }: SignedRequest): StreamView => ({
  columns: fields,
  of: (batch) => [batch],
  read: () => undefined,
});

/** The provider's side of a download, or of a comparison. */
export class ReleaseStream {
  readonly #desk: ProviderDesk;
  readonly #ledger: LedgerPresent;
  readonly #keeper: RecordKeeper;
  readonly #recheckMs: number;

  constructor(desk: ProviderDesk, ledger: LedgerPresent, keeper: RecordKeeper, recheckMs = RECHECK_MS) {
    this.#desk = desk;
    this.#ledger = ledger;
    this.#keeper = keeper;
    this.#recheckMs = recheckMs;
  }

  /**
   * The opening record is durable before the first batch is given, the closing one before the end. Whoever stops
   * asking before the end has that on the record.
   * @param stopped why nobody asks any more, where that is known
   * @param view what of the release goes out; asked for once the request is found in order
   * @throws ExchangeError WRONG_DEPARTMENT, BAD_SIGNATURE, NOT_READY: without a record
   */
  async *run(
    from: MspId,
    signed: SignedRequest,
    stopped: () => ConsumerEnd | undefined = () => undefined,
    viewOf: (signed: SignedRequest) => StreamView = wholeFields,
  ): AsyncGenerator<StreamPart> {
    const decision = await this.#desk.decide(from, signed);
    const nothing = { rows: 0, bytes: 0 } as const;
    if (decision.refusal !== undefined) {
      const outcome = { kind: "access", result: "refused", reason: decision.refusal, ...nothing } as const;
      yield { $case: "record", filed: await this.#keeper.file(signed, decision.ruling, outcome) };
      return;
    }
    const opened = { kind: "opening", result: "opened", ...nothing } as const;
    const opening = await this.#keeper.file(signed, decision.ruling, opened);
    const view = viewOf(signed);
    const progress = new Progress(view.columns);
    // Nobody asks for what comes after: the consumer is not there any more, or does not take anything.
    let end: Ending | undefined;
    try {
      yield { $case: "record", filed: opening };
      end = yield* this.#batches(decision, progress, view);
    } catch (error) {
      end = { result: "failed", reason: failureOf(error) };
    } finally {
      // Also reached when the consumer is gone: then nobody asks for what is yielded, but the record is there.
      const closing = await this.#close(
        signed,
        decision,
        { progress, view },
        end ?? { result: "failed", reason: stopped() ?? "CONSUMER_GONE" },
        opening.id,
      );
      yield { $case: "record", filed: closing };
    }
  }

  async *#batches(decision: Decision, progress: Progress, view: StreamView): AsyncGenerator<StreamPart, Ending> {
    const { fields } = decision.request.request;
    const batches = await this.#desk.use(decision, (source) => source.read(fields));
    let checked = performance.now();
    for await (const batch of viewed(patiently(batches), view)) {
      if (performance.now() - checked >= this.#recheckMs) {
        const { refusal } = await checkGrant(decision.request.request, this.#ledger);
        if (refusal !== undefined) return { result: "stopped", reason: refusal };
        checked = performance.now();
      }
      const length = batch.columns.reduce((sum, column) => sum + 4 + column.length, 4);
      if (length > MAX_BATCH_BYTES) throw new ExchangeError("SOURCE_TOO_LARGE", `a batch of ${length} bytes`);
      progress.take(batch);
      yield { $case: "batch", batch };
    }
    return { result: "served" };
  }

  async #close(
    signed: SignedRequest,
    decision: Decision,
    { progress, view }: { readonly progress: Progress; readonly view: StreamView },
    end: Ending,
    opening: Digest,
  ): Promise<FiledRecord> {
    const { rows, bytes } = progress;
    const digest = progress.finish();
    const given = { rows, bytes, response: digest.root };
    const differs = end.result === "served" && (await this.#differs(signed, view.read() ?? digest));
    if (differs) this.#desk.tellChanged(decision);
    const outcome: Outcome = differs
      ? { kind: "closing", opening, result: "failed", reason: "SOURCE_DIFFERS", ...given }
      : { kind: "closing", opening, ...end, ...given };
    // What was decided at the beginning still stands for how it was opened; the closing says what is known now.
    const ruling = { ...(await checkGrant(signed.request, this.#ledger)), grant: decision.ruling.grant };
    return await this.#keeper.file(signed, ruling, outcome);
  }

  /** Whether what was read is not what the release registered. */
  async #differs({ request }: SignedRequest, { fields }: ReleaseDigest): Promise<boolean> {
    const registered = (await this.#ledger.releaseFields(request.release)) ?? [];
    return fields.some(({ name, digest }) => !registered.some((one) => one.name === name && one.digest === digest));
  }
}

class Progress {
  readonly #digest: RunningDigest;
  rows = 0;
  bytes = 0;

  constructor(fields: readonly string[]) {
    this.#digest = new RunningDigest(fields);
  }

  take(batch: ColumnBatch): void {
    this.#digest.update(batch);
    this.rows += batch.rows;
    for (const column of batch.columns) this.bytes += column.length;
  }

  finish(): ReleaseDigest {
    return this.#digest.finish();
  }
}

/**
 * The next batch is on its way while the consumer takes the one before, no more than one.
 * @throws ExchangeError SOURCE_SLOW
 */
async function* patiently(batches: AsyncIterable<ColumnBatch>): AsyncGenerator<ColumnBatch> {
  const iterator = batches[Symbol.asyncIterator]();
  let finished = false;
  let coming = iterator.next();
  try {
    for (;;) {
      const next = await within(coming);
      finished = next.done === true;
      if (finished) return;
      coming = iterator.next();
      // Its failure is met when it is its turn, or of no interest if nobody asks for it.
      coming.catch(() => undefined);
      yield next.value;
    }
  } finally {
    // Not awaited: a source that hangs would hold up the closing record too.
    if (!finished) void iterator.return?.().catch(() => undefined);
  }
}

async function within<T>(work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const slow = new Promise<never>((_, reject) => {
    const message = `the source gave nothing in ${SOURCE_PATIENCE_MS} ms`;
    timer = setTimeout(() => reject(new ExchangeError("SOURCE_SLOW", message)), SOURCE_PATIENCE_MS);
  });
  try {
    return await Promise.race([work, slow]);
  } finally {
    clearTimeout(timer);
  }
}

async function* viewed(batches: AsyncIterable<ColumnBatch>, view: StreamView): AsyncGenerator<ColumnBatch> {
  for await (const batch of batches) yield* view.of(batch);
}
