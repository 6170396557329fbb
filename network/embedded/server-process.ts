import { languageOf } from "@wanlian/protocol/language.js";
import { type Logger, pino } from "pino";
import { NetworkError } from "../error.js";
import { failureText } from "../failure.js";

/** A server that runs. */
export interface RunningServer {
  /** Where it serves: the ready line. */
  readonly addresses: object;
  close(): Promise<void>;
  /** Resolves with the reason when it cannot go on. */
  readonly failure?: Promise<unknown>;
}

/** One kind of server, as a process. */
export interface ServerProgram<S> {
  readonly name: string;
  read(file: string): Promise<S>;
  start(settings: S, log: Logger): Promise<RunningServer>;
  /** What to say of an error of the server's own instead of showing its stack. */
  sentence?(error: unknown): string | undefined;
}

/**
 * Runs a server as a process, `main.js CONFIG.json`: prints one line of JSON when it serves, logs to stderr, and ends on SIGTERM or
 * SIGINT, or by itself when it cannot go on. What keeps it from starting is said in one sentence.
 */
export async function runServer<S>(program: ServerProgram<S>): Promise<void> {
  try {
    await serve(program);
  } catch (error) {
    const known = failureText(error, languageOf([], process.env), "sentence");
    process.stderr.write(`${known ?? program.sentence?.(error) ?? (error as Error).stack}\n`);
    process.exit(1);
  }
}

async function serve<S>({ name, read, start }: ServerProgram<S>): Promise<void> {
  const [file] = process.argv.slice(2);
  if (file === undefined) {
    throw new NetworkError("MISSING_FILE", {
      zh: "请写明配置文件：main.js CONFIG.json。",
      en: "Name the configuration file: main.js CONFIG.json.",
    });
  }
  const log = pino({ name }, pino.destination(2));
  const settings = await read(file);
  log.info({ settings }, "starting");
  const server = await start(settings, log);
  const stop = (reason: string, code: number): void => {
    log.info({ reason }, "stopping");
    server.close().then(
      () => process.exit(code),
      (error: unknown) => {
        log.fatal({ err: error }, "could not stop cleanly");
        process.exit(1);
      },
    );
  };
  for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, () => stop(signal, 0));
  server.failure?.then((error) => {
    log.fatal({ err: error }, `the ${name} cannot go on`);
    stop("failure", 1);
  });
  process.stdout.write(`${JSON.stringify({ ready: true, ...server.addresses })}\n`);
}
