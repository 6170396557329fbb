import { writeSync } from "node:fs";
import { constants, type FileHandle, open } from "node:fs/promises";
import { Digest, Instant, MspId } from "@wanlian/model/identifiers.js";
import { closed } from "@wanlian/model/kernel/schema.js";
import type { Static } from "typebox";
import { Compile } from "typebox/schema";
import type { SignedRequest } from "../../access/index.js";

/** A request that was sent off. */
export const Asked = closed({
  nonce: Digest,
  /** The access's own. */
  key: Digest,
  provider: MspId,
  /** The ledger's when it was signed: it is not answered for longer than a request lives. */
  time: Instant,
});
export type Asked = Static<typeof Asked>;

/** JSON, then zeros; a slot of zeros is free. With the longest department's name it takes some 300 bytes. */
const SLOT_BYTES = 512;
/** More are not remembered: the longest lost goes. Its record is then missing here, which an audit finds. */
export const MAX_ASKED = 10_000;

const form = Compile(Asked);

interface Entry {
  readonly asked: Asked;
  readonly slot: number;
  /** The answer did not come, or not whole: the provider may have a record of it. */
  lost: boolean;
}

/**
 * Requests of this node's officers whose record has not come yet, so that also the next run of the node knows what to
 * ask for. The file is not flushed: a kill takes nothing from it; what a power failure takes, an audit finds.
 */
export class OpenRequests {
  readonly #file: FileHandle;
  readonly #entries = new Map<Digest, Entry>();
  readonly #free: number[] = [];
  #slots = 0;

  private constructor(file: FileHandle) {
    this.#file = file;
  }

  /** What is in it was an earlier run's, and is lost. */
  static async open(path: string): Promise<OpenRequests> {
    const requests = new OpenRequests(await open(path, constants.O_RDWR | constants.O_CREAT, 0o600));
    const bytes = await requests.#file.readFile();
    requests.#slots = Math.ceil(bytes.length / SLOT_BYTES);
    for (let slot = 0; slot < requests.#slots; slot += 1) {
      const asked = readSlot(bytes.subarray(slot * SLOT_BYTES, (slot + 1) * SLOT_BYTES));
      if (asked === undefined) requests.#free.push(slot);
      else requests.#entries.set(asked.nonce, { asked, slot, lost: true });
    }
    return requests;
  }

  /** To be called before it is sent. */
  keep({ request, key }: SignedRequest): void {
    const { nonce, provider, ledger } = request;
    if (this.#entries.size >= MAX_ASKED) this.#forgetOldest();
    const slot = this.#free.pop() ?? this.#slots++;
    const asked = { nonce, key, provider, time: ledger.time };
    this.#entries.set(nonce, { asked, slot, lost: false });
    const bytes = Buffer.alloc(SLOT_BYTES);
    bytes.write(JSON.stringify(asked), "utf8");
    this.#write(slot, bytes);
  }

  /** Its record is here, or there is none. */
  settle(nonce: Digest): void {
    const entry = this.#entries.get(nonce);
    if (entry === undefined) return;
    this.#entries.delete(nonce);
    this.#write(entry.slot, Buffer.alloc(SLOT_BYTES));
    this.#free.push(entry.slot);
  }

  /** Nobody waits for its answer any more. @returns whether its record is still missing */
  lose(nonce: Digest): boolean {
    const entry = this.#entries.get(nonce);
    if (entry !== undefined) entry.lost = true;
    return entry !== undefined;
  }

  /** Oldest first. */
  lost(): Asked[] {
    return [...this.#entries.values()].filter(({ lost }) => lost).map(({ asked }) => asked);
  }

  #forgetOldest(): void {
    const oldest = this.lost().at(0);
    if (oldest !== undefined) this.settle(oldest.nonce);
  }

  async close(): Promise<void> {
    await this.#file.close();
  }

  #write(slot: number, bytes: Uint8Array): void {
    // Into the system's cache, which takes 2 µs; to hand it to another thread takes longer, and more of the processor.
    writeSync(this.#file.fd, bytes, 0, bytes.length, slot * SLOT_BYTES);
  }
}

/** Undefined for one that is free, or that a power failure left half written. */
function readSlot(bytes: Buffer): Asked | undefined {
  const end = bytes.indexOf(0);
  try {
    const value: unknown = JSON.parse(bytes.toString("utf8", 0, end === -1 ? bytes.length : end));
    return form.Check(value) ? (value as Asked) : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
