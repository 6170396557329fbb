import type { FileHandle } from "node:fs/promises";

const READ_BYTES = 256 * 1024;
const LF = 0x0a;

export interface Line {
  /** Without its end; undefined where it is longer than asked for. */
  readonly bytes: Buffer | undefined;
  /** Where the next one begins. */
  readonly end: number;
}

/**
 * The whole lines of a file from an offset on. What follows the last line feed is still being written. Holds no more than
 * the longest line that is asked for.
 */
export async function* linesFrom(file: FileHandle, offset: number, longest: number): AsyncGenerator<Line> {
  const chunk = Buffer.allocUnsafe(READ_BYTES);
  let pending: Buffer[] = [];
  let length = 0;
  for (let at = offset; ; ) {
    const { bytesRead } = await file.read(chunk, 0, READ_BYTES, at);
    if (bytesRead === 0) return;
    let from = 0;
    for (let feed = chunk.indexOf(LF); feed >= 0 && feed < bytesRead; feed = chunk.indexOf(LF, from)) {
      length += feed - from;
      if (length <= longest) pending.push(Buffer.from(chunk.subarray(from, feed)));
      yield { bytes: length <= longest ? Buffer.concat(pending) : undefined, end: at + feed + 1 };
      pending = [];
      length = 0;
      from = feed + 1;
    }
    length += bytesRead - from;
    if (length <= longest) pending.push(Buffer.from(chunk.subarray(from, bytesRead)));
    else pending = [];
    at += bytesRead;
  }
}
