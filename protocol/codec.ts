/**
 * Protobuf as Go decodes it. Fabric's peers are Go programs, and a validator that reads a byte differently forks from them: a repeated
 * singular sub-message merges, invalid UTF-8 fails, a field with the wrong wire type is an unknown field, the last scalar wins, unknown
 * fields are kept and written after the known ones.
 *
 *     export const BlockHeader = message({ number: uint64(1), previousHash: bytes(2), dataHash: bytes(3) });
 *     export type BlockHeader = Decoded<typeof BlockHeader>;
 */
import { NO_BYTES, plainBytes } from "./bytes.js";
import { type Embeddable, type Encodable, type Field, UNKNOWN } from "./codec/fields.js";
import { Reader, WireType } from "./codec/reader.js";
import { Writer } from "./codec/writer.js";
import { ProtocolError } from "./errors.js";

export {
  bool,
  bytes,
  type Encodable,
  enumeration,
  type Field,
  int32,
  int64,
  isAbsent,
  nested,
  repeated,
  repeatedNested,
  string,
  uint32,
  uint64,
} from "./codec/fields.js";
export { map, mapNested } from "./codec/maps.js";

/**
 * Messages inside messages. Go allows 10,000, which this stack does not hold; a limit that every peer hits at the same byte is better than
 * an overflow that each hits elsewhere. No message of Fabric's is deeper than its policies, which people write.
 */
const MAX_DEPTH = 1000;

/** Writes one message after the other: growing a buffer for each would be a fifth of an orderer's garbage. */
let resting: Writer | undefined;

/** Where a decoded message keeps the fields that its type does not know. */
export const unknownFields: unique symbol = Symbol("unknown fields");

/** What every decoded message may carry. */
export interface Message {
  [unknownFields]?: Uint8Array;
}

/** A message type: its codec. Decoded values hold every field; `encode` takes what has been set. */
export interface MessageType<T extends object> extends Embeddable<T> {
  /** A message with the given fields and defaults for the rest. */
  create(init?: Partial<T>): T;
  encode(value: Encodable<T>): Uint8Array;
  /** @throws ProtocolError MALFORMED where Go's decoder would fail. */
  decode(bytes: Uint8Array): T;
}

export type Decoded<M> = M extends MessageType<infer T> ? T : never;

type Fields = { readonly [name: string]: object };
type ValueOf<F> = F extends { initial(): infer T } ? T : never;
type Shape<F> = { -readonly [P in keyof F]: ValueOf<F[P]> } & Message;

/** Marks fields as one oneof: at most one of them is defined, the last on the wire; a default value there is present all the same. */
export function oneof<F extends { readonly [name: string]: object }>(
  fields: F,
): { readonly [P in keyof F]: Field<ValueOf<F[P]> | undefined> } {
  const group = {};
  const marked: Record<string, Field<unknown>> = {};
  for (const [name, field] of Object.entries(fields)) {
    marked[name] = memberOf(group, field as Field<unknown>);
  }
  return marked as { readonly [P in keyof F]: Field<ValueOf<F[P]> | undefined> };
}

function memberOf(group: object, field: Field<unknown>): Field<unknown> {
  const start = field.initial();
  const scalar = "scalar" in field ? (field.scalar as ScalarWriter) : undefined;
  return {
    number: field.number,
    oneof: group,
    initial: () => undefined,
    read: (reader, wireType, current, depth) => field.read(reader, wireType, current ?? start, depth),
    write(writer, value) {
      if (value === undefined) return;
      if (scalar === undefined) return field.write(writer, value);
      writer.tag(field.number, scalar.wireType);
      scalar.put(writer, value);
    },
  };
}

interface ScalarWriter {
  readonly wireType: number;
  put(writer: Writer, value: unknown): void;
}

interface Slot {
  readonly name: string;
  readonly field: Field<unknown>;
  /** Names of the other members of the same oneof. */
  readonly rivals: readonly string[];
}

/** Declares a message type by its fields. */
export function message<const F extends { readonly [name: string]: object }>(fields: F): MessageType<Shape<F>>;
/** The same for a type that refers to itself and is therefore written out. */
export function message<T extends object>(
  fields: { readonly [P in Exclude<keyof T, symbol>]: Field<T[P]> },
): MessageType<T>;
export function message(fields: { readonly [name: string]: object }): MessageType<Record<string, unknown> & Message> {
  const slots = slotsOf(fields);
  const byNumber = new Map(slots.map((slot) => [slot.field.number, slot]));
  const template: Record<string, unknown> = Object.fromEntries(slots.map(({ name, field }) => [name, field.initial()]));
  const filled = slots.filter(({ name }) => Array.isArray(template[name]) || template[name] instanceof Map);

  // A copy of one object, so that all messages of a type are of one shape to the engine.
  const create = (init?: Record<string, unknown>): Record<string, unknown> & Message => {
    const value: Record<string, unknown> & Message = { ...template };
    for (const { name, field } of filled) value[name] = field.initial();
    return init === undefined ? value : Object.assign(value, init);
  };

  const readInto = (target: Record<string, unknown> & Message, reader: Reader, depth: number): void => {
    if (depth > MAX_DEPTH) throw new ProtocolError("MALFORMED", "malformed protobuf: messages nested too deeply");
    let unknown: Writer | undefined;
    while (!reader.done) {
      const { number, wireType } = reader.tag();
      if (wireType === WireType.END_GROUP) throw new ProtocolError("MALFORMED", "malformed protobuf: end of no group");
      const slot = byNumber.get(number);
      if (slot !== undefined) {
        const read = slot.field.read(reader, wireType, target[slot.name], depth);
        if (read !== UNKNOWN) {
          target[slot.name] = read;
          for (const rival of slot.rivals) target[rival] = undefined;
          continue;
        }
      }
      const value = reader.skip(number, wireType);
      unknown ??= new Writer();
      unknown.tag(number, wireType);
      unknown.raw(value);
    }
    if (unknown !== undefined) {
      const kept = new Writer();
      kept.raw(target[unknownFields] ?? NO_BYTES);
      kept.raw(unknown.finish());
      target[unknownFields] = kept.finish();
    }
  };

  const writeTo = (writer: Writer, value: Encodable<Record<string, unknown> & Message>): void => {
    for (const { name, field } of slots) field.write(writer, value[name]);
    const unknown = value[unknownFields];
    if (unknown instanceof Uint8Array) writer.raw(unknown);
  };

  return {
    create,
    readInto,
    writeTo,
    encode(value) {
      const writer = resting ?? new Writer();
      // One that fails on a value is not used again.
      resting = undefined;
      writeTo(writer, value);
      const encoded = writer.take();
      resting = writer;
      return encoded;
    },
    decode(bytes) {
      const target = create();
      readInto(target, new Reader(plainBytes(bytes)), 0);
      return target;
    },
  };
}

/** Fields in the order of their numbers, which is the order that Go writes them in. */
function slotsOf(fields: Fields): Slot[] {
  const named = Object.entries(fields).map(([name, field]) => ({ name, field: field as Field<unknown> }));
  return named
    .sort((a, b) => a.field.number - b.field.number)
    .map(({ name, field }) => ({
      name,
      field,
      rivals: named
        .filter((other) => other.name !== name && field.oneof !== undefined && other.field.oneof === field.oneof)
        .map((other) => other.name),
    }));
}
