import type { Server, Socket } from "node:net";

/** How many connections may be open that have not said who they are. */
export interface UnknownBounds {
  /** From one address. */
  readonly each: number;
  readonly all: number;
  /** Addresses that many come through, whose connections count among all alone: proxies. */
  readonly isShared?: (address: string) => boolean;
}

/**
 * Bounds the connections of a server that have not said who they are. Where there are too many, the oldest of the
 * address that has most go: an honest one is known within moments.
 */
export class UnknownConnections {
  readonly #bounds: UnknownBounds;
  /** By address, oldest first. */
  readonly #byAddress = new Map<string, Map<string, Socket>>();
  #count = 0;

  constructor(server: Server, bounds: UnknownBounds) {
    this.#bounds = bounds;
    server.on("connection", (socket: Socket) => this.#arrived(socket));
  }

  /** It has said who it is: from now on others bound it. A TLS connection is the one that it came over. */
  known({ remoteAddress = "", remotePort = 0 }: Pick<Socket, "remoteAddress" | "remotePort">): void {
    this.#forget(remoteAddress, String(remotePort));
  }

  #arrived(socket: Socket): void {
    const { remoteAddress: address = "", remotePort = 0 } = socket;
    const own = this.#byAddress.get(address) ?? new Map<string, Socket>();
    this.#byAddress.set(address, own);
    const name = String(remotePort);
    own.set(name, socket);
    this.#count += 1;
    socket.once("close", () => this.#forget(address, name));
    const { each, all, isShared } = this.#bounds;
    if (own.size > each && isShared?.(address) !== true) this.#turnAway(own);
    else if (this.#count > all) this.#turnAway(this.#largest());
  }

  #turnAway(own: ReadonlyMap<string, Socket>): void {
    const [oldest] = own.values();
    oldest?.destroy();
  }

  #largest(): ReadonlyMap<string, Socket> {
    let largest: ReadonlyMap<string, Socket> = new Map();
    for (const own of this.#byAddress.values()) if (own.size > largest.size) largest = own;
    return largest;
  }

  #forget(address: string, name: string): void {
    const own = this.#byAddress.get(address);
    if (own?.delete(name) !== true) return;
    this.#count -= 1;
    if (own.size === 0) this.#byAddress.delete(address);
  }
}
