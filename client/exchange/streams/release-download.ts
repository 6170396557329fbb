import { type FiledRecord, parseDelivered, responseOf, type SignedRequest } from "../../access/index.js";
import { ExchangeError, type Signer } from "../../core/index.js";
import { type ColumnBatch, type ReleaseDigest, RunningDigest } from "../../tables/index.js";
import { brokenOff } from "../../transport/index.js";
import type { Ask, ConsumerDesk } from "../consumer/consumer-desk.js";
import { decodeFrames } from "./frames.js";

/** A download as it runs: batches, then the record it ended with. */
export type DownloadPart =
  | { readonly $case: "batch"; readonly batch: ColumnBatch }
  | { readonly $case: "end"; readonly filed: FiledRecord };

/**
 * The consumer's side of a download. What is handed on batch by batch is only proven at the end: whoever takes it must
 * wait for the `end` before relying on it. Refusals, failures and a revoked grant end it with a record that says so.
 * @throws ExchangeError BROKEN_OFF: the end did not come; BAD_ANSWER: a column is not the release's; as `access` else
 */
export async function* downloadRelease(desk: ConsumerDesk, officer: Signer, ask: Ask): AsyncGenerator<DownloadPart> {
  const request = await desk.sign(officer, ask);
  const { requests, missed } = desk.parts;
  requests.keep(request);
  try {
    yield* receive(desk, request);
  } finally {
    missed.lookFor(request.request.nonce);
  }
}

async function* receive(desk: ConsumerDesk, request: SignedRequest): AsyncGenerator<DownloadPart> {
  const { provider, fields } = request.request;
  const answer = await desk.parts.connections.post(provider, "/exchange/v1/download", request);
  const running = new RunningDigest(fields);
  let last: FiledRecord | undefined;
  try {
    for await (const frame of decodeFrames(answer, fields.length)) {
      if (frame.$case === "record") {
        last = await desk.file(request, parseDelivered(frame.json));
        continue;
      }
      if (last?.signed.record.kind !== "opening") throw new ExchangeError("BAD_ANSWER", "data outside of its records");
      running.update(frame.batch);
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
  if (last.signed.record.result === "served") await checkColumns(desk, last, running.finish());
  yield { $case: "end", filed: last };
}

/** @throws ExchangeError BAD_ANSWER */
async function checkColumns(desk: ConsumerDesk, { signed }: FiledRecord, received: ReleaseDigest): Promise<void> {
  const { record } = signed;
  const registered = (await desk.parts.book.releaseFields(record.request.release)) ?? [];
  if (responseOf(record) !== received.root || record.rows !== received.rows) {
    throw new ExchangeError("BAD_ANSWER", "what came is not what the provider's record says of it");
  }
  const other = received.fields.find(
    ({ name, digest }) => !registered.some((field) => field.name === name && field.digest === digest),
  );
  if (other !== undefined) {
    throw new ExchangeError("BAD_ANSWER", `column "${other.name}" is not the one that the release registered`);
  }
}
