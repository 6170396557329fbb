import { once } from "node:events";
import type { ServerResponse } from "node:http";
import { LedgerError } from "@wanlian/model/errors.js";
import { checkSchema } from "@wanlian/model/kernel/schema.js";
import {
  DeliveredReceipts,
  type DeliveredRecord,
  type FiledRecord,
  LostReceipts,
  LostRequests,
  MAX_RECEIPTS_BYTES,
  parseSignedRequest,
  readReceipt,
  type SignedRequest,
} from "../../access/index.js";
import { NodeError } from "../../core/index.js";
import { type Call, type Handler, readJson, sendJson } from "../../transport/index.js";
import { ComparedView } from "../comparison/compared-view.js";
import { findKept, LostRecords } from "../kept/kept-records.js";
import { findReceipts, type OwnReceipts } from "../receipts/lost-receipts.js";
import type { ReceiptDesk } from "../receipts/receipt-desk.js";
import { encodeBatchFrame, encodeRecordFrame } from "../streams/frames.js";
import { type ConsumerEnd, type ReleaseStream, type StreamView, wholeFields } from "../streams/release-stream.js";
import type { ProviderDesk } from "./provider-desk.js";
import type { RecordFinder } from "./record-finder.js";
import type { RecordKeeper } from "./record-keeper.js";

/** The digests of the most rows, and what every request has. */
const MAX_COMPARISON_BYTES = 3 * 1024 * 1024;
/** A consumer that takes nothing for so long has stopped reading. */
const STALL_MS = 30_000;

export interface ExchangeParts {
  readonly desk: ProviderDesk;
  readonly stream: ReleaseStream;
  readonly keeper: RecordKeeper;
  readonly receipts: ReceiptDesk;
  readonly finder: RecordFinder;
  /** What this node countersigned as a consumer. */
  readonly own: OwnReceipts;
  readonly stallMs?: number;
}

/** What other departments' nodes may ask of a provider; and, of what it countersigned or has of both, of a consumer. */
export function exchangeRoutes(parts: ExchangeParts): [string, Handler][] {
  return [
    ["POST /exchange/v1/access", (call) => access(parts, call)],
    ["POST /exchange/v1/download", (call) => download(parts, call)],
    ["POST /exchange/v1/comparison", (call) => compare(parts, call)],
    ["POST /exchange/v1/receipts", (call) => takeReceipts(parts, call)],
    ["POST /exchange/v1/records", (call) => findRecords(parts, call)],
    ["POST /exchange/v1/countersignatures", (call) => giveReceipts(parts, call)],
    ["POST /exchange/v1/kept", (call) => giveKept(parts, call)],
  ];
}

/** A refusal is an answer too: with its record, status 200. Only what nobody signed is an error. */
async function access({ desk, keeper }: ExchangeParts, { from, request, response }: Call): Promise<void> {
  const { filed, payload, proofs } = await desk.access(from, parseSignedRequest(await readJson(request)));
  sendJson(response, 200, { record: delivered(filed, keeper), payload, proofs });
}

async function download(parts: ExchangeParts, { from, request, response }: Call): Promise<void> {
  const signed = parseSignedRequest(await readJson(request));
  expectWay(signed, "download");
  await stream(parts, { from, response }, signed, wholeFields);
}

async function compare(parts: ExchangeParts, { from, request, response }: Call): Promise<void> {
  const signed = parseSignedRequest(await readJson(request, MAX_COMPARISON_BYTES));
  expectWay(signed, "comparison");
  await stream(parts, { from, response }, signed, comparedView);
}

/** What is in the record has to be what goes out. */
function expectWay({ request }: SignedRequest, way: SignedRequest["request"]["way"]): void {
  if (request.way !== way) throw new LedgerError("INVALID_INPUT", `a ${request.way} is not asked for here`);
}

function comparedView({ request: { fields, by = [] }, compared }: SignedRequest): StreamView {
  if (compared === undefined) throw new RangeError("a comparison that was let in has what is compared");
  return new ComparedView(fields, by, compared);
}

async function stream(
  parts: ExchangeParts,
  { from, response }: Pick<Call, "from" | "response">,
  signed: SignedRequest,
  view: (signed: SignedRequest) => StreamView,
): Promise<void> {
  const { stallMs = STALL_MS } = parts;
  let ended: ConsumerEnd | undefined;
  for await (const part of parts.stream.run(from, signed, () => ended, view)) {
    if (!response.headersSent) response.writeHead(200, { "content-type": "application/octet-stream" });
    const sent =
      part.$case === "batch"
        ? send(response, encodeBatchFrame(part.batch), stallMs, part.batch.release)
        : send(response, encodeRecordFrame(delivered(part.filed, parts.keeper)), stallMs);
    ended = await sent;
    if (ended !== undefined) {
      response.destroy();
      // Ends the stream's generator, which files the closing record.
      break;
    }
  }
  response.end();
}

/** Each by itself: one that is wrong does not hold up the others, and is not sent again. */
async function takeReceipts({ receipts }: ExchangeParts, { from, request, response }: Call): Promise<void> {
  const body = await readJson(request, MAX_RECEIPTS_BYTES);
  checkSchema(DeliveredReceipts, body);
  const refused: { record: string; code: string }[] = [];
  for (const given of (body as DeliveredReceipts).receipts) {
    const receipt = readReceipt(given);
    try {
      if (receipt === undefined) throw new LedgerError("INVALID_INPUT", "a receipt has another form");
      await receipts.take(from, receipt);
    } catch (error) {
      if (!(error instanceof NodeError) && !(error instanceof LedgerError)) throw error;
      refused.push({ record: given.record, code: error.code });
    }
  }
  sendJson(response, 200, { refused });
}

async function findRecords({ finder }: ExchangeParts, { from, request, response }: Call): Promise<void> {
  const body = await readJson(request);
  checkSchema(LostRequests, body);
  sendJson(response, 200, { records: await finder.find(from, (body as LostRequests).requests) });
}

async function giveReceipts({ own }: ExchangeParts, { from, request, response }: Call): Promise<void> {
  const body = await readJson(request);
  checkSchema(LostReceipts, body);
  sendJson(response, 200, { receipts: await findReceipts(from, (body as LostReceipts).records, own) });
}

async function giveKept({ own }: ExchangeParts, { from, request, response }: Call): Promise<void> {
  const body = await readJson(request);
  checkSchema(LostRecords, body);
  sendJson(response, 200, { records: await findKept(from, body as LostRecords, own) });
}

function delivered({ signed, position }: FiledRecord, keeper: RecordKeeper): DeliveredRecord {
  return { signed, position, certificate: keeper.certificate };
}

/**
 * Undefined if it goes out.
 * @param out called once all parts have gone out, and nobody looks at them any more
 */
async function send(
  response: ServerResponse,
  parts: readonly Uint8Array[],
  stallMs: number,
  out: () => void = () => undefined,
): Promise<ConsumerEnd | undefined> {
  if (response.destroyed) return "CONSUMER_GONE";
  response.cork();
  for (const part of parts.slice(0, -1)) response.write(part);
  // What did not go out is of no interest any more: its connection is gone.
  const flowing = response.write(parts.at(-1), (error) => {
    if (!error) out();
  });
  response.uncork();
  if (flowing) return undefined;
  const settled = new AbortController();
  const patience = AbortSignal.timeout(stallMs);
  const signal = AbortSignal.any([settled.signal, patience]);
  const drained = once(response, "drain", { signal }).then(() => undefined);
  const gone = once(response, "close", { signal }).then(() => "CONSUMER_GONE" as const);
  try {
    return await Promise.race([drained, gone]);
  } catch {
    return patience.aborted ? "CONSUMER_STALLED" : "CONSUMER_GONE";
  } finally {
    // Takes the other's listeners off too; what it then says is of no interest.
    settled.abort();
    drained.catch(() => undefined);
    gone.catch(() => undefined);
  }
}
