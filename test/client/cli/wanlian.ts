import { Readable, Writable } from "node:stream";
import { run } from "@wanlian/client/cli/program.js";

/** How a command ended, and what it wrote. */
export interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Runs `wanlian` in this process, with nothing on its standard input. */
export async function runWanlian(
  argv: readonly string[],
  environment: Parameters<typeof run>[1]["environment"],
): Promise<Ran> {
  const written = { out: "", err: "" };
  const sink = (to: "out" | "err") =>
    new Writable({
      write: (chunk: Buffer, _encoding, done) => {
        written[to] += chunk.toString();
        done();
      },
    });
  const code = await run(argv, { environment, out: sink("out"), err: sink("err"), in: Readable.from([]) });
  return { code, ...written };
}
