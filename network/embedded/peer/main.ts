import { languageOf } from "@wanlian/protocol/language.js";
import { pino } from "pino";
import { NetworkError } from "../../error.js";
import { failureText } from "../../failure.js";
import { PeerError } from "./errors.js";
import { PeerProcess } from "./process.js";
import { readPeerSettings } from "./settings.js";

/**
 * The peer process: `main.js CONFIG.json`. Prints one line of JSON when it serves, logs to stderr, and ends on SIGTERM or SIGINT. It ends
 * by itself, with the reason, when a ledger cannot be written.
 */
async function main(): Promise<void> {
  const [file] = process.argv.slice(2);
  if (file === undefined) {
    throw new NetworkError("MISSING_FILE", {
      zh: "请写明配置文件：main.js CONFIG.json。",
      en: "Name the configuration file: main.js CONFIG.json.",
    });
  }
  const log = pino({ name: "peer" }, pino.destination(2));
  const settings = await readPeerSettings(file);
  log.info({ settings }, "starting");
  const peer = await PeerProcess.start(settings, log);
  const stop = (reason: string, code: number): void => {
    log.info({ reason }, "stopping");
    peer.close().then(
      () => process.exit(code),
      (error: unknown) => {
        log.fatal({ err: error }, "could not stop cleanly");
        process.exit(1);
      },
    );
  };
  process.once("SIGTERM", (signal) => stop(signal, 0));
  process.once("SIGINT", (signal) => stop(signal, 0));
  peer.failure.then((error) => {
    log.fatal({ err: error }, "a ledger failed; the peer cannot go on");
    stop("ledger failure", 1);
  });
  process.stdout.write(`${JSON.stringify({ ready: true, ...peer.addresses })}\n`);
}

main().catch((error: unknown) => {
  const known = failureText(error, languageOf([], process.env), "sentence");
  process.stderr.write(`${known ?? (error instanceof PeerError ? error.message : (error as Error).stack)}\n`);
  process.exit(1);
});
