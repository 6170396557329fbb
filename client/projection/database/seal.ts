import { createHash } from "node:crypto";
import { closeSync, openSync, readFileSync, readSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { Type } from "typebox";
import { Check } from "typebox/schema";

/** Bytes of a piece: what is named where one is not what it was. */
const PIECE_BYTES = 64 * 1024;

/** Beside a database that was closed: what it was then. */
const Seal = Type.Object(
  { size: Type.Integer({ minimum: 0 }), written: Type.Integer(), pieces: Type.Array(Type.String()) },
  { additionalProperties: false },
);

/** A piece of a file, from byte to byte. */
export interface Piece {
  readonly from: number;
  readonly to: number;
}

const sealOf = (file: string): string => `${file}.seal`;

/**
 * Notes what a file is that nobody writes any more. SQLite has no checksums: one flipped bit in a value is read as if it had
 * been written.
 */
export function seal(file: string): void {
  const { size, mtimeMs } = statSync(file);
  const pieces = [...digests(file)];
  const path = sealOf(file);
  writeFileSync(`${path}.new`, JSON.stringify({ size, written: Math.floor(mtimeMs), pieces }), { mode: 0o600 });
  renameSync(`${path}.new`, path);
}

/** Whether a file was closed, and not written since. */
export function isSealed(file: string): boolean {
  return sealBeside(file) !== undefined;
}

/**
 * The first piece of a file that is not what it was when it was closed; undefined where all is, or where it was not
 * closed, or written since: then nothing is known.
 */
export function brokenPiece(file: string): Piece | undefined {
  const known = sealBeside(file);
  if (known === undefined) return undefined;
  let at = 0;
  for (const digest of digests(file)) {
    if (digest !== known.pieces[at])
      return { from: at * PIECE_BYTES, to: Math.min((at + 1) * PIECE_BYTES, known.size) - 1 };
    at += 1;
  }
  return undefined;
}

/** Before the file is written again. */
export function unseal(file: string): void {
  rmSync(sealOf(file), { force: true });
}

/** Undefined also where the file's time or size is another: whoever wrote it did not close it, or put another in its place. */
function sealBeside(file: string): { readonly size: number; readonly pieces: readonly string[] } | undefined {
  try {
    const { size, mtimeMs } = statSync(file);
    const value: unknown = JSON.parse(readFileSync(sealOf(file), "utf8"));
    if (!Check(Seal, value)) return undefined;
    return value.size === size && value.written === Math.floor(mtimeMs) ? value : undefined;
  } catch (error) {
    if (error instanceof SyntaxError || (error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

function* digests(file: string): Generator<string> {
  const descriptor = openSync(file, "r");
  try {
    const piece = Buffer.alloc(PIECE_BYTES);
    for (let read = readSync(descriptor, piece); read > 0; read = readSync(descriptor, piece)) {
      yield createHash("sha256").update(piece.subarray(0, read)).digest("base64");
    }
  } finally {
    closeSync(descriptor);
  }
}
