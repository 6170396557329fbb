import { readFile } from "node:fs/promises";
import { createInterface } from "node:readline";
import { Writable } from "node:stream";
import type { Surroundings } from "./context.js";
import { CliError } from "./errors.js";

/**
 * A passphrase: from the file, else WANLIAN_PASSPHRASE, else asked for at the terminal without echo. Never an
 * argument: those are for every user of the machine to see.
 */
export async function readPassphrase(
  surroundings: Surroundings,
  prompt: string,
  file: string | undefined,
  variable = "WANLIAN_PASSPHRASE",
): Promise<string> {
  if (file !== undefined) return (await readFile(file, "utf8")).replace(/\r?\n$/, "");
  const given = surroundings.environment[variable];
  if (given !== undefined) return given;
  if (surroundings.in.isTTY !== true) {
    throw new CliError("USAGE", {
      zh: `没有可以询问的终端：请用文件或 ${variable} 给出口令。`,
      en: `There is no terminal to ask at: give a passphrase by file or in ${variable}.`,
    });
  }
  return ask(surroundings, prompt);
}

function ask({ in: input, err }: Surroundings, prompt: string): Promise<string> {
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({ input, output: silent, terminal: true });
  err.write(prompt);
  return new Promise((resolve, reject) => {
    lines.once("line", (line) => {
      lines.close();
      err.write("\n");
      resolve(line);
    });
    lines.once("SIGINT", () => {
      lines.close();
      reject(new CliError("USAGE", { zh: "没有输入。", en: "Nothing was entered." }));
    });
  });
}
