import { messageOf } from "@wanlian/protocol/errors.js";
import type { Client } from "pg";
import { NodeError } from "../../core/index.js";

/** Of PostgreSQL's advisory locks, the one that a node takes on its database: "wanlian" in ASCII, as one number. */
const LOCK = "33602649121710446";

/**
 * Makes a PostgreSQL database this node's alone, by an advisory lock that a connection of its own holds for as long as
 * it lives. Where that connection ended (the server restarted), the lock is taken again before anything else is asked;
 * if another node has it by then, nothing is.
 */
export class Ownership {
  readonly #connect: () => Promise<Client>;
  #holder: Promise<Client> | undefined;
  #client: Client | undefined;
  #closed = false;

  private constructor(connect: () => Promise<Client>) {
    this.#connect = connect;
  }

  /** @param connect opens a connection @throws NodeError CONFIGURATION: another node has it; whatever `connect` throws */
  static async take(connect: () => Promise<Client>): Promise<Ownership> {
    const ownership = new Ownership(connect);
    await ownership.assert();
    return ownership;
  }

  /** Resolves while the database is this node's. @throws NodeError CONFIGURATION: it is another's by now */
  async assert(): Promise<void> {
    if (this.#closed) throw new NodeError("STORE_FAILED", "the database was closed.");
    this.#holder ??= this.#lock();
    const holding = this.#holder;
    try {
      await holding;
    } catch (error) {
      if (this.#holder === holding) this.#holder = undefined;
      throw error;
    }
  }

  async release(): Promise<void> {
    this.#closed = true;
    const holder = await this.#holder?.catch(() => undefined);
    await holder?.end();
  }

  async #lock(): Promise<Client> {
    const client = await this.#connect();
    const lost = () => {
      // An earlier connection may say so late, when another holds the lock already.
      if (this.#client !== client) return;
      this.#client = undefined;
      this.#holder = undefined;
    };
    client.on("end", lost).on("error", lost);
    try {
      const { rows } = await client.query<{ taken: boolean }>("select pg_try_advisory_lock($1) as taken", [LOCK]);
      if (rows[0]?.taken === true) {
        this.#client = client;
        return client;
      }
    } catch (cause) {
      await end(client);
      throw new NodeError("STORE_FAILED", `the database cannot be made this node's: ${messageOf(cause)}.`, { cause });
    }
    await end(client);
    throw new NodeError("CONFIGURATION", "another node is using this database; stop it first or give each its own.");
  }
}

/** What the end of a connection has to say does not matter any more. */
async function end(client: Client): Promise<void> {
  await client.end().catch(() => undefined);
}
