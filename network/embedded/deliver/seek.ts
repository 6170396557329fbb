import { ChannelHeader, type Envelope, Payload, SignatureHeader, Status } from "@wanlian/protocol/messages/common.js";
import { SeekInfo, type SeekPosition } from "@wanlian/protocol/messages/orderer.js";
import { Refusal } from "./refusal.js";

/** A deliver request's time may differ this much from ours: the default of peers and orderers (Authentication.TimeWindow). */
const TIME_WINDOW_MS = 15 * 60 * 1000;
const NANOSECONDS_PER_MS = 1_000_000;

/** A request to deliver, read as far as its channel. */
export interface SeekRequest {
  readonly channelId: string;
  /** Who asks: a serialized identity, and the signature over `payload` that proves it. */
  readonly creator: Uint8Array;
  readonly payload: Uint8Array;
  readonly signature: Uint8Array;
  /** The seek info, not yet decoded: an unknown channel is answered first. */
  readonly data: Uint8Array;
}

/** What a connection knows of the requests that come over it. */
export interface RequestContext {
  /** Milliseconds since 1970. */
  readonly now: number;
  /** Hash of the client's TLS certificate; undefined without mutual TLS. */
  readonly tlsCertHash: Uint8Array | undefined;
}

/** Reads a request. Throws Refusal (400) if it is malformed, out of time, or made for another connection. */
export function readSeekRequest(envelope: Envelope, context: RequestContext): SeekRequest {
  const payload = decoded("payload", () => Payload.decode(envelope.payload));
  if (payload.header === undefined) {
    throw new Refusal(Status.BAD_REQUEST, "the envelope has no header");
  }
  const { channelHeader, signatureHeader } = payload.header;
  const header = decoded("channel header", () => ChannelHeader.decode(channelHeader));
  const { creator } = decoded("signature header", () => SignatureHeader.decode(signatureHeader));
  if (header.timestamp === undefined) {
    throw new Refusal(Status.BAD_REQUEST, "the channel header has no timestamp");
  }
  const sent = Number(header.timestamp.seconds) * 1000 + header.timestamp.nanos / NANOSECONDS_PER_MS;
  if (Math.abs(context.now - sent) > TIME_WINDOW_MS) {
    throw new Refusal(Status.BAD_REQUEST, "the request's timestamp is more than 15 minutes from this server's clock");
  }
  if (context.tlsCertHash !== undefined && Buffer.compare(context.tlsCertHash, header.tlsCertHash) !== 0) {
    throw new Refusal(Status.BAD_REQUEST, "the request names another TLS certificate than the connection's");
  }
  const { channelId } = header;
  return { channelId, creator, payload: envelope.payload, signature: envelope.signature, data: payload.data };
}

/** Decodes a request's seek info. Throws Refusal (400). */
export function readSeekInfo(request: SeekRequest): SeekInfo {
  return decoded("seek info", () => SeekInfo.decode(request.data));
}

/** The first block to send, and the one after which the delivery ends. It goes on for ever if that lies before the start. */
export interface SeekRange {
  readonly start: bigint;
  readonly stop: bigint;
}

/**
 * Positions as numbers, at a height of at least 1, to the letter as Fabric takes them (common/deliver/deliver.go): only
 * a stop that is a number is compared with the start; a stop at the newest block or at the next commit may lie before
 * it, and then never comes.
 * @throws Refusal 400 for missing positions or a stop by number before the start; 404 for a start of no type, or beyond
 * the height
 */
export function resolveRange(seek: SeekInfo, height: bigint): SeekRange {
  if (seek.start === undefined || seek.stop === undefined) {
    throw new Refusal(Status.BAD_REQUEST, "the seek info needs a start and a stop");
  }
  const start = startNumber(seek.start, height);
  if (start === undefined || start > height) {
    throw new Refusal(Status.NOT_FOUND, `block ${start ?? "of no position"} is beyond the next block, ${height}`);
  }
  const stop = stopNumber(seek.stop, start, height);
  if (seek.stop.specified !== undefined && stop < start) {
    throw new Refusal(Status.BAD_REQUEST, `the stop, block ${stop}, comes before the start, block ${start}`);
  }
  return { start, stop };
}

function startNumber(position: SeekPosition, height: bigint): bigint | undefined {
  if (position.oldest !== undefined) return 0n;
  if (position.newest !== undefined) return height - 1n;
  if (position.nextCommit !== undefined) return height;
  return position.specified?.number;
}

function stopNumber(position: SeekPosition, start: bigint, height: bigint): bigint {
  if (position.oldest !== undefined) return start;
  // Equal to the start where that is the newest block too; both are read at the same height.
  if (position.newest !== undefined) return height - 1n;
  // Neither a stop at the next commit nor one of no type has a number for Fabric, which then keeps its zero.
  return position.specified?.number ?? 0n;
}

function decoded<T>(what: string, decode: () => T): T {
  try {
    return decode();
  } catch (cause) {
    throw new Refusal(Status.BAD_REQUEST, `the ${what} cannot be decoded`, { cause });
  }
}
