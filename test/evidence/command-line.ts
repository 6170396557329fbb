import { PassThrough, Readable } from "node:stream";
import { run } from "@wanlian/client/cli/program.js";

/** Runs `wanlian` with a node address that nobody serves. */
export async function commandLine(...argv: string[]): Promise<{ code: number; text: string }> {
  const output = new PassThrough();
  const code = await run(argv, {
    environment: { WANLIAN_NODE: "http://127.0.0.1:1" },
    out: output,
    err: output,
    in: Readable.from([]),
  });
  output.end();
  return { code, text: (await output.toArray()).join("") };
}
