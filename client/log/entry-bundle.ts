import { LogError } from "../core/index.js";
import { damaged } from "./errors.js";

/** Entry bundles (c2sp.org/tlog-tiles): entries one after the other, each after its length as a big-endian uint16. */

export const MAX_ENTRY_BYTES = 0xffff;

export function encodeBundle(entries: readonly Uint8Array[]): Buffer {
  const bundle = Buffer.allocUnsafe(entries.reduce((sum, entry) => sum + 2 + entry.length, 0));
  let at = 0;
  for (const entry of entries) {
    at = bundle.writeUInt16BE(checkEntry(entry).length, at);
    bundle.set(entry, at);
    at += entry.length;
  }
  return bundle;
}

/** @param where named if the bundle is damaged @throws LogError LOG_DAMAGED */
export function decodeBundle(bundle: Uint8Array, where: string): Uint8Array[] {
  const view = Buffer.from(bundle.buffer, bundle.byteOffset, bundle.length);
  const entries: Uint8Array[] = [];
  let at = 0;
  while (at < view.length) {
    const start = at + 2;
    const end = start <= view.length ? start + view.readUInt16BE(at) : Number.POSITIVE_INFINITY;
    if (end > view.length) throw damaged(where, `entry ${entries.length} is cut short`);
    entries.push(view.subarray(start, end));
    at = end;
  }
  return entries;
}

/** @throws LogError RECORD_TOO_LARGE */
export function checkEntry(entry: Uint8Array): Uint8Array {
  if (entry.length <= MAX_ENTRY_BYTES) return entry;
  throw new LogError("RECORD_TOO_LARGE", `a record has at most ${MAX_ENTRY_BYTES} bytes; this one has ${entry.length}`);
}
