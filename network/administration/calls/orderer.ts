import { setTimeout as delay } from "node:timers/promises";
import type { Encodable } from "@wanlian/protocol/codec.js";
import { type Block, type Envelope, Status } from "@wanlian/protocol/messages/common.js";
import { SeekBehavior, type SeekInfo } from "@wanlian/protocol/messages/orderer.js";
import type { SigningIdentity } from "../../certificates/signing-identity.js";
import { NetworkError } from "../../error.js";
import { AtomicBroadcast } from "../../grpc/services.js";
import type { Connections, Endpoint } from "./connection.js";
import { hungUp, refusalOf, unreachable } from "./failure.js";
import { seek } from "./seek.js";

/** An orderer takes an envelope in milliseconds; a Raft election without a leader takes longer than this. */
const BROADCAST_TIMEOUT_MS = 30_000;

/** How long an ordering service may be without a leader: an election takes five to ten seconds, a BFT view change twenty. */
const PATIENCE_MS = 45_000;
const PAUSE_MS = 250;

/** The end of all blocks: the stream waits for more. */
const LAST_BLOCK = 0xffff_ffff_ffff_ffffn;

/**
 * Hands an envelope to one orderer after the other until one takes it; under BFT to all, since a faulty one could keep it for
 * itself. While none is ready it goes on trying. Taken is not ordered yet: watch for the commit. Throws `REFUSED` or
 * `UNREACHABLE` with what the last one said.
 */
export async function broadcast(
  envelope: Envelope,
  orderers: readonly Endpoint[],
  connections: Connections,
  reach: "one" | "all",
): Promise<void> {
  const deadline = Date.now() + PATIENCE_MS;
  for (;;) {
    const failure = await (reach === "all"
      ? toAll(envelope, orderers, connections)
      : toOne(envelope, orderers, connections));
    if (failure === undefined) return;
    if (isFinal(failure) || Date.now() > deadline) throw failure;
    await delay(PAUSE_MS);
  }
}

/** The failure, if none took it. */
async function toAll(envelope: Envelope, orderers: readonly Endpoint[], connections: Connections): Promise<unknown> {
  const attempts = await Promise.allSettled(orderers.map((orderer) => send(envelope, orderer, connections)));
  const failures = attempts.flatMap((attempt) => (attempt.status === "rejected" ? [attempt.reason] : []));
  return failures.length < orderers.length ? undefined : (failures.find(isFinal) ?? failures[0]);
}

/** Likewise. */
async function toOne(envelope: Envelope, orderers: readonly Endpoint[], connections: Connections): Promise<unknown> {
  let failure: unknown = new NetworkError("UNREACHABLE", {
    zh: "没有可以提交的排序节点。",
    en: "There is no orderer to send to.",
  });
  for (const orderer of orderers) {
    try {
      await send(envelope, orderer, connections);
      return undefined;
    } catch (error) {
      failure = error;
      if (isFinal(error)) break;
    }
  }
  return failure;
}

/** Whether an orderer refused the envelope itself, so that no other would take it. */
function isFinal(failure: unknown): boolean {
  return failure instanceof NetworkError && failure.details.final === true;
}

async function send(envelope: Envelope, orderer: Endpoint, connections: Connections): Promise<void> {
  const call = connections.to(orderer).bidi(AtomicBroadcast.broadcast, { timeoutMs: BROADCAST_TIMEOUT_MS });
  try {
    await call.send(envelope);
    call.end();
    for await (const { status, info } of call) {
      if (status === Status.SUCCESS) return;
      throw refused(orderer, status, info);
    }
    throw hungUp(orderer);
  } catch (cause) {
    throw cause instanceof NetworkError ? cause : unreachable(orderer, orderer.address, cause);
  } finally {
    call.cancel();
  }
}

/** A refusal of the envelope itself is final; a service that is not ready may be at another orderer. */
function refused(orderer: Endpoint, status: number, info: string): NetworkError {
  const name = Object.entries(Status).find(([, number]) => number === status)?.[0] ?? String(status);
  const { code, text, details } = refusalOf(orderer, `${name} ${info}`, status);
  const final = status >= Status.BAD_REQUEST && status < Status.INTERNAL_SERVER_ERROR;
  return new NetworkError(code, text, { details: { ...details, final } });
}

/** Who asks an orderer for blocks, and which one. */
export interface BlockSource {
  readonly orderer: Endpoint;
  readonly channel: string;
  readonly identity: SigningIdentity;
  readonly connections: Connections;
}

/** One block as an orderer has it: by number, or the newest. Throws `REFUSED` where it has none of that number. */
export async function fetchBlock(source: BlockSource, which: bigint | "newest"): Promise<Block> {
  const position = which === "newest" ? { newest: {} } : { specified: { number: which } };
  const range = { start: position, stop: position, behavior: SeekBehavior.FAIL_IF_NOT_READY };
  for await (const block of blocks(source, range, BROADCAST_TIMEOUT_MS)) return block;
  throw hungUp(source.orderer);
}

/** An orderer's blocks from a number on, those that are still to come included, until the time is over. */
export function blocksFrom(source: BlockSource, number: bigint, timeoutMs: number): AsyncGenerator<Block> {
  const range = { start: { specified: { number } }, stop: { specified: { number: LAST_BLOCK } } };
  return blocks(source, range, timeoutMs);
}

async function* blocks(source: BlockSource, range: Encodable<SeekInfo>, timeoutMs: number): AsyncGenerator<Block> {
  const { orderer, channel, identity, connections } = source;
  const call = connections.to(orderer).bidi(AtomicBroadcast.deliver, { timeoutMs });
  try {
    await call.send(seek(channel, identity, range));
    for await (const { block, status } of call) {
      if (block === undefined) throw refused(orderer, status ?? 0, `blocks of ${channel}`);
      yield block;
    }
    throw hungUp(orderer);
  } catch (cause) {
    throw cause instanceof NetworkError ? cause : unreachable(orderer, orderer.address, cause);
  } finally {
    call.cancel();
  }
}
