import { status } from "@grpc/grpc-js";
import { messageOf } from "@wanlian/protocol/errors.js";
import {
  CommitStatusRequest,
  type CommitStatusResponse,
  type SignedCommitStatusRequest,
} from "@wanlian/protocol/messages/gateway.js";
import type { Ledger } from "../../ledger/ledger.js";
import type { AccessControl } from "../access.js";
import type { Channels } from "../channels.js";
import { gatewayError } from "./errors.js";

type Waiter = (fate: CommitStatusResponse) => void;

/**
 * Tells what became of a transaction, waiting for its commit as long as the client does (Fabric's
 * internal/pkg/gateway/commitstatus.go).
 */
export class CommitStatus {
  readonly #channels: Channels;
  readonly #access: AccessControl;
  readonly #waiting = new Map<string, ChannelWaiters>();

  constructor(channels: Channels, access: AccessControl) {
    this.#channels = channels;
    this.#access = access;
  }

  /** @throws RpcError with the gateway's codes. */
  async run({ request, signature }: SignedCommitStatusRequest, signal: AbortSignal): Promise<CommitStatusResponse> {
    const { channelId, transactionId, identity } = read(request);
    try {
      await this.#access.check("gateway/CommitStatus", channelId, { identity, data: request, signature });
    } catch (error) {
      throw gatewayError(status.PERMISSION_DENIED, messageOf(error));
    }
    const ledger = this.#channels.get(channelId)?.ledger;
    if (ledger === undefined) throw gatewayError(status.ABORTED, `channel '${channelId}' not found`);
    return this.#waiters(ledger).fate(transactionId, signal);
  }

  #waiters(ledger: Ledger): ChannelWaiters {
    let waiters = this.#waiting.get(ledger.channelId);
    if (waiters === undefined) {
      waiters = new ChannelWaiters(ledger);
      this.#waiting.set(ledger.channelId, waiters);
    }
    return waiters;
  }
}

function read(request: Uint8Array): CommitStatusRequest {
  if (request.length === 0) throw gatewayError(status.INVALID_ARGUMENT, "a commit status request is required");
  let decoded: CommitStatusRequest;
  try {
    decoded = CommitStatusRequest.decode(request);
  } catch (error) {
    throw gatewayError(status.INVALID_ARGUMENT, `invalid status request: ${messageOf(error)}`);
  }
  if (decoded.identity.length === 0) throw gatewayError(status.INVALID_ARGUMENT, "no identity provided");
  if (decoded.channelId === "") throw gatewayError(status.INVALID_ARGUMENT, "no channel ID provided");
  if (decoded.transactionId === "") {
    throw gatewayError(status.INVALID_ARGUMENT, "transaction ID should not be empty");
  }
  return decoded;
}

/** Who waits for which transaction of one channel. */
class ChannelWaiters {
  readonly #ledger: Ledger;
  readonly #byTxId = new Map<string, Set<Waiter>>();

  constructor(ledger: Ledger) {
    this.#ledger = ledger;
    ledger.onCommit(({ number, codes, txIds }) => {
      for (const [index, txId] of txIds.entries()) {
        const waiters = this.#byTxId.get(txId);
        if (waiters === undefined) continue;
        this.#byTxId.delete(txId);
        for (const tell of waiters) tell({ result: codes[index] ?? 0, blockNumber: number });
      }
    });
  }

  /** Waiting begins before the look-up, so that no commit falls between the two. */
  async fate(txId: string, signal: AbortSignal): Promise<CommitStatusResponse> {
    const waiters = this.#byTxId.get(txId) ?? new Set();
    this.#byTxId.set(txId, waiters);
    let tell: Waiter = () => undefined;
    const committed = new Promise<CommitStatusResponse>((resolve, reject) => {
      tell = resolve;
      const giveUp = (): void => reject(gatewayError(status.CANCELLED, "context canceled"));
      signal.addEventListener("abort", giveUp, { once: true });
    });
    // The look-up may answer first; then nobody hears of a later abort.
    committed.catch(() => undefined);
    waiters.add(tell);
    try {
      const known = await this.#ledger.transaction(txId);
      if (known !== undefined) return { result: known.code, blockNumber: known.block };
      return await committed;
    } finally {
      waiters.delete(tell);
      if (waiters.size === 0 && this.#byTxId.get(txId) === waiters) this.#byTxId.delete(txId);
    }
  }
}
