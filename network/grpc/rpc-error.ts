import { Metadata, status } from "@grpc/grpc-js";
import { messageOf } from "@wanlian/protocol/errors.js";

/** The failure of a call, as gRPC carries it: thrown by handlers and by `call` alike. */
export class RpcError extends Error {
  override readonly name = "RpcError";
  /** One of grpc-js' `status` numbers. */
  readonly code: number;
  /** Trailing metadata; `grpc-status-details-bin` carries the gateway's details. */
  readonly metadata: Metadata;

  constructor(code: number, message: string, options: { metadata?: Metadata; cause?: unknown } = {}) {
    super(message, { cause: options.cause });
    this.code = code;
    this.metadata = options.metadata ?? new Metadata();
  }
}

/** The status a failed handler ends its call with. An untyped error is UNKNOWN, as in Fabric's own servers. */
export function statusOf(error: unknown): { code: number; details: string; metadata: Metadata } {
  if (error instanceof RpcError) {
    return { code: error.code, details: error.message, metadata: error.metadata };
  }
  return { code: status.UNKNOWN, details: messageOf(error), metadata: new Metadata() };
}
