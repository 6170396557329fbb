import { status } from "@grpc/grpc-js";
import { messageOf } from "@wanlian/protocol/errors.js";
import { type Envelope, Status } from "@wanlian/protocol/messages/common.js";
import type { SubmitRequest, SubmitResponse } from "@wanlian/protocol/messages/gateway.js";
import type { BroadcastResponse } from "@wanlian/protocol/messages/orderer.js";
import { RpcError } from "../../../grpc/rpc-error.js";
import type { Channels } from "../channels.js";
import { type Detail, gatewayError, rpcErrorText } from "./errors.js";
import { type Orderer, type Orderers, refusalText } from "./orderers.js";

/** Hands a signed transaction to the ordering service; accepted is not committed (Fabric's internal/pkg/gateway/submit.go). */
export class Submit {
  readonly #channels: Channels;
  readonly #orderers: Orderers;

  constructor(channels: Channels, orderers: Orderers) {
    this.#channels = channels;
    this.#orderers = orderers;
  }

  /** @throws RpcError with the gateway's codes and details. */
  async run({ channelId, preparedTransaction }: SubmitRequest, signal: AbortSignal): Promise<SubmitResponse> {
    if (preparedTransaction === undefined) {
      throw gatewayError(status.INVALID_ARGUMENT, "a prepared transaction is required");
    }
    if (preparedTransaction.signature.length === 0) {
      throw gatewayError(status.INVALID_ARGUMENT, "prepared transaction must be signed");
    }
    const config = this.#channels.get(channelId)?.ledger.config;
    if (config === undefined) {
      throw gatewayError(status.FAILED_PRECONDITION, `could not get last config for channel ${channelId}`);
    }
    const orderers = this.#orderers.of(config);
    if (orderers.length === 0) throw gatewayError(status.UNAVAILABLE, "no orderer nodes available");
    if (config.orderer.consensusType === "BFT") await submitToAll(orderers, preparedTransaction, signal);
    else await submitToOne(orderers, preparedTransaction, signal);
    return {};
  }
}

/** Any orderer will do; those that fail are passed over, one that refuses has the last word. */
async function submitToOne(orderers: readonly Orderer[], envelope: Envelope, signal: AbortSignal): Promise<void> {
  const details: Detail[] = [];
  for (const orderer of shuffled(orderers)) {
    const answer = await attempt(orderer, envelope, signal);
    if (signal.aborted) throw timedOut();
    if (!("response" in answer)) {
      details.push(answer);
      continue;
    }
    const { response } = answer;
    if (response.status === Status.SUCCESS) return;
    if (response.status >= 400 && response.status < 500) throw gatewayError(status.ABORTED, refusalText(response));
  }
  throw gatewayError(status.UNAVAILABLE, "no orderers could successfully process transaction", details);
}

/** Of a Byzantine ordering service a quorum has to acknowledge, or one liar could drop the transaction. */
async function submitToAll(orderers: readonly Orderer[], envelope: Envelope, signal: AbortSignal): Promise<void> {
  const faults = Math.floor((orderers.length - 1) / 3);
  const quorum = Math.ceil((orderers.length + faults + 1) / 2);
  const details: Detail[] = [];
  let accepted = 0;
  await new Promise<void>((resolve) => {
    let open = orderers.length;
    for (const orderer of orderers) {
      void attempt(orderer, envelope, signal).then((answer) => {
        open -= 1;
        if (!("response" in answer)) details.push(answer);
        else if (isAccepted(answer.response)) accepted += 1;
        else details.push(detailOf(orderer, refusalText(answer.response)));
        if (accepted >= quorum || accepted + open < quorum || signal.aborted) resolve();
      });
    }
  });
  if (accepted >= quorum) return;
  if (signal.aborted) throw timedOut();
  const message =
    "insufficient number of orderers could successfully process transaction to satisfy quorum requirement";
  throw gatewayError(status.UNAVAILABLE, message, details);
}

/** An orderer that has the transaction already is as good as one that takes it. */
function isAccepted({ status: code, info }: BroadcastResponse): boolean {
  const known = code === Status.SERVICE_UNAVAILABLE && info === "failed to submit request: request already exists";
  return code === Status.SUCCESS || known;
}

async function attempt(
  orderer: Orderer,
  envelope: Envelope,
  signal: AbortSignal,
): Promise<{ readonly response: BroadcastResponse } | Detail> {
  try {
    return { response: await orderer.streams.broadcast(envelope, signal) };
  } catch (error) {
    return detailOf(orderer, error instanceof RpcError ? rpcErrorText(error) : messageOf(error));
  }
}

const detailOf = ({ address, mspId }: Orderer, message: string): Detail => ({ address, mspId, message });

const timedOut = (): Error =>
  gatewayError(status.DEADLINE_EXCEEDED, "submit timeout expired while broadcasting to ordering service");

function shuffled<T>(items: readonly T[]): T[] {
  const ranked = items.map((item) => ({ item, rank: Math.random() }));
  return ranked.sort((one, other) => one.rank - other.rank).map(({ item }) => item);
}
