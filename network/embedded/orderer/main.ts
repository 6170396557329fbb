import { languageOf } from "@wanlian/protocol/language.js";
import { pino } from "pino";
import { NetworkError } from "../../error.js";
import { failureText } from "../../failure.js";
import { OrdererProcess } from "./process.js";
import { readOrdererSettings } from "./settings.js";

/**
 * The orderer process: `main.js CONFIG.json`. Prints one line of JSON when it serves, logs to stderr, and ends on
 * SIGTERM or SIGINT after writing what it accepted.
 */
async function main(): Promise<void> {
  const [file] = process.argv.slice(2);
  if (file === undefined) {
    throw new NetworkError("MISSING_FILE", {
      zh: "请写明配置文件：main.js CONFIG.json。",
      en: "Name the configuration file: main.js CONFIG.json.",
    });
  }
  const log = pino({ name: "orderer" }, pino.destination(2));
  const settings = await readOrdererSettings(file);
  log.info({ settings }, "starting");
  const orderer = await OrdererProcess.start(settings, log);
  const stop = (signal: string) => {
    log.info({ signal }, "stopping");
    orderer.close().then(
      () => process.exit(0),
      (error: unknown) => {
        log.fatal({ err: error }, "could not stop cleanly");
        process.exit(1);
      },
    );
  };
  process.once("SIGTERM", stop);
  process.once("SIGINT", stop);
  process.stdout.write(`${JSON.stringify({ ready: true, ...orderer.addresses })}\n`);
}

main().catch((error: unknown) => {
  const known = failureText(error, languageOf([], process.env), "sentence");
  process.stderr.write(`${known ?? (error as Error).stack}\n`);
  process.exit(1);
});
