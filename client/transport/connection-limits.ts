import type { Socket } from "node:net";
import type { Server, TLSSocket } from "node:tls";
import type { MspId } from "@wanlian/model/identifiers.js";
import type { DepartmentTls } from "./department-tls.js";

/** TLS takes two round trips; whoever is not done by then does not mean it. */
export const HANDSHAKE_MS = 5000;
/** Connections of one address whose handshake is not done. A node begins a few at a time. */
const MAX_UNKNOWN_EACH = 64;
const MAX_UNKNOWN = 1024;
/** Connections of one department: its nodes' look-ups, and streams beside them. */
export const MAX_EACH_DEPARTMENT = 192;

/**
 * Bounds what a gateway holds for whom. Where an address has too many connections that have not said who they are, the
 * oldest of them go: an honest one is known within milliseconds. A department's limit is its own: nobody else can use it
 * up.
 */
export class ConnectionLimits {
  readonly #tls: DepartmentTls;
  /** By address, oldest first. */
  readonly #unknown = new Map<string, Map<string, Socket>>();
  readonly #departments = new Map<MspId, number>();
  #unknownCount = 0;

  constructor(server: Server, tls: DepartmentTls) {
    this.#tls = tls;
    server.on("connection", (socket: Socket) => this.#arrived(socket));
    server.on("secureConnection", (socket: TLSSocket) => this.#introduced(socket));
  }

  #arrived(socket: Socket): void {
    const { remoteAddress: address = "", remotePort = 0 } = socket;
    const own = this.#unknown.get(address) ?? new Map<string, Socket>();
    this.#unknown.set(address, own);
    const name = String(remotePort);
    own.set(name, socket);
    this.#unknownCount += 1;
    socket.once("close", () => this.#forget(address, name));
    if (own.size > MAX_UNKNOWN_EACH) this.#turnAway(own);
    else if (this.#unknownCount > MAX_UNKNOWN) this.#turnAway(this.#largest());
  }

  #introduced(socket: TLSSocket): void {
    this.#forget(socket.remoteAddress ?? "", String(socket.remotePort ?? 0));
    const peer = socket.getPeerX509Certificate();
    const department = peer && this.#tls.departmentOf(peer.raw);
    if (department === undefined) return;
    const count = (this.#departments.get(department) ?? 0) + 1;
    if (count > MAX_EACH_DEPARTMENT) {
      socket.destroy();
      return;
    }
    this.#departments.set(department, count);
    socket.once("close", () => this.#departments.set(department, (this.#departments.get(department) ?? 1) - 1));
  }

  #turnAway(own: ReadonlyMap<string, Socket>): void {
    const [oldest] = own.values();
    oldest?.destroy();
  }

  #largest(): ReadonlyMap<string, Socket> {
    let largest: ReadonlyMap<string, Socket> = new Map();
    for (const own of this.#unknown.values()) if (own.size > largest.size) largest = own;
    return largest;
  }

  #forget(address: string, name: string): void {
    const own = this.#unknown.get(address);
    if (own?.delete(name) !== true) return;
    this.#unknownCount -= 1;
    if (own.size === 0) this.#unknown.delete(address);
  }
}
