import { isIP, type Socket } from "node:net";
import type { RequestHandler } from "express";
import { ApiError } from "../../core/index.js";

/** What stands between the network and the API. */
export interface FrontDoor {
  /**
   * Names under which the node is reached, without port. Others are refused, since whoever makes such a name point here
   * could have an officer's browser talk to the node for a foreign page (DNS rebinding). Addresses and `localhost` are
   * nobody's to give away, so they are always taken. Without a list, every name is.
   */
  readonly hosts?: readonly string[];
  /** Addresses or networks of the proxies whose X-Forwarded-For and X-Forwarded-Proto are believed. Default: none. */
  readonly trustedProxies?: readonly string[];
  /** Told of each connection over which somebody who is logged in has asked. */
  readonly onKnown?: (connection: Socket) => void;
}

/** @throws ApiError HOST_UNKNOWN for a request to a name that is not the node's */
export function knownHostsOnly(hosts: readonly string[]): RequestHandler {
  const known = new Set(["localhost", ...hosts.map((host) => host.toLowerCase())]);
  return (request, _response, next) => {
    const name = nameIn(request.get("Host"));
    if (name === undefined || (isIP(name) === 0 && !known.has(name)))
      throw new ApiError("HOST_UNKNOWN", `This node is not reached as ${name ?? "nothing"}.`);
    next();
  };
}

/** The name or address in a Host header, without port, lower case; undefined where there is none. */
function nameIn(host: string | undefined): string | undefined {
  const url = host === undefined || host === "" ? undefined : `http://${host}/`;
  if (url === undefined || !URL.canParse(url)) return undefined;
  const { hostname, pathname, username } = new URL(url);
  if (pathname !== "/" || username !== "") return undefined;
  return hostname.replace(/^\[(.*)\]$/, "$1").toLowerCase();
}
