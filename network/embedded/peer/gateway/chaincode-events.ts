import { status } from "@grpc/grpc-js";
import { messageOf } from "@wanlian/protocol/errors.js";
import { ChaincodeEvent } from "@wanlian/protocol/messages/chaincode.js";
import type { Block } from "@wanlian/protocol/messages/common.js";
import {
  ChaincodeEventsRequest,
  type ChaincodeEventsResponse,
  type SignedChaincodeEventsRequest,
} from "@wanlian/protocol/messages/gateway.js";
import type { SignedData } from "@wanlian/protocol/policies/policy.js";
import type { Send } from "../../../grpc/server.js";
import type { Ledger } from "../../ledger/ledger.js";
import type { AccessControl } from "../access.js";
import { blocksFrom } from "../blocks.js";
import type { Channels } from "../channels.js";
import { validTransactions } from "../transactions.js";
import { gatewayError } from "./errors.js";

/**
 * Streams the events of one chaincode, from a block or after a transaction, as long as the client listens (Fabric's
 * internal/pkg/gateway/chaincodeevents.go).
 */
export class ChaincodeEvents {
  readonly #channels: Channels;
  readonly #access: AccessControl;

  constructor(channels: Channels, access: AccessControl) {
    this.#channels = channels;
    this.#access = access;
  }

  /** @throws RpcError with the gateway's codes. */
  async run(
    { request, signature }: SignedChaincodeEventsRequest,
    send: Send<ChaincodeEventsResponse>,
    signal: AbortSignal,
  ): Promise<void> {
    const wanted = read(request);
    const { channelId, identity } = wanted;
    const signed = { identity, data: request, signature };
    await this.#authorize(channelId, signed);
    const ledger = this.#channels.get(channelId)?.ledger;
    if (ledger === undefined) throw gatewayError(status.NOT_FOUND, `channel '${channelId}' not found`);
    const matches = matcher(wanted);
    let { sequence } = ledger.config;
    for await (const block of blocksFrom(ledger, await startOf(wanted, ledger), signal)) {
      if (ledger.config.sequence !== sequence) {
        // Who may no longer read is sent nothing more, as with block deliveries.
        await this.#authorize(channelId, signed);
        sequence = ledger.config.sequence;
      }
      const events = eventsOf(block).filter(matches);
      if (events.length > 0) await send({ events, blockNumber: block.header?.number ?? 0n });
    }
  }

  async #authorize(channelId: string, signed: SignedData): Promise<void> {
    try {
      await this.#access.check("gateway/ChaincodeEvents", channelId, signed);
    } catch (error) {
      throw gatewayError(status.PERMISSION_DENIED, messageOf(error));
    }
  }
}

function read(request: Uint8Array): ChaincodeEventsRequest {
  if (request.length === 0) throw gatewayError(status.INVALID_ARGUMENT, "a chaincode events request is required");
  try {
    return ChaincodeEventsRequest.decode(request);
  } catch (error) {
    throw gatewayError(status.INVALID_ARGUMENT, `invalid chaincode events request: ${messageOf(error)}`);
  }
}

async function startOf({ afterTransactionId, startPosition }: ChaincodeEventsRequest, ledger: Ledger): Promise<bigint> {
  const after = afterTransactionId === "" ? undefined : await ledger.transaction(afterTransactionId);
  if (after !== undefined) return after.block;
  if (startPosition?.specified !== undefined) return startPosition.specified.number;
  for (const type of ["newest", "oldest"] as const) {
    if (startPosition?.[type] !== undefined) {
      throw gatewayError(status.INVALID_ARGUMENT, `invalid start position type: ${type}`);
    }
  }
  return ledger.height;
}

/** Events of the chaincode; those up to and with a transaction that the client has seen are passed over. */
function matcher({ chaincodeId, afterTransactionId }: ChaincodeEventsRequest): (event: ChaincodeEvent) => boolean {
  let passed = afterTransactionId === "";
  return (event) => {
    if (passed) return event.chaincodeId === chaincodeId;
    passed = event.txId === afterTransactionId;
    return false;
  };
}

function eventsOf(block: Block): ChaincodeEvent[] {
  return [...validTransactions(block)].flatMap(({ action }) =>
    action.events.length > 0 ? [ChaincodeEvent.decode(action.events)] : [],
  );
}
