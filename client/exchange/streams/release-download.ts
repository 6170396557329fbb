import type { FieldDigest } from "@wanlian/model/release/release-root.js";
import {
  type AccessRecord,
  type AccessRequest,
  checkGrant,
  type DeliveredRecord,
  type FiledRecord,
  openingOf,
  parseDelivered,
  responseOf,
  type SignedRequest,
} from "../../access/index.js";
import { ExchangeError, type Signer } from "../../core/index.js";
import type { LedgerPresent } from "../../read/index.js";
import { type ColumnBatch, type ReleaseDigest, RunningDigest } from "../../sheets/index.js";
import { tracedStream } from "../../traces/index.js";
import { brokenOff } from "../../transport/index.js";
import type { Ask, ConsumerDesk } from "../consumer/consumer-desk.js";
import { outcomeFacts } from "../outcome-facts.js";
import { decodeFrames } from "./frames.js";

/** The grant is asked for again at this interval while a stream runs. */
const RECHECK_MS = 1000;

/** A download as it runs: batches, then the record it ended with. */
export type DownloadPart =
  | { readonly $case: "batch"; readonly batch: ColumnBatch }
  | { readonly $case: "end"; readonly filed: FiledRecord };

/**
 * The consumer's side of a download. What is handed on batch by batch is only proven at the end: whoever takes it must
 * wait for the `end` before relying on it. Refusals, failures and a revoked grant end it with a record that says so.
 * @param recheckMs after how long the grant is asked for again
 * @throws ExchangeError BROKEN_OFF: the end did not come; REFUSED: the grant ended while data came; BAD_ANSWER: a column is not the release's; as `access` else
 */
export async function* downloadRelease(
  desk: ConsumerDesk,
  officer: Signer,
  ask: Ask,
  recheckMs = RECHECK_MS,
): AsyncGenerator<DownloadPart> {
  const request = await desk.sign(officer, ask);
  const registered = (await desk.parts.ledger.releaseFields(request.request.release)) ?? [];
  const expects: Expected = {
    path: "/exchange/v1/download",
    columns: request.request.fields,
    take: () => undefined,
    end: (received) => checkRegistered(received, registered),
  };
  yield* receiveStream(desk, request, expects, recheckMs);
}

/** What a stream is that answers a request. */
export interface Expected {
  readonly path: string;
  /** Names of the columns that come. */
  readonly columns: readonly string[];
  /** Looks at each batch before it is handed on. @throws ExchangeError BAD_ANSWER */
  take(batch: ColumnBatch): void;
  /** Looks at what came once all did, before it is countersigned. @throws ExchangeError BAD_ANSWER */
  end(received: ReleaseDigest): void;
}

/** Sends a request and takes the stream that answers it. @throws ExchangeError as {@link downloadRelease} */
export async function* receiveStream(
  desk: ConsumerDesk,
  request: SignedRequest,
  expects: Expected,
  recheckMs = RECHECK_MS,
): AsyncGenerator<DownloadPart> {
  const { requests, missed } = desk.parts;
  requests.keep(request);
  try {
    const { way, provider } = request.request;
    const standing = new StandingGrant(request.request, desk.parts.ledger, recheckMs);
    yield* tracedStream("access", { of: way, department: provider }, (note) =>
      receive(desk, request, expects, standing, ({ signed }) => note(outcomeFacts(signed.record))),
    );
  } finally {
    missed.lookFor(request.request.nonce);
  }
}

async function* receive(
  desk: ConsumerDesk,
  request: SignedRequest,
  { path, columns, take, end }: Expected,
  standing: StandingGrant,
  ended: (filed: FiledRecord) => void,
): AsyncGenerator<DownloadPart> {
  const { provider, release } = request.request;
  const { connections, ledger } = desk.parts;
  const held = await ledger.head("release", release);
  const most = held === undefined ? 0 : ledger.reading().release(held.state).rows;
  const answer = await connections.post(provider, path, request);
  const running = new RunningDigest(columns);
  let last: FiledRecord | undefined;
  let rows = 0;
  try {
    for await (const frame of decodeFrames(answer, columns.length)) {
      if (last !== undefined && last.signed.record.kind !== "opening") throw bad("something follows the end");
      if (frame.$case === "record") {
        const delivered = expected(frame.json, last);
        const { record } = delivered.signed;
        // Before it is countersigned.
        last = await desk.file(request, delivered, () => {
          if (record.result !== "served") return;
          const received = running.finish();
          checkRecord(record, received);
          end(received);
        });
        continue;
      }
      if (last === undefined) throw bad("data comes before its record");
      rows += frame.batch.rows;
      if (rows > most) throw bad(`more rows than the ${most} that the release has`);
      take(frame.batch);
      running.update(frame.batch);
      // What is on its way when a grant ends must not be handed out here for as long as it lasts.
      await standing.check();
      yield { $case: "batch", batch: frame.batch };
    }
  } catch (cause) {
    throw brokenOff(provider, cause);
  } finally {
    answer.destroy();
  }
  if (last === undefined || last.signed.record.kind === "opening") {
    throw new ExchangeError("BROKEN_OFF", `${provider} ended the stream before its end`);
  }
  ended(last);
  yield { $case: "end", filed: last };
}

/** A stream has one record of a refusal, or an opening and its closing. @throws ExchangeError BAD_ANSWER */
function expected(json: unknown, last: FiledRecord | undefined): DeliveredRecord {
  const delivered = parseDelivered(json);
  const { record } = delivered.signed;
  const fits =
    last === undefined
      ? record.kind === "opening" || (record.kind === "access" && record.result !== "served")
      : record.kind === "closing" && openingOf(record) === last.id;
  if (!fits) throw bad("a record that has no place there");
  return delivered;
}

/** The grant, asked for again by the consumer's own copy of the ledger while a stream runs. */
class StandingGrant {
  readonly #request: AccessRequest;
  readonly #ledger: LedgerPresent;
  readonly #recheckMs: number;
  #checked = performance.now();

  constructor(request: AccessRequest, ledger: LedgerPresent, recheckMs: number) {
    this.#request = request;
    this.#ledger = ledger;
    this.#recheckMs = recheckMs;
  }

  /** @throws ExchangeError REFUSED */
  async check(): Promise<void> {
    if (performance.now() - this.#checked < this.#recheckMs) return;
    const { refusal } = await checkGrant(this.#request, this.#ledger);
    if (refusal !== undefined) throw new ExchangeError("REFUSED", `the grant does not hold any more: ${refusal}`);
    this.#checked = performance.now();
  }
}

function bad(message: string): ExchangeError {
  return new ExchangeError("BAD_ANSWER", message);
}

/** @throws ExchangeError BAD_ANSWER: what came is not what the record says */
function checkRecord(record: AccessRecord, received: ReleaseDigest): void {
  if (responseOf(record) !== received.root || record.rows !== received.rows) {
    throw bad("what came is not what the provider's record says of it");
  }
}

/** @throws ExchangeError BAD_ANSWER: what came is not what the release registered */
function checkRegistered(received: ReleaseDigest, registered: readonly FieldDigest[]): void {
  const other = received.fields.find(
    ({ name, digest }) => !registered.some((field) => field.name === name && field.digest === digest),
  );
  if (other !== undefined) throw bad(`column "${other.name}" is not the one that the release registered`);
}
