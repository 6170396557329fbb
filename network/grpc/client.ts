import {
  type ChannelCredentials,
  Client,
  type ClientDuplexStream,
  type ClientReadableStream,
  Metadata,
  type ServiceError,
  status,
} from "@grpc/grpc-js";
import type { Encodable } from "@wanlian/protocol/codec.js";
import { CLIENT_OPTIONS } from "./limits.js";
import { deserializer, type Method, serializer } from "./method.js";
import { RpcError } from "./rpc-error.js";

/** When a call gives up. */
export interface CallOptions {
  /** Milliseconds from now after which the call fails with DEADLINE_EXCEEDED. */
  timeoutMs?: number;
  /** Cancels the call when it aborts. */
  signal?: AbortSignal;
}

/** A stream in both directions. Iterating ends with the server's end of the stream, and throws `RpcError` on failure. */
export interface BidiCall<Q, S> extends AsyncIterable<S> {
  /** Sends one message; resolves when flow control lets the next one be made. */
  send(message: Encodable<Q>): Promise<void>;
  /** No more messages will be sent. */
  end(): void;
  /** Gives the call up. */
  cancel(): void;
}

/** A connection to one gRPC server, made lazily and re-made as needed. */
export class RpcClient {
  readonly #client: Client;

  constructor(address: string, credentials: ChannelCredentials, serverName?: string) {
    const name = serverName ? { "grpc.ssl_target_name_override": serverName } : {};
    this.#client = new Client(address, credentials, { ...CLIENT_OPTIONS, ...name });
  }

  /** Calls and waits for the answer. Throws `RpcError`. */
  unary<Q extends object, S extends object>(
    method: Method<Q, S, "unary">,
    request: Encodable<Q>,
    options: CallOptions = {},
  ): Promise<S> {
    return new Promise((resolve, reject) => {
      const call = this.#client.makeUnaryRequest(
        method.path,
        serializer(method.request),
        deserializer(method.response),
        request,
        new Metadata(),
        deadlineOf(options),
        (error: ServiceError | null, response?: S) => {
          options.signal?.removeEventListener("abort", cancel);
          if (error) {
            reject(toRpcError(error));
          } else if (response === undefined) {
            reject(new RpcError(status.INTERNAL, `${method.path} ended without an answer`));
          } else {
            resolve(response);
          }
        },
      );
      const cancel = () => call.cancel();
      onAbort(options.signal, cancel);
    });
  }

  /** Calls and yields the answers. */
  serverStream<Q extends object, S extends object>(
    method: Method<Q, S, "serverStream">,
    request: Encodable<Q>,
    options: CallOptions = {},
  ): AsyncIterable<S> {
    const call = this.#client.makeServerStreamRequest(
      method.path,
      serializer(method.request),
      deserializer(method.response),
      request,
      new Metadata(),
      deadlineOf(options),
    );
    return received(call, options.signal);
  }

  /** Opens a stream in both directions. */
  bidi<Q extends object, S extends object>(method: Method<Q, S, "bidi">, options: CallOptions = {}): BidiCall<Q, S> {
    const call: ClientDuplexStream<Encodable<Q>, S> = this.#client.makeBidiStreamRequest(
      method.path,
      serializer(method.request),
      deserializer(method.response),
      new Metadata(),
      deadlineOf(options),
    );
    const responses = received(call, options.signal);
    return {
      send: (message) => written(call, message),
      end: () => call.end(),
      cancel: () => call.cancel(),
      [Symbol.asyncIterator]: () => responses[Symbol.asyncIterator](),
    };
  }

  close(): void {
    this.#client.close();
  }
}

function deadlineOf(options: CallOptions): { deadline?: number } {
  return options.timeoutMs === undefined ? {} : { deadline: Date.now() + options.timeoutMs };
}

function onAbort(signal: AbortSignal | undefined, cancel: () => void): void {
  if (signal?.aborted) {
    cancel();
  } else {
    signal?.addEventListener("abort", cancel, { once: true });
  }
}

/** Yields what arrives. A failure that comes before anyone iterates is kept until somebody does. */
function received<S>(call: ClientReadableStream<S>, signal: AbortSignal | undefined): AsyncIterable<S> {
  let failure: Error | undefined;
  call.on("error", (error: Error) => {
    failure = error;
  });
  const cancel = () => call.cancel();
  onAbort(signal, cancel);
  async function* iterate(): AsyncGenerator<S> {
    try {
      if (failure === undefined) {
        for await (const message of call as AsyncIterable<S>) {
          yield message;
        }
      }
    } catch (error) {
      failure = error instanceof Error ? error : new Error(String(error));
    } finally {
      signal?.removeEventListener("abort", cancel);
      call.cancel();
    }
    if (failure !== undefined) {
      throw isServiceError(failure) ? toRpcError(failure) : failure;
    }
  }
  return { [Symbol.asyncIterator]: iterate };
}

function written<Q>(
  call: Pick<ClientDuplexStream<Encodable<Q>, unknown>, "write">,
  message: Encodable<Q>,
): Promise<void> {
  return new Promise((resolve, reject) => {
    call.write(message, (error?: Error | null) => (error ? reject(error) : resolve()));
  });
}

function isServiceError(error: unknown): error is ServiceError {
  return error instanceof Error && "code" in error && typeof error.code === "number" && "details" in error;
}

function toRpcError(error: ServiceError): RpcError {
  return new RpcError(error.code, error.details, { metadata: error.metadata, cause: error });
}
