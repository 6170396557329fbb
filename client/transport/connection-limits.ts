import type { Server, TLSSocket } from "node:tls";
import type { MspId } from "@wanlian/model/identifiers.js";
import type { DepartmentTls } from "./department-tls.js";
import { UnknownConnections } from "./unknown-connections.js";

/** TLS takes two round trips; whoever is not done by then does not mean it. */
export const HANDSHAKE_MS = 5000;
/** Whose handshake is not done. A node begins a few at a time. */
const UNKNOWN = { each: 64, all: 1024 };
/** Connections of one department: its nodes' look-ups, and streams beside them. */
export const MAX_EACH_DEPARTMENT = 192;

/** Bounds what a gateway holds for whom. A department's limit is its own: nobody else can use it up. */
export class ConnectionLimits {
  readonly #tls: DepartmentTls;
  readonly #unknown: UnknownConnections;
  readonly #departments = new Map<MspId, number>();

  constructor(server: Server, tls: DepartmentTls) {
    this.#tls = tls;
    this.#unknown = new UnknownConnections(server, UNKNOWN);
    server.on("secureConnection", (socket: TLSSocket) => this.#introduced(socket));
  }

  #introduced(socket: TLSSocket): void {
    this.#unknown.known(socket);
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
}
