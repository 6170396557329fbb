import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { openPair } from "../exchange/exchange-pair.js";
import { keepInFlight } from "../in-flight.js";
import { TEN_RULES } from "./ten-rules.js";

/** Look-ups at a provider's node, alone and while a release is checked on the same machine. */
export interface BesideNode {
  readonly alone: { readonly p50: number; readonly p99: number; readonly rate: number };
  readonly beside: { readonly p50: number; readonly p99: number; readonly rate: number };
  /** How often the check ended meanwhile. */
  readonly checks: number;
}

const ROWS = 100_000;
const ROW_BYTES = 80;
/** As many officers as ask at once. */
const IN_FLIGHT = 4;
/** Twice: code is compiled and connections are made in the first, which does not count. */
const SECONDS = 20;

const WANLIAN = fileURLToPath(new URL("../../../../client/bin/wanlian.js", import.meta.url));

/** @param file what is checked, again and again, by the command that a steward would use */
export async function benchBeside(file: string): Promise<BesideNode> {
  const rules = `${file}.rules.json`;
  await writeFile(rules, JSON.stringify(TEN_RULES));
  const pair = await openPair(ROWS, ROW_BYTES);
  let asked = 0;
  const look = async (): Promise<void> => {
    const code = String((asked++ * 7919) % ROWS).padStart(9, "0");
    await pair.consumer.consumer.access(pair.officer, pair.ask({ subject: { code } }));
  };
  try {
    await keepInFlight(IN_FLIGHT, SECONDS, look);
    const alone = await keepInFlight(IN_FLIGHT, SECONDS, look);
    const checking = new Checking(file, rules);
    const beside = await keepInFlight(IN_FLIGHT, SECONDS, look);
    const checks = await checking.end();
    const failure = alone.firstFailure ?? beside.firstFailure;
    if (failure !== undefined) throw new Error(`a look-up failed: ${failure}`);
    await pair.consumer.receipts.settled();
    return { alone, beside, checks };
  } finally {
    await pair.close();
  }
}

/** Checks one after the other, until it is ended. */
class Checking {
  #running: ChildProcess | undefined;
  #checks = 0;
  readonly #done: Promise<void>;
  #isEnded = false;

  constructor(
    private readonly file: string,
    private readonly rules: string,
  ) {
    this.#done = this.#work();
  }

  async #work(): Promise<void> {
    while (!this.#isEnded) {
      const words = ["quality", "check", this.file, "--rules", this.rules];
      this.#running = spawn(process.execPath, [WANLIAN, ...words], { stdio: "ignore" });
      await once(this.#running, "exit");
      this.#checks += 1;
    }
  }

  async end(): Promise<number> {
    const checks = this.#checks;
    this.#isEnded = true;
    this.#running?.kill("SIGINT");
    await this.#done;
    return checks;
  }
}
