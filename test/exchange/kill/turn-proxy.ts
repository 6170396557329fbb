import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";
import type { Stop } from "./stages.js";

type Direction = "up" | "down";

/**
 * Stands between two departments' nodes and passes on what they encrypt. It cannot read it, but it sees whose turn it
 * is, and lets nothing pass any more from a point that it is told of.
 */
export class TurnProxy {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #target = 0;
  #turn = 0;
  #last: Direction = "down";
  /** Bytes of answers that passed. */
  #passed = 0;
  #stop: { at: Stop; reached: () => void } | undefined;
  #held = false;

  private constructor(server: Server) {
    this.#server = server;
    server.on("connection", (client) => this.#join(client));
  }

  static async listen(): Promise<TurnProxy> {
    const proxy = new TurnProxy(createServer());
    proxy.#server.listen(0, "127.0.0.1");
    await once(proxy.#server, "listening");
    return proxy;
  }

  get address(): string {
    return `127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Whether anything of an answer came out of the provider since `begin`. */
  get answered(): boolean {
    return this.#turn >= 2;
  }

  /** @param address `host:port` of the provider */
  lead(address: string): void {
    this.#target = Number(address.slice(address.lastIndexOf(":") + 1));
  }

  /** Counts turns from here, and holds nothing up. */
  begin(): void {
    this.#turn = 0;
    this.#last = "down";
    this.#passed = 0;
    this.#held = false;
    this.#stop = undefined;
  }

  /** Resolves once it is reached. */
  stopAt(at: Stop): Promise<void> {
    return new Promise((reached) => {
      this.#stop = { at, reached };
    });
  }

  async close(): Promise<void> {
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
    await once(this.#server, "close");
  }

  #join(client: Socket): void {
    const provider = connect(this.#target, "127.0.0.1");
    for (const [from, to, direction] of [
      [client, provider, "up"],
      [provider, client, "down"],
    ] as const) {
      this.#sockets.add(from);
      from.on("data", (chunk: Buffer) => this.#pass(direction, chunk, to));
      // A killed process resets its connections.
      from.on("error", () => to.destroy());
      from.on("close", () => {
        this.#sockets.delete(from);
        to.destroy();
      });
    }
  }

  #pass(direction: Direction, chunk: Buffer, to: Socket): void {
    if (this.#held) return;
    if (direction !== this.#last) {
      this.#last = direction;
      this.#turn += 1;
    }
    const share = this.#shareOf(chunk);
    if (direction === "down") this.#passed += share;
    to.write(chunk.subarray(0, share));
    if (share === chunk.length) return;
    this.#held = true;
    this.#stop?.reached();
  }

  /** How many of the bytes may still pass. */
  #shareOf({ length }: Buffer): number {
    const at = this.#stop?.at;
    if (at === undefined) return length;
    if ("turn" in at) return at.turn === this.#turn ? Math.floor(length * at.portion) : length;
    return Math.min(length, at.bytes - this.#passed);
  }
}
