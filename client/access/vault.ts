import { readSync, writeSync } from "node:fs";
import { constants, type FileHandle, open } from "node:fs/promises";
import type { Digest } from "@wanlian/model/identifiers.js";

/**
 * What both sides of an access keep outside the log, by the record's position in it: the access's own key, and the
 * other side's signature on receipt. One slot of fixed size a record, so that looking up costs one read.
 *
 * A slot: key (32), length of the signature (1), signature (DER, at most 95), SHA-256 of the signing certificate (32),
 * zeros. A slot of zeros is one that was never written.
 */
export const SLOT_BYTES = 192;
const KEY_AT = 0;
const SIGNATURE_AT = 32;
const MAX_SIGNATURE_BYTES = 95;
const CERTIFICATE_AT = 128;

export interface Receipt {
  /** DER, base64. */
  readonly signature: string;
  readonly certificate: Digest;
}

export interface Kept {
  readonly key: Digest | undefined;
  readonly receipt: Receipt | undefined;
}

export class Vault {
  readonly #file: FileHandle;

  private constructor(file: FileHandle) {
    this.#file = file;
  }

  /** @param records that the log has: what a crash left beyond is of records that never came to be */
  static async open(path: string, records: number): Promise<Vault> {
    // No flag of fopen's fits: "r+" does not create, and files opened with "a+" ignore positions on Linux.
    const file = await open(path, constants.O_RDWR | constants.O_CREAT, 0o600);
    if ((await file.stat()).size > records * SLOT_BYTES) await file.truncate(records * SLOT_BYTES);
    return new Vault(file);
  }

  /** Before the record is in the log, so that none is without its key. */
  keepKey(position: number, key: Digest): void {
    this.#write(position, KEY_AT, Buffer.from(key, "hex"));
  }

  keepReceipt(position: number, receipt: Receipt): void {
    this.#write(position, SIGNATURE_AT, receiptSlot(receipt));
  }

  read(position: number): Kept {
    const slot = Buffer.alloc(SLOT_BYTES);
    readSync(this.#file.fd, slot, 0, SLOT_BYTES, position * SLOT_BYTES);
    return slotIn(slot);
  }

  /** The receipts beside records `from` to `to`, in one read. */
  receipts(from: number, to: number): (Receipt | undefined)[] {
    const slots = this.#slots(from, to);
    return Array.from({ length: to - from }, (_, at) =>
      receiptIn(slots.subarray(at * SLOT_BYTES, (at + 1) * SLOT_BYTES)),
    );
  }

  /** Positions from `from` to `to` beside which there is no receipt, in order. */
  withoutReceipt(from: number, to: number): number[] {
    const slots = this.#slots(from, to);
    const open: number[] = [];
    for (let at = SIGNATURE_AT; at < slots.length; at += SLOT_BYTES) {
      if (slots[at] === 0) open.push(from + Math.floor(at / SLOT_BYTES));
    }
    return open;
  }

  /** Resolves once what was kept before is on disk: a power failure takes what was kept since. */
  async flush(): Promise<void> {
    await this.#file.datasync();
  }

  async close(): Promise<void> {
    await this.flush();
    await this.#file.close();
  }

  #slots(from: number, to: number): Buffer {
    const slots = Buffer.alloc((to - from) * SLOT_BYTES);
    readSync(this.#file.fd, slots, 0, slots.length, from * SLOT_BYTES);
    return slots;
  }

  #write(position: number, at: number, bytes: Uint8Array): void {
    // Into the system's cache, as it is read from it: 2 µs. To hand it to another thread takes more of the processor.
    writeSync(this.#file.fd, bytes, 0, bytes.length, position * SLOT_BYTES + at);
  }
}

/** What a slot of the file holds. */
export function slotIn(slot: Buffer): Kept {
  const key = slot.subarray(KEY_AT, KEY_AT + 32);
  return {
    key: key.some((byte) => byte !== 0) ? (key.toString("hex") as Digest) : undefined,
    receipt: receiptIn(slot),
  };
}

function receiptIn(slot: Buffer): Receipt | undefined {
  const length = slot.readUInt8(SIGNATURE_AT);
  if (length === 0) return undefined;
  const signature = slot.subarray(SIGNATURE_AT + 1, SIGNATURE_AT + 1 + length).toString("base64");
  return { signature, certificate: slot.subarray(CERTIFICATE_AT, CERTIFICATE_AT + 32).toString("hex") as Digest };
}

/** From the length of the signature to the end of the certificate. */
function receiptSlot({ signature, certificate }: Receipt): Buffer {
  const der = Buffer.from(signature, "base64");
  if (der.length === 0 || der.length > MAX_SIGNATURE_BYTES) throw new RangeError("not the size of a signature");
  const slot = Buffer.alloc(CERTIFICATE_AT + 32 - SIGNATURE_AT);
  slot.writeUInt8(der.length);
  slot.set(der, 1);
  slot.set(Buffer.from(certificate, "hex"), CERTIFICATE_AT - SIGNATURE_AT);
  return slot;
}
