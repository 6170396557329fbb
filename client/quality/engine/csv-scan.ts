import { createHash } from "node:crypto";
import type { Digest } from "@wanlian/model/identifiers.js";
import { fileBytes } from "../../tables/index.js";

/** What has to be known of a CSV file before DuckDB may read it, and its digest, all in one reading. */
export interface CsvScan {
  /** SHA-256 of the file's bytes. */
  readonly digest: Digest;
  /** With quotes, a line end may stand inside a value: then only a reading from the beginning knows. */
  readonly quotes: boolean;
  readonly lineEnds: "lf" | "crlf" | "other";
}

const LF = 0x0a;
const CR = 0x0d;
const QUOTE = 0x22;

/** @throws ExchangeError SOURCE_MISSING */
export async function scanCsv(path: string): Promise<CsvScan> {
  const hash = createHash("sha256");
  const ends = new LineEndWatch();
  let quotes = false;
  for await (const chunk of fileBytes(path)) {
    hash.update(chunk);
    quotes ||= chunk.includes(QUOTE);
    ends.push(chunk);
  }
  return { digest: hash.digest("hex") as Digest, quotes, lineEnds: ends.finish() };
}

/** Looks for carriage returns, which most files have none of: then it costs next to nothing. */
class LineEndWatch {
  #ends: CsvScan["lineEnds"] | undefined;
  #endsWithCr = false;

  push(chunk: Uint8Array): void {
    if (this.#ends === "other" || chunk.length === 0) return;
    if (this.#ends === undefined) {
      const at = chunk.indexOf(LF);
      const before = at > 0 ? chunk[at - 1] === CR : this.#endsWithCr;
      if (at >= 0) this.#ends = before ? "crlf" : "lf";
    }
    if (this.#ends === "crlf" ? !this.#allPaired(chunk) : this.#ends === "lf" && chunk.includes(CR))
      this.#ends = "other";
    this.#endsWithCr = chunk[chunk.length - 1] === CR;
  }

  finish(): CsvScan["lineEnds"] {
    return this.#endsWithCr ? "other" : (this.#ends ?? "lf");
  }

  #allPaired(chunk: Uint8Array): boolean {
    if (this.#endsWithCr !== (chunk[0] === LF)) return false;
    for (let at = chunk.indexOf(LF, 1); at > 0; at = chunk.indexOf(LF, at + 1)) if (chunk[at - 1] !== CR) return false;
    for (let at = chunk.indexOf(CR); at >= 0 && at + 1 < chunk.length; at = chunk.indexOf(CR, at + 1)) {
      if (chunk[at + 1] !== LF) return false;
    }
    return true;
  }
}
