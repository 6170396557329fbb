import {
  type handleBidiStreamingCall,
  type handleServerStreamingCall,
  type handleUnaryCall,
  logVerbosity,
  Server,
  type ServerCredentials,
  type ServerDuplexStream,
  type ServerUnaryCall,
  type ServerWritableStream,
  setLogVerbosity,
  status,
} from "@grpc/grpc-js";
import type { Encodable } from "@wanlian/protocol/codec.js";
import { NetworkError } from "../error.js";
import { MESSAGE_OPTIONS } from "./limits.js";
import { deserializer, type Method, type MethodShape, serializer } from "./method.js";
import { RpcError, statusOf } from "./rpc-error.js";
import { untilAborted } from "./until-aborted.js";

// What fails is thrown; grpc-js would also write it to stderr, in words of its own.
setLogVerbosity(logVerbosity.NONE);

/** What a handler gets beside the request. */
export interface CallContext<Call> {
  /** Aborted when the client cancels or goes away, when its deadline passes, and when the server closes. */
  readonly signal: AbortSignal;
  /** The call itself: peer, deadline, metadata, authentication. */
  readonly call: Call;
}

/** Sends one message; resolves when the client's flow control lets the next one be made. */
export type Send<S> = (message: Encodable<S>) => Promise<void>;

/** A handler answers by its result and fails by throwing: `RpcError` for a code of its own, else UNKNOWN. */
export type UnaryHandler<Q, S> = (
  request: Q,
  context: CallContext<ServerUnaryCall<Q, Encodable<S>>>,
) => Promise<Encodable<S>>;
export type StreamHandler<Q, S> = (
  request: Q,
  send: Send<S>,
  context: CallContext<ServerWritableStream<Q, Encodable<S>>>,
) => Promise<void>;
export type BidiHandler<Q, S> = (
  requests: AsyncIterable<Q>,
  send: Send<S>,
  context: CallContext<ServerDuplexStream<Q, Encodable<S>>>,
) => Promise<void>;

/** How long a closing server lets calls finish before it breaks them off. */
const CLOSE_GRACE_MS = 1_000;

/** A gRPC server whose handlers are async functions. */
export class RpcServer {
  readonly #server = new Server(MESSAGE_OPTIONS);
  readonly #running = new Set<AbortController>();

  unary<Q extends object, S extends object>(method: Method<Q, S, "unary">, handler: UnaryHandler<Q, S>): this {
    const handle: handleUnaryCall<Q, Encodable<S>> = (call, done) => {
      this.#run(call, (signal) => handler(call.request, { call, signal })).then(
        (response) => done(null, response),
        (error: unknown) => done(statusOf(error)),
      );
    };
    this.#register(method, handle, "unary");
    return this;
  }

  serverStream<Q extends object, S extends object>(
    method: Method<Q, S, "serverStream">,
    handler: StreamHandler<Q, S>,
  ): this {
    const handle: handleServerStreamingCall<Q, Encodable<S>> = (call) => {
      finish(
        call,
        this.#run(call, (signal) => handler(call.request, sender(call, signal), { call, signal })),
      );
    };
    this.#register(method, handle, "serverStream");
    return this;
  }

  bidi<Q extends object, S extends object>(method: Method<Q, S, "bidi">, handler: BidiHandler<Q, S>): this {
    const handle: handleBidiStreamingCall<Q, Encodable<S>> = (call) => {
      finish(
        call,
        this.#run(call, (signal) => handler(requestsOf(call, signal), sender(call, signal), { call, signal })),
      );
    };
    this.#register(method, handle, "bidi");
    return this;
  }

  /** Listens on `host:port` (port 0: any free one) and resolves to the port. Throws NetworkError PORT_IN_USE. */
  listen(address: string, credentials: ServerCredentials): Promise<number> {
    return new Promise((resolve, reject) => {
      this.#server.bindAsync(address, credentials, (error, port) => {
        if (error === null) resolve(port);
        else reject(error.message.includes("EADDRINUSE") ? portInUse(address, error) : error);
      });
    });
  }

  /** Takes no new calls, aborts those that run, and breaks off what has not ended after a short while. */
  close(): Promise<void> {
    for (const call of this.#running) {
      call.abort(new RpcError(status.UNAVAILABLE, "the server is shutting down"));
    }
    return new Promise((resolve) => {
      const force = setTimeout(() => this.#server.forceShutdown(), CLOSE_GRACE_MS);
      this.#server.tryShutdown(() => {
        clearTimeout(force);
        resolve();
      });
    });
  }

  #register<Q extends object, S extends object>(
    method: Method<Q, S>,
    handle: HandleCall<Q, Encodable<S>>,
    type: MethodShape,
  ): void {
    const { path, request, response } = method;
    this.#server.register(path, handle, serializer(response), deserializer(request), type);
  }

  async #run<T>(call: Cancellable, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const abort = new AbortController();
    // grpc-js says "cancelled" at the end of every call; only of one that still runs is it news.
    call.on("cancelled", () => {
      if (this.#running.has(abort)) abort.abort(new RpcError(status.CANCELLED, "the client cancelled the call"));
    });
    this.#running.add(abort);
    try {
      return await work(abort.signal);
    } finally {
      this.#running.delete(abort);
    }
  }
}

type HandleCall<Q, S> = handleUnaryCall<Q, S> | handleServerStreamingCall<Q, S> | handleBidiStreamingCall<Q, S>;

type Cancellable = { on(event: "cancelled", listener: () => void): unknown };
interface Outgoing<S> {
  write(message: S): boolean;
  end(): unknown;
  once(event: "drain", listener: () => void): unknown;
  off(event: "drain", listener: () => void): unknown;
  emit(event: "error", error: object): unknown;
}

/**
 * The requests of a stream, until the call is aborted: a stream that is idle must not hold up a server that closes. Iterating a Duplex
 * would destroy it at the end, with the answers still to be sent.
 */
function requestsOf<Q>(call: ServerDuplexStream<Q, unknown>, signal: AbortSignal): AsyncIterable<Q> {
  return untilAborted<Q>(call.iterator({ destroyOnReturn: false }), signal);
}

function sender<S>(call: Outgoing<Encodable<S>>, signal: AbortSignal): Send<S> {
  return async (message) => {
    signal.throwIfAborted();
    if (call.write(message)) {
      return;
    }
    await new Promise<void>((resolve, reject) => {
      const onDrain = () => {
        signal.removeEventListener("abort", onAbort);
        resolve();
      };
      const onAbort = () => {
        call.off("drain", onDrain);
        reject(signal.reason);
      };
      call.once("drain", onDrain);
      signal.addEventListener("abort", onAbort, { once: true });
    });
  };
}

function finish<S>(call: Outgoing<S>, handled: Promise<void>): void {
  // grpc-js ends a streaming call with a status when "error" is emitted on it.
  handled.then(
    () => call.end(),
    (error: unknown) => call.emit("error", statusOf(error)),
  );
}

/** The failure to listen where somebody else does. */
export function portInUse(address: string, cause: unknown): NetworkError {
  const text = { zh: `${address} 已被另一个进程占用。`, en: `${address} is in use by another process.` };
  return new NetworkError("PORT_IN_USE", text, { details: { address }, cause });
}
