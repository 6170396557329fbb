import { compareUtf8 } from "../bytes.js";
import {
  type Embeddable,
  type Encodable,
  type Field,
  type Scalar,
  type ScalarField,
  UNKNOWN,
  writeEmbedded,
} from "./fields.js";
import { type Reader, WireType } from "./reader.js";
import type { Writer } from "./writer.js";

type MapKey = string | bigint;

const compareKeys = (left: MapKey, right: MapKey): number => {
  if (typeof left === "string" && typeof right === "string") return compareUtf8(left, right);
  return left < right ? -1 : left > right ? 1 : 0;
};

interface EntryValue<V> {
  initial(): V;
  /** Reads the value of an entry; what has another wire type is left to be skipped. */
  read(reader: Reader, wireType: number, current: V, depth: number): V | typeof UNKNOWN;
  write(writer: Writer, value: Encodable<V>): void;
}

/**
 * The map field. Entries are written in key order and, as Go does, with key and value even where these are defaults; the last entry of a
 * key counts; unknown fields inside an entry are dropped.
 */
function mapOf<K extends MapKey, V>(number: number, key: ScalarField<K>, value: EntryValue<V>): Field<Map<K, V>> {
  return {
    number,
    initial: () => new Map(),
    read(reader, wireType, current, depth) {
      if (wireType !== WireType.LEN) return UNKNOWN;
      const entry = reader.embedded();
      let name = key.initial();
      let content = value.initial();
      while (!entry.done) {
        const tag = entry.tag();
        let known = false;
        if (tag.number === 1) {
          const read = key.read(entry, tag.wireType, name, depth);
          if (read !== UNKNOWN) {
            name = read;
            known = true;
          }
        } else if (tag.number === 2) {
          const read = value.read(entry, tag.wireType, content, depth);
          if (read !== UNKNOWN) {
            content = read;
            known = true;
          }
        }
        if (!known) entry.skip(tag.number, tag.wireType);
      }
      current.set(name, content);
      return current;
    },
    write(writer, entries) {
      const given = (entries ?? new Map()) as ReadonlyMap<K, Encodable<V>>;
      for (const [name, content] of [...given].sort((a, b) => compareKeys(a[0], b[0]))) {
        writer.tag(number, WireType.LEN);
        const opened = writer.open();
        writer.tag(1, key.scalar.wireType);
        key.scalar.put(writer, name);
        value.write(writer, content);
        writer.close(opened);
      }
    },
  };
}

/** A map to scalars; `key` has number 1 and `value` number 2, as in the entry message on the wire. */
export function map<K extends MapKey, V extends Scalar>(
  number: number,
  key: ScalarField<K>,
  value: ScalarField<V>,
): Field<Map<K, V>> {
  return mapOf(number, key, {
    initial: value.initial,
    read: (reader, wireType, current, depth) => value.read(reader, wireType, current, depth),
    write(writer, content) {
      writer.tag(2, value.scalar.wireType);
      value.scalar.put(writer, (content ?? value.initial()) as V);
    },
  });
}

/** A map to messages. */
export function mapNested<K extends MapKey, V extends object>(
  number: number,
  key: ScalarField<K>,
  type: () => Embeddable<V>,
): Field<Map<K, V>> {
  return mapOf<K, V>(number, key, {
    initial: () => type().create(),
    read(reader, wireType, current, depth) {
      if (wireType !== WireType.LEN) return UNKNOWN;
      type().readInto(current, reader.embedded(), depth + 1);
      return current;
    },
    write(writer, content) {
      writeEmbedded(writer, 2, type(), content);
    },
  });
}
