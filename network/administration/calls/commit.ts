import type { Envelope } from "@wanlian/protocol/messages/common.js";
import type { FilteredBlock } from "@wanlian/protocol/messages/events.js";
import { TxValidationCode } from "@wanlian/protocol/messages/transaction.js";
import type { SigningIdentity } from "../../certificates/signing-identity.js";
import { NetworkError } from "../../error.js";
import { Deliver } from "../../grpc/services.js";
import { endpointName } from "./connection.js";
import { unreachable } from "./failure.js";
import type { PeerClient } from "./peer.js";
import { seek } from "./seek.js";

/** The end of all blocks: the stream waits for more. */
const LAST_BLOCK = 0xffff_ffff_ffff_ffffn;

/** Where a transaction stands in the ledger. */
export interface CommitPlace {
  readonly block: bigint;
  readonly code: number;
}

/**
 * Follows a peer's blocks from `from` on until one holds what `find` looks for. Throws `TIMEOUT` when that does not come within
 * `timeoutMs`.
 */
export async function followUntil<T>(
  peer: PeerClient,
  channel: string,
  from: bigint,
  find: (block: FilteredBlock) => T | undefined,
  timeoutMs: number,
): Promise<T> {
  const client = peer.connections.to(peer.endpoint);
  const who = endpointName(peer.endpoint);
  const call = client.bidi(Deliver.deliverFiltered, { timeoutMs });
  try {
    await call.send(seekEnvelope(channel, from, peer.identity));
    for await (const { filteredBlock, status } of call) {
      if (status !== undefined)
        throw new NetworkError(
          "REFUSED",
          {
            zh: `${who.zh} 不提供 ${channel} 的区块：状态 ${status}。`,
            en: `${who.en} does not hand out blocks of ${channel}: status ${status}.`,
          },
          { details: { channel, status } },
        );
      const found = filteredBlock && find(filteredBlock);
      if (found !== undefined) return found;
    }
  } catch (cause) {
    if (cause instanceof NetworkError) throw cause;
    throw unreachable(peer.endpoint, peer.endpoint.address, cause);
  } finally {
    call.cancel();
  }
  throw new NetworkError(
    "TIMEOUT",
    { zh: `${who.zh} 不再提供 ${channel} 的区块。`, en: `${who.en} stopped handing out blocks of ${channel}.` },
    { details: { channel } },
  );
}

/** Waits for a transaction's commit on a peer. Throws `REFUSED` if it is committed as invalid. */
export async function awaitCommit(
  peer: PeerClient,
  channel: string,
  from: bigint,
  transactionId: string,
  timeoutMs: number,
): Promise<CommitPlace> {
  const place = await followUntil(peer, channel, from, (block) => placeIn(block, transactionId), timeoutMs);
  if (place.code === TxValidationCode.VALID) return place;
  const name = Object.entries(TxValidationCode).find(([, code]) => code === place.code)?.[0] ?? String(place.code);
  throw new NetworkError(
    "REFUSED",
    {
      zh: `交易 ${transactionId} 记在区块 ${place.block} 中，但判为 ${name}，不生效。`,
      en: `Transaction ${transactionId} stands in block ${place.block}, but as ${name}: it has no effect.`,
    },
    { details: { transactionId, code: name } },
  );
}

function placeIn(block: FilteredBlock, transactionId: string): CommitPlace | undefined {
  const found = block.filteredTransactions.find(({ txid }) => txid === transactionId);
  return found && { block: block.number, code: found.txValidationCode };
}

/** A request for the blocks from `from` on, as they come. */
function seekEnvelope(channel: string, from: bigint, identity: SigningIdentity): Envelope {
  return seek(channel, identity, {
    start: { specified: { number: from } },
    stop: { specified: { number: LAST_BLOCK } },
  });
}
