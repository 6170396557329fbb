import type { Server, Socket } from "node:net";
import type { Express } from "express";
import { UnknownConnections } from "../../transport/index.js";

/**
 * Connections on which nobody has logged in. A browser opens six, and an office may share one address; the node has
 * some thousands of files that it can hold open.
 */
export const UNKNOWN_OFFICERS = { each: 256, all: 2048 };

/** Bounds what an outsider can hold open at the officers' address, so that officers always get in. */
export class OfficersDoor {
  #connections: UnknownConnections | undefined;

  /** @param api knows which proxies are trusted: many come through one of those */
  guard(server: Server, api: Express): void {
    const isTrusted = api.get("trust proxy fn") as (address: string, hops: number) => boolean;
    const isShared = (address: string) => isTrusted(address, 0);
    this.#connections = new UnknownConnections(server, { ...UNKNOWN_OFFICERS, isShared });
  }

  known(connection: Socket): void {
    this.#connections?.known(connection);
  }
}
