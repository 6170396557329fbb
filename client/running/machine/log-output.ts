import { writeSync } from "node:fs";
import { basename, dirname } from "node:path";
import { createStream, type RotatingFileStream } from "rotating-file-stream";

export interface LogFile {
  readonly path: string;
  /** A file that has grown to so much is put aside, compressed … */
  readonly megabytes: number;
  /** … and so many of these are kept. */
  readonly kept: number;
}

/** Where a node's log goes: standard error, for the machine's service manager, or files of bounded size. */
export class LogOutput {
  readonly #fallback: (line: string) => void;
  #file: RotatingFileStream | undefined;

  /** @param fallback where lines go that no file takes: standard error, unless a test listens */
  constructor(fallback: (line: string) => void = (line) => writeSync(STANDARD_ERROR, line)) {
    this.#fallback = fallback;
  }

  /** From now on into a file. What the disk refuses goes to standard error: a log must not end the node. */
  toFile({ path, megabytes, kept }: LogFile): void {
    const file = createStream(basename(path), {
      path: dirname(path),
      size: `${megabytes}M`,
      maxFiles: kept,
      compress: "gzip",
      mode: 0o600,
    });
    file.on("error", (error) => {
      this.#file = undefined;
      this.#fallback(`the log cannot be written to ${path}, so it comes here: ${error.message}\n`);
    });
    this.#file = file;
  }

  /** From now on to standard error, at once: for the last words of a process. */
  toStandardError(): void {
    this.#file?.end();
    this.#file = undefined;
  }

  write(line: string): void {
    if (this.#file === undefined) this.#fallback(line);
    else this.#file.write(line);
  }
}

const STANDARD_ERROR = 2;
