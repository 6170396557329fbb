import { LedgerError } from "./errors.js";
import { EMPTY_ROOT, HASH_BYTES, type Hash, isTreeSize, verifyConsistency } from "./merkle.js";
import { type NoteSigner, openNote, signNote, type VerifierKey } from "./note.js";

/** C2SP checkpoints (c2sp.org/tlog-checkpoint): a log's origin, size and root as a signed note. */
export interface Checkpoint {
  /** The log's name: also the name of the key that signs. */
  readonly origin: string;
  readonly size: number;
  readonly root: Hash;
}

/** Size and root; what an anchor is compared with. */
export type TreeHead = Pick<Checkpoint, "size" | "root">;

/** Where every log begins. */
export const EMPTY_TREE: TreeHead = { size: 0, root: EMPTY_ROOT };

/** The note's text. Extension lines are never written. */
export function formatCheckpoint({ origin, size, root }: Checkpoint): string {
  return `${origin}\n${size}\n${Buffer.from(root).toString("base64")}\n`;
}

/** @throws LedgerError INVALID_INPUT; extension lines count as malformed, since nobody could audit them */
export function parseCheckpoint(text: string): Checkpoint {
  const [origin, size, root, end, ...more] = text.split("\n");
  if (origin === undefined || size === undefined || root === undefined || end !== "" || more.length > 0) {
    throw malformed("a checkpoint is three lines: origin, size, root");
  }
  if (origin === "") throw malformed("a checkpoint names its log");
  const bytes = Buffer.from(root, "base64");
  if (bytes.length !== HASH_BYTES || bytes.toString("base64") !== root) throw malformed("a root is 32 bytes in base64");
  if (!/^(0|[1-9]\d*)$/.test(size) || !isTreeSize(Number(size))) throw malformed(`"${size}" is not a tree size`);
  return { origin, size: Number(size), root: bytes };
}

export function signCheckpoint(head: TreeHead, signer: NoteSigner): string {
  return signNote(formatCheckpoint({ origin: signer.key.name, ...head }), [signer]);
}

/**
 * The checkpoint in a note that the log's own key signed.
 * @throws LedgerError INVALID_INPUT, TOO_LARGE, BAD_SIGNATURE
 */
export function openCheckpoint(note: string, key: VerifierKey): Checkpoint {
  const checkpoint = parseCheckpoint(openNote(note, key));
  if (checkpoint.origin !== key.name) {
    throw malformed(`the checkpoint is of log "${checkpoint.origin}", signed as "${key.name}"`);
  }
  return checkpoint;
}

/** A checkpoint with the proof that it extends the one before, as an anchor carries them. */
export interface Extension {
  readonly note: string;
  readonly proof: readonly Hash[];
}

/**
 * The checkpoint, once it is certain that the log's key signed it and that its tree extends `last`.
 * The same tree again is an extension: an hour without a record has an anchor too.
 * @throws LedgerError INVALID_INPUT, TOO_LARGE, BAD_SIGNATURE; LOG_SHRANK; LOG_REWRITTEN: the proof does not hold
 */
export function openExtension({ note, proof }: Extension, last: TreeHead, key: VerifierKey): Checkpoint {
  const next = openCheckpoint(note, key);
  if (next.size < last.size) {
    throw new LedgerError("LOG_SHRANK", `log ${key.name} had ${last.size} records and now shows ${next.size}`);
  }
  const claim = { oldSize: last.size, oldRoot: last.root, size: next.size, root: next.root, proof };
  const extendsNothing = last.size === 0 && next.size > 0 && proof.length === 0;
  if (!extendsNothing && !verifyConsistency(claim)) {
    const message = `log ${key.name} does not prove that its ${next.size} records extend the ${last.size} it showed before`;
    throw new LedgerError("LOG_REWRITTEN", message);
  }
  return next;
}

function malformed(message: string): LedgerError {
  return new LedgerError("INVALID_INPUT", message);
}
