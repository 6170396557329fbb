import { createPublicKey, hash, type KeyObject, sign, verify } from "node:crypto";
import { LedgerError } from "./errors.js";

/**
 * C2SP signed notes (c2sp.org/signed-note), with the one kind of signature used here: Ed25519, type 0x01.
 * How such a key is bound to a department stands in docs/decisions/080-log-keys.md.
 */

const ED25519 = 0x01;
const KEY_BYTES = 32;
const SIGNATURE_BYTES = 64;
/** What stands before the key in its SubjectPublicKeyInfo (RFC 8410 §4). */
const ED25519_SPKI = Buffer.from("302a300506032b6570032100", "hex");

/** A checkpoint with 16 signatures (as many as the specification asks to accept) takes less than 4 KiB. */
export const MAX_NOTE_BYTES = 16 * 1024;
const MAX_SIGNATURES = 64;
const MAX_NAME_LENGTH = 200;

/** A public key that signs notes, under the name it signs with. */
export interface VerifierKey {
  readonly name: string;
  /** The first four bytes of SHA-256(name ‖ LF ‖ type ‖ key): tells keys apart, proves nothing. */
  readonly id: number;
  readonly publicKey: KeyObject;
}

export interface NoteSignature {
  readonly name: string;
  readonly id: number;
  readonly signature: Uint8Array;
}

/** A note taken apart; nothing about it is verified yet. */
export interface Note {
  /** Ends in a newline. */
  readonly text: string;
  readonly signatures: readonly NoteSignature[];
}

/** Signs notes under a name. */
export interface NoteSigner {
  readonly key: VerifierKey;
  sign(text: string): Uint8Array;
}

/** @throws LedgerError INVALID_INPUT unless the key is Ed25519 and the name may stand in a note */
export function verifierKey(name: string, publicKey: KeyObject): VerifierKey {
  if (!isKeyName(name)) throw malformed(`"${name}" cannot be a key name`);
  return { name, id: keyId(name, rawKey(publicKey)), publicKey };
}

/** @param privateKey Ed25519 */
export function noteSigner(name: string, privateKey: KeyObject): NoteSigner {
  const key = verifierKey(name, createPublicKey(privateKey));
  return { key, sign: (text) => sign(null, Buffer.from(text, "utf8"), privateKey) };
}

/** `name+id+key`, as other tools take it. */
export function formatVerifierKey({ name, id, publicKey }: VerifierKey): string {
  const typed = Buffer.concat([Uint8Array.of(ED25519), rawKey(publicKey)]);
  return `${name}+${hex(id)}+${typed.toString("base64")}`;
}

/** @throws LedgerError INVALID_INPUT: not such a key, or its id is another key's */
export function parseVerifierKey(text: string): VerifierKey {
  const [name, id, encoded, ...more] = splitKey(text);
  if (name === undefined || id === undefined || encoded === undefined || more.length > 0) {
    throw malformed("a verifier key is name+id+key");
  }
  const typed = strictBase64(encoded);
  if (typed?.length !== 1 + KEY_BYTES || typed[0] !== ED25519) {
    throw malformed(`the verifier key of "${name}" is not an Ed25519 key`);
  }
  const key = verifierKey(name, publicKeyOf(typed.subarray(1)));
  if (id !== hex(key.id))
    throw malformed(`the verifier key of "${name}" has the id ${id}; its key's is ${hex(key.id)}`);
  return key;
}

/** The note over `text`, signed by each. */
export function signNote(text: string, signers: readonly NoteSigner[]): string {
  return formatNote({
    text,
    signatures: signers.map(({ key, sign }) => ({ name: key.name, id: key.id, signature: sign(text) })),
  });
}

export function formatNote({ text, signatures }: Note): string {
  const lines = signatures.map(({ name, id, signature }) => {
    const prefix = Buffer.alloc(4);
    prefix.writeUInt32BE(id);
    return `— ${name} ${Buffer.concat([prefix, signature]).toString("base64")}\n`;
  });
  return `${text}\n${lines.join("")}`;
}

/** Takes a note apart. @throws LedgerError INVALID_INPUT, TOO_LARGE */
export function parseNote(note: string): Note {
  if (Buffer.byteLength(note) > MAX_NOTE_BYTES) throw new LedgerError("TOO_LARGE", "a note is at most 16 KiB");
  if (hasControlCharacter(note)) throw malformed("a note holds no control characters");
  const end = note.lastIndexOf("\n\n");
  if (end < 0 || !note.endsWith("\n")) throw malformed("a note is text, an empty line and signatures");
  const lines = note
    .slice(end + 2)
    .split("\n")
    .slice(0, -1);
  if (lines.length === 0 || lines.length > MAX_SIGNATURES) throw malformed("a note has 1 to 64 signatures");
  return { text: note.slice(0, end + 1), signatures: lines.map(parseSignature) };
}

/**
 * The text of a note that `key` signed; signatures of other keys are passed over, as the specification demands.
 * @throws LedgerError INVALID_INPUT, TOO_LARGE; BAD_SIGNATURE where the key has not signed it or its signature is wrong
 */
export function openNote(note: string, key: VerifierKey): string {
  const { text, signatures } = parseNote(note);
  const own = signatures.filter(({ name, id }) => name === key.name && id === key.id);
  if (own.length === 0) {
    throw new LedgerError("BAD_SIGNATURE", `the note is not signed by ${key.name} (key ${hex(key.id)})`);
  }
  const bytes = Buffer.from(text, "utf8");
  for (const { signature } of own) {
    if (signature.length !== SIGNATURE_BYTES || !verify(null, bytes, key.publicKey, signature)) {
      throw new LedgerError("BAD_SIGNATURE", `the note's signature by ${key.name} does not hold`);
    }
  }
  return text;
}

function parseSignature(line: string): NoteSignature {
  const [dash, name, encoded, ...more] = line.split(" ");
  const bytes = encoded === undefined ? undefined : strictBase64(encoded);
  if (dash !== "—" || name === undefined || !isKeyName(name) || bytes === undefined || more.length > 0) {
    throw malformed("a signature line is a dash, a name and the signature");
  }
  if (bytes.length < 5) throw malformed(`the signature of "${name}" is too short`);
  return { name, id: bytes.readUInt32BE(0), signature: bytes.subarray(4) };
}

/** Base64 may itself hold a plus, so only the first two separate. */
function splitKey(text: string): string[] {
  const first = text.indexOf("+");
  const second = text.indexOf("+", first + 1);
  return first < 0 || second < 0 ? [] : [text.slice(0, first), text.slice(first + 1, second), text.slice(second + 1)];
}

/** Node takes nearly anything for base64; one value must have one spelling. */
function strictBase64(text: string): Buffer | undefined {
  const bytes = Buffer.from(text, "base64");
  return bytes.toString("base64") === text ? bytes : undefined;
}

function isKeyName(name: string): boolean {
  return name.length > 0 && name.length <= MAX_NAME_LENGTH && !/[\s+]/u.test(name) && !hasControlCharacter(name);
}

function hasControlCharacter(text: string): boolean {
  for (let i = 0; i < text.length; i += 1) {
    const code = text.charCodeAt(i);
    if (code < 0x20 && code !== 0x0a) return true;
  }
  return false;
}

function keyId(name: string, key: Uint8Array): number {
  const typed = Buffer.concat([Buffer.from(`${name}\n`, "utf8"), Uint8Array.of(ED25519), key]);
  return hash("sha256", typed, "buffer").readUInt32BE(0);
}

function rawKey(publicKey: KeyObject): Uint8Array {
  const spki = publicKey.export({ format: "der", type: "spki" });
  const isEd25519 =
    spki.length === ED25519_SPKI.length + KEY_BYTES && spki.subarray(0, -KEY_BYTES).equals(ED25519_SPKI);
  if (!isEd25519) throw malformed("notes are signed with Ed25519 keys");
  return spki.subarray(-KEY_BYTES);
}

function publicKeyOf(raw: Uint8Array): KeyObject {
  return createPublicKey({ key: Buffer.concat([ED25519_SPKI, raw]), format: "der", type: "spki" });
}

function hex(id: number): string {
  return id.toString(16).padStart(8, "0");
}

function malformed(message: string): LedgerError {
  return new LedgerError("INVALID_INPUT", message);
}
