import { Digest } from "@wanlian/model/identifiers.js";
import { closed, count } from "@wanlian/model/kernel/schema.js";
import { HASH_BYTES, type Hash, leafHash, MAX_PROOF_HASHES } from "@wanlian/model/merkle.js";
import { type Static, Type } from "typebox";
import { Compile } from "typebox/schema";
import type { Receipt } from "../../access/index.js";
import { ExchangeError } from "../../core/index.js";

/** Entries of one page: what two round trips a second carry is more than an auditor can judge. */
export const PAGE_ENTRIES = 2048;
/** A page ends with the entry that takes it over this, so one entry more is the most that it can have. */
export const PAGE_BYTES = 2 * 1024 * 1024;
const MAX_HEADER_BYTES = 32 * 1024;
const MAX_ENTRY_BYTES = 0xffff;
/** Kind, lengths, signature and certificate of the receipt. */
const BESIDE_BYTES = 4 + 255 + HASH_BYTES;
export const MAX_PAGE_BYTES = PAGE_BYTES + MAX_HEADER_BYTES + MAX_ENTRY_BYTES + PAGE_ENTRIES * BESIDE_BYTES;

const LEFT_OUT = 0;
const SHOWN = 1;

/** An entry of a log, in its place. */
export interface ShownEntry {
  readonly leaf: Hash;
  /** Undefined where the mandate does not cover it, as the node says: its hash alone stands for it. */
  readonly entry: Uint8Array | undefined;
  /** The other side's countersignature (or one's own, on the consumer's side), as the node keeps it. */
  readonly receipt: Receipt | undefined;
}

/** An entry as it is put on a page; of one that is shown, whoever reads it takes the hash. */
export type PagedEntry = ShownEntry | { readonly entry: Uint8Array; readonly receipt: Receipt | undefined };

export const Head = closed({
  /** Signed note. The question is in the tree, so a log that is read to its end ends with the question or behind it. */
  checkpoint: Type.String({ maxLength: 16_384 }),
  start: count(),
  entries: count(),
  /** That these entries stand one after another in the tree: merkle-range.ts. */
  proof: Type.Array(Digest, { maxItems: 2 * MAX_PROOF_HASHES }),
});
export type Head = Static<typeof Head>;

const headForm = Compile(Head);

/** Entries of a log, none left out between them, with the proof of that. */
export interface Page extends Omit<Head, "entries"> {
  readonly entries: readonly ShownEntry[];
}

/**
 * A page on the wire: the length of its head (uint32), the head (JSON), then each entry: 0 and its leaf hash, or 1, its
 * bytes after their length (uint16), the length of the receipt's signature (a byte; 0: none), signature, certificate.
 */
export function encodePage({
  entries,
  ...rest
}: Omit<Page, "entries"> & { readonly entries: readonly PagedEntry[] }): Buffer {
  const head = Buffer.from(JSON.stringify({ ...rest, entries: entries.length } satisfies Head), "utf8");
  return Buffer.concat([uint32(head.length), head, ...entries.flatMap(encodeEntry)]);
}

function encodeEntry(paged: PagedEntry): Uint8Array[] {
  const { entry, receipt } = paged;
  if (entry === undefined) return [Buffer.of(LEFT_OUT), (paged as ShownEntry).leaf];
  const length = Buffer.allocUnsafe(3);
  length.writeUInt8(SHOWN, 0);
  length.writeUInt16BE(entry.length, 1);
  if (receipt === undefined) return [length, entry, Buffer.of(0)];
  const signature = Buffer.from(receipt.signature, "base64");
  return [length, entry, Buffer.of(signature.length), signature, Buffer.from(receipt.certificate, "hex")];
}

/** @throws ExchangeError BAD_ANSWER: in another form, of nothing, or with anything after its end */
export function decodePage(bytes: Uint8Array): Page {
  const reader = new PageReader(bytes);
  const head = headOf(reader.take(reader.uint(4)));
  if (head.entries === 0 || head.entries > PAGE_ENTRIES) throw malformed(`${head.entries} entries`);
  const entries: ShownEntry[] = [];
  for (let at = 0; at < head.entries; at += 1) entries.push(decodeEntry(reader));
  if (!reader.atEnd) throw malformed("something after its end");
  return { ...head, entries };
}

function headOf(bytes: Buffer): Head {
  if (bytes.length > MAX_HEADER_BYTES) throw malformed("its head is too long");
  try {
    const head: unknown = JSON.parse(bytes.toString("utf8"));
    if (headForm.Check(head)) return head as Head;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  throw malformed("its head is none");
}

function decodeEntry(reader: PageReader): ShownEntry {
  const kind = reader.uint(1);
  if (kind === LEFT_OUT) return { leaf: reader.take(HASH_BYTES), entry: undefined, receipt: undefined };
  if (kind !== SHOWN) throw malformed(`an entry of kind ${kind}`);
  const entry = reader.take(reader.uint(2));
  const length = reader.uint(1);
  const leaf = leafHash(entry);
  if (length === 0) return { leaf, entry, receipt: undefined };
  const signature = reader.take(length).toString("base64");
  return { leaf, entry, receipt: { signature, certificate: reader.take(HASH_BYTES).toString("hex") as Digest } };
}

class PageReader {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  }

  get atEnd(): boolean {
    return this.#at === this.#bytes.length;
  }

  uint(width: number): number {
    return this.take(width).readUIntBE(0, width);
  }

  take(length: number): Buffer {
    if (this.#at + length > this.#bytes.length) throw malformed("cut short");
    this.#at += length;
    return this.#bytes.subarray(this.#at - length, this.#at);
  }
}

function uint32(value: number): Buffer {
  const bytes = Buffer.allocUnsafe(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

function malformed(what: string): ExchangeError {
  return new ExchangeError("BAD_ANSWER", `a page of the log is malformed: ${what}`);
}
