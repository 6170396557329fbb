/** Google's messages that Fabric uses: google/protobuf/timestamp.proto, any.proto, google/rpc/status.proto. */
import { bytes, type Decoded, int32, int64, message, repeatedNested, string } from "../codec.js";

export const Timestamp = message({ seconds: int64(1), nanos: int32(2) });
export type Timestamp = Decoded<typeof Timestamp>;

/** The instant that lies so many milliseconds after 1970. */
export const timestampOf = (milliseconds: number): { readonly seconds: bigint; readonly nanos: number } => ({
  seconds: BigInt(Math.floor(milliseconds / 1000)),
  nanos: (milliseconds % 1000) * 1_000_000,
});

export const Any = message({ typeUrl: string(1), value: bytes(2) });
export type Any = Decoded<typeof Any>;

/** Carried in the trailer `grpc-status-details-bin`. */
export const RpcStatus = message({ code: int32(1), message: string(2), details: repeatedNested(3, Any) });
export type RpcStatus = Decoded<typeof RpcStatus>;
