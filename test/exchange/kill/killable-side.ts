import { type ChildProcess, fork } from "node:child_process";
import type { Order, Reply } from "./side-process.js";

/** The process was killed before it replied. */
export interface Died {
  readonly $case: "died";
}

const DIED: Died = { $case: "died" };

/** A side-process, which can be killed at any instant. */
export class KillableSide {
  readonly #child: ChildProcess;
  /** The signal that ended it. */
  readonly exited: Promise<NodeJS.Signals | null>;
  readonly #loaded: Promise<Reply | Died>;
  #address = "";

  /** Comes up and waits: see `begin`. */
  constructor(plan: string) {
    const program = new URL("side-process.js", import.meta.url).pathname;
    this.#child = fork(program, [plan], { stdio: ["ignore", "inherit", "inherit", "ipc"] });
    this.exited = new Promise((resolve) => this.#child.once("exit", (_, signal) => resolve(signal)));
    this.#loaded = this.#reply();
  }

  /** Where its gateway is, once it has begun. */
  get address(): string {
    return this.#address;
  }

  /** Lets it begin on its data, which no other may hold any more. @throws Error if it cannot */
  async begin(): Promise<this> {
    await this.#loaded;
    const reply = await this.order({ $case: "begin" });
    if (reply.$case !== "ready") throw new Error(`the process did not start: ${JSON.stringify(reply)}`);
    this.#address = reply.address;
    return this;
  }

  /** One order at a time. */
  async order(order: Order): Promise<Reply | Died> {
    const reply = this.#reply();
    // That it is dead by now shows in the reply.
    this.#child.send(order, () => undefined);
    return await reply;
  }

  kill(): void {
    this.#child.kill("SIGKILL");
  }

  async #reply(): Promise<Reply | Died> {
    const replied = new Promise<Reply>((resolve) => this.#child.once("message", (reply) => resolve(reply as Reply)));
    return await Promise.race([replied, this.exited.then(() => DIED)]);
  }
}
