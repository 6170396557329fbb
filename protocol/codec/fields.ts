import { type Reader, WireType } from "./reader.js";
import type { Writer } from "./writer.js";

/** What a field answers when the wire type is not its own: Go treats such a field as unknown. */
export const UNKNOWN: unique symbol = Symbol("unknown field");

/** One field of a message: how it begins, is read (merging with what was read before) and written. */
export interface Field<T> {
  readonly number: number;
  /** Fields of one oneof share this object: reading one clears the others. */
  readonly oneof?: object;
  initial(): T;
  read(reader: Reader, wireType: number, current: T, depth: number): T | typeof UNKNOWN;
  write(writer: Writer, value: Encodable<T>): void;
}

/** A field whose values can also stand packed in a repeated one. */
export interface ScalarField<T extends Scalar> extends Field<T> {
  readonly scalar: ScalarKind<T>;
  initial(): T;
}

export type Scalar = string | number | bigint | boolean | Uint8Array;

interface ScalarKind<T> {
  readonly wireType: number;
  readonly empty: T;
  isEmpty(value: T): boolean;
  get(reader: Reader): T;
  put(writer: Writer, value: T): void;
}

/** What `encode` accepts for a decoded type: everything may be left out and then has its default. */
export type Encodable<T> = T extends Scalar | undefined
  ? T | undefined
  : T extends ReadonlyMap<infer K, infer V>
    ? ReadonlyMap<K, Encodable<V>> | undefined
    : T extends readonly (infer E)[]
      ? readonly Encodable<E>[] | undefined
      : T extends object
        ? { readonly [P in keyof T]?: Encodable<T[P]> }
        : T;

/** A message type as seen by the field that embeds it. */
export interface Embeddable<T> {
  create(): T;
  readInto(target: T, reader: Reader, depth: number): void;
  writeTo(writer: Writer, value: Encodable<T>): void;
}

function scalar<T extends Scalar>(number: number, kind: ScalarKind<T>): ScalarField<T> {
  return {
    number,
    scalar: kind,
    initial: () => kind.empty,
    read: (reader, wireType) => (wireType === kind.wireType ? kind.get(reader) : UNKNOWN),
    write(writer, value) {
      const given = value as T | undefined;
      if (given === undefined || kind.isEmpty(given)) return;
      writer.tag(number, kind.wireType);
      kind.put(writer, given);
    },
  };
}

const isZero = (value: number): boolean => value === 0;
const isZero64 = (value: bigint): boolean => value === 0n;

const UINT32: ScalarKind<number> = {
  wireType: WireType.VARINT,
  empty: 0,
  isEmpty: isZero,
  get: (reader) => reader.uint32(),
  put: (writer, value) => writer.uint32(value),
};
const INT32: ScalarKind<number> = {
  wireType: WireType.VARINT,
  empty: 0,
  isEmpty: isZero,
  get: (reader) => reader.int32(),
  put: (writer, value) => writer.int32(value),
};
const UINT64: ScalarKind<bigint> = {
  wireType: WireType.VARINT,
  empty: 0n,
  isEmpty: isZero64,
  get: (reader) => reader.uint64(),
  put: (writer, value) => writer.uint64(value),
};
const INT64: ScalarKind<bigint> = { ...UINT64, get: (reader) => reader.int64() };
const BOOL: ScalarKind<boolean> = {
  wireType: WireType.VARINT,
  empty: false,
  isEmpty: (value) => !value,
  get: (reader) => reader.bool(),
  put: (writer, value) => writer.uint32(value ? 1 : 0),
};
/** What a bytes field that was not on the wire holds; one that was there and empty holds other empty bytes. Go tells nil from empty too. */
const ABSENT = new Uint8Array(0);
export const isAbsent = (value: Uint8Array): boolean => value === ABSENT;

const BYTES: ScalarKind<Uint8Array> = {
  wireType: WireType.LEN,
  empty: ABSENT,
  isEmpty: (value) => value.length === 0,
  get: (reader) => reader.bytes(),
  put: (writer, value) => writer.bytes(value),
};
const STRING: ScalarKind<string> = {
  wireType: WireType.LEN,
  empty: "",
  isEmpty: (value) => value === "",
  get: (reader) => reader.string(),
  put: (writer, value) => writer.string(value),
};

export const uint32 = (number: number): ScalarField<number> => scalar(number, UINT32);
export const int32 = (number: number): ScalarField<number> => scalar(number, INT32);
export const uint64 = (number: number): ScalarField<bigint> => scalar(number, UINT64);
export const int64 = (number: number): ScalarField<bigint> => scalar(number, INT64);
export const bool = (number: number): ScalarField<boolean> => scalar(number, BOOL);
export const bytes = (number: number): ScalarField<Uint8Array> => scalar(number, BYTES);
export const string = (number: number): ScalarField<string> => scalar(number, STRING);
/** An enum is the number on the wire; values without a name are kept. */
export const enumeration = int32;

type Thunk<T> = Embeddable<T> | (() => Embeddable<T>);
const resolve = <T>(type: Thunk<T>): Embeddable<T> => (typeof type === "function" ? type() : type);

/** Writes a message as a field of the one around it. */
export function writeEmbedded<T>(writer: Writer, number: number, type: Embeddable<T>, value: Encodable<T>): void {
  writer.tag(number, WireType.LEN);
  const opened = writer.open();
  type.writeTo(writer, value);
  writer.close(opened);
}

/** A sub-message, absent or present; met twice, the two merge. Pass a function where types refer to each other. */
export function nested<T extends object>(number: number, type: Thunk<T>): Field<T | undefined> {
  return {
    number,
    initial: () => undefined,
    read(reader, wireType, current, depth) {
      if (wireType !== WireType.LEN) return UNKNOWN;
      const target = current ?? resolve(type).create();
      resolve(type).readInto(target, reader.embedded(), depth + 1);
      return target;
    },
    write(writer, value) {
      if (value === undefined) return;
      writeEmbedded(writer, number, resolve(type), value as Encodable<T>);
    },
  };
}

/** Repeated sub-messages. */
export function repeatedNested<T extends object>(number: number, type: Thunk<T>): Field<T[]> {
  return {
    number,
    initial: () => [],
    read(reader, wireType, current, depth) {
      if (wireType !== WireType.LEN) return UNKNOWN;
      const target = resolve(type).create();
      resolve(type).readInto(target, reader.embedded(), depth + 1);
      current.push(target);
      return current;
    },
    write(writer, values) {
      for (const value of (values ?? []) as readonly Encodable<T>[]) {
        writeEmbedded(writer, number, resolve(type), value);
      }
    },
  };
}

/** Repeated scalars: numbers are written packed and read either way. */
export function repeated<T extends Scalar>(field: ScalarField<T>): Field<T[]> {
  const { number, scalar: kind } = field;
  const packable = kind.wireType !== WireType.LEN;
  return {
    number,
    initial: () => [],
    read(reader, wireType, current) {
      if (wireType === kind.wireType) current.push(kind.get(reader));
      else if (packable && wireType === WireType.LEN) {
        const packed = reader.embedded();
        while (!packed.done) current.push(kind.get(packed));
      } else return UNKNOWN;
      return current;
    },
    write(writer, values) {
      const given = (values ?? []) as readonly T[];
      if (given.length === 0) return;
      if (packable) {
        writer.tag(number, WireType.LEN);
        const opened = writer.open();
        for (const value of given) kind.put(writer, value);
        writer.close(opened);
        return;
      }
      for (const value of given) {
        writer.tag(number, kind.wireType);
        kind.put(writer, value);
      }
    },
  };
}
