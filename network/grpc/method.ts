import type { Encodable, MessageType } from "@wanlian/protocol/codec.js";

/** How many messages each side sends: one and one, one and many, many and many. */
export type MethodShape = "unary" | "serverStream" | "bidi";

/** One method of a service: where it is called, and what it takes and gives. */
export interface Method<Request extends object, Response extends object, Shape extends MethodShape = MethodShape> {
  readonly shape: Shape;
  /** `/package.Service/Method`. */
  readonly path: string;
  readonly request: MessageType<Request>;
  readonly response: MessageType<Response>;
}

/** A method that takes one message and answers with one. */
export function unary<Q extends object, S extends object>(
  path: string,
  request: MessageType<Q>,
  response: MessageType<S>,
): Method<Q, S, "unary"> {
  return { shape: "unary", path, request, response };
}

/** A method that takes one message and answers with a stream. */
export function serverStream<Q extends object, S extends object>(
  path: string,
  request: MessageType<Q>,
  response: MessageType<S>,
): Method<Q, S, "serverStream"> {
  return { shape: "serverStream", path, request, response };
}

/** A method with a stream in each direction. */
export function bidi<Q extends object, S extends object>(
  path: string,
  request: MessageType<Q>,
  response: MessageType<S>,
): Method<Q, S, "bidi"> {
  return { shape: "bidi", path, request, response };
}

/** A message's bytes as grpc-js writes them: a Buffer over the encoder's memory. */
export function serializer<T extends object>(type: MessageType<T>): (value: Encodable<T>) => Buffer {
  return (value) => {
    const bytes = type.encode(value);
    return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  };
}

export function deserializer<T extends object>(type: MessageType<T>): (bytes: Buffer) => T {
  return (bytes) => type.decode(bytes);
}
