import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { openPair } from "../exchange/exchange-pair.js";
import { keepInFlight } from "../in-flight.js";
import { TEN_RULES } from "./ten-rules.js";

interface Served {
  readonly p50: number;
  readonly p99: number;
  readonly rate: number;
}

/** Look-ups at a provider's node, alone and while a release is checked on the same machine, in turns. */
export interface BesideNode {
  /** Alone, then beside a check: what else the machine does falls on both. */
  readonly rounds: readonly { readonly alone: Served; readonly beside: Served }[];
  /** How often the check ended meanwhile. */
  readonly checks: number;
}

const ROWS = 100_000;
const ROW_BYTES = 80;
/** As many officers as ask at once. */
const IN_FLIGHT = 4;
const ROUNDS = 5;
/** At some hundred look-ups a second a thousand stand behind each p99. */
const SECONDS = 10;

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
    // Code is compiled and connections are made: this does not count.
    await served(look);
    const rounds = [];
    let checks = 0;
    for (let round = 0; round < ROUNDS; round += 1) {
      const alone = await served(look);
      const checking = new Checking(file, rules);
      const beside = await served(look);
      checks += await checking.end();
      rounds.push({ alone, beside });
    }
    await pair.consumer.receipts.settled();
    return { rounds, checks };
  } finally {
    await pair.close();
  }
}

async function served(look: () => Promise<void>): Promise<Served> {
  const { p50, p99, rate, firstFailure } = await keepInFlight(IN_FLIGHT, SECONDS, look);
  if (firstFailure !== undefined) throw new Error(`a look-up failed: ${firstFailure}`);
  return { p50, p99, rate };
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
