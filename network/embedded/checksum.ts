import { crc32 } from "node:zlib";
import { NetworkError } from "../error.js";

const CHECKSUM_BYTES = 4;

/**
 * A value as it is stored: a checksum over key and value before it. LevelDB has checksums of its own, but skips what
 * fails them in its log and does not look at them when it reads its tables.
 */
export function withChecksum(key: Uint8Array, value: Uint8Array): Uint8Array {
  const stored = new Uint8Array(CHECKSUM_BYTES + value.length);
  new DataView(stored.buffer).setUint32(0, checksum(key, value));
  stored.set(value, CHECKSUM_BYTES);
  return stored;
}

/** The value without its checksum; undefined where they do not fit, whichever of the two was changed. */
export function checkedValue(key: Uint8Array, stored: Uint8Array): Uint8Array | undefined {
  if (stored.length < CHECKSUM_BYTES) return undefined;
  const value = stored.subarray(CHECKSUM_BYTES);
  const stated = new DataView(stored.buffer, stored.byteOffset).getUint32(0);
  return checksum(key, value) === stated ? value : undefined;
}

/** zlib gives 0 for no bytes at no address, whatever came before: an empty value must not be asked of it. */
const checksum = (key: Uint8Array, value: Uint8Array): number =>
  value.length === 0 ? crc32(key) : crc32(value, crc32(key));

/** What a disk gives back is not what was stored there. */
export function damaged(directory: string, block: bigint | undefined, cause?: unknown): NetworkError {
  const what =
    block === undefined
      ? { zh: "一项数据已损坏", en: "an entry is damaged" }
      : { zh: `区块 ${block} 缺失或损坏`, en: `block ${block} is missing or damaged` };
  const text = { zh: `${directory} 中${what.zh}。`, en: `In ${directory} ${what.en}.` };
  return new NetworkError("DAMAGED", text, {
    details: { directory, ...(block === undefined ? {} : { block: String(block) }) },
    cause,
  });
}

export const isDamage = (error: unknown): error is NetworkError =>
  error instanceof NetworkError && error.code === "DAMAGED";

/** LevelDB's own word for what it cannot read; its errors stand in the causes of others. */
export function isCorruption(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return ("code" in error && error.code === "LEVEL_CORRUPTION") || isCorruption(error.cause);
}
