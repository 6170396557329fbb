/** Broadcast and deliver: orderer/ab.proto. */
import { type Decoded, enumeration, message, nested, oneof, string, uint64 } from "../codec.js";
import { Block } from "./common.js";

export const SeekBehavior = { BLOCK_UNTIL_READY: 0, FAIL_IF_NOT_READY: 1 } as const;

export const SeekErrorResponse = { STRICT: 0, BEST_EFFORT: 1 } as const;

export const SeekContentType = { BLOCK: 0, HEADER_WITH_SIG: 1 } as const;

export const BroadcastResponse = message({ status: enumeration(1), info: string(2) });
export type BroadcastResponse = Decoded<typeof BroadcastResponse>;

export const SeekNewest = message({});
export type SeekNewest = Decoded<typeof SeekNewest>;

export const SeekOldest = message({});
export type SeekOldest = Decoded<typeof SeekOldest>;

export const SeekSpecified = message({ number: uint64(1) });
export type SeekSpecified = Decoded<typeof SeekSpecified>;

export const SeekNextCommit = message({});
export type SeekNextCommit = Decoded<typeof SeekNextCommit>;

export const SeekPosition = message({
  ...oneof({
    newest: nested(1, SeekNewest),
    oldest: nested(2, SeekOldest),
    specified: nested(3, SeekSpecified),
    nextCommit: nested(4, SeekNextCommit),
  }),
});
export type SeekPosition = Decoded<typeof SeekPosition>;

export const SeekInfo = message({
  start: nested(1, SeekPosition),
  stop: nested(2, SeekPosition),
  behavior: enumeration(3),
  errorResponse: enumeration(4),
  contentType: enumeration(5),
});
export type SeekInfo = Decoded<typeof SeekInfo>;

export const DeliverResponse = message({ ...oneof({ status: enumeration(1), block: nested(2, Block) }) });
export type DeliverResponse = Decoded<typeof DeliverResponse>;
