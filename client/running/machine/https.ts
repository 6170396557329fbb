import { readFile, stat } from "node:fs/promises";
import { createServer, type RequestListener, type Server } from "node:http";
import { createServer as createTlsServer, type Server as TlsServer } from "node:https";
import { messageOf } from "@wanlian/protocol/errors.js";
import { NodeError } from "../../core/index.js";
import { HANDSHAKE_MS } from "../../transport/index.js";
import { log } from "../start.js";

/** How often it is asked whether the certificate was renewed. */
const LOOK_EVERY_MS = 60_000;

/** From a request's first byte to the end of its headers. A body may take longer: files come over slow lines. */
export const HEADERS_MS = 15_000;

/** Whoever sends slowly holds a connection no longer than this. */
const SERVING = { headersTimeout: HEADERS_MS, connectionsCheckingInterval: 5_000 };

export interface TlsFiles {
  readonly cert: string;
  readonly key: string;
}

/**
 * A server for officers, over TLS where there are files for it. A renewed certificate is taken up while it serves.
 * @throws NodeError CONFIGURATION where they cannot be read or do not belong together
 */
export async function serverFor(listener: RequestListener, tls: TlsFiles | undefined): Promise<Server> {
  if (tls === undefined) return createServer(SERVING, listener);
  const server = await createTls(listener, tls);
  const renewing = setInterval(() => {
    renew(server, tls).catch((error: unknown) => log.error({ err: error }, "the API's renewed certificate is no good"));
  }, LOOK_EVERY_MS);
  renewing.unref();
  server.once("close", () => clearInterval(renewing));
  return server;
}

async function createTls(listener: RequestListener, tls: TlsFiles): Promise<TlsServer> {
  try {
    const options = {
      ...SERVING,
      ...(await read(tls)),
      minVersion: "TLSv1.2",
      handshakeTimeout: HANDSHAKE_MS,
    } as const;
    const server = createTlsServer(options, listener);
    stamps.set(server, await stampOf(tls));
    return server;
  } catch (cause) {
    const message = `the API cannot serve with ${tls.cert} and ${tls.key}: ${messageOf(cause)}.`;
    throw new NodeError("CONFIGURATION", message, { cause });
  }
}

/** When the files that a server has taken up were written. */
const stamps = new WeakMap<TlsServer, string>();

/** Takes up the files if they are others than before; what is open goes on. */
export async function renew(server: TlsServer, tls: TlsFiles): Promise<void> {
  const stamp = await stampOf(tls);
  if (stamp === stamps.get(server)) return;
  server.setSecureContext(await read(tls));
  stamps.set(server, stamp);
  log.info({ cert: tls.cert }, "the API's certificate was renewed");
}

async function read({ cert, key }: TlsFiles): Promise<{ cert: Buffer; key: Buffer }> {
  const [certBytes, keyBytes] = await Promise.all([readFile(cert), readFile(key)]);
  return { cert: certBytes, key: keyBytes };
}

async function stampOf({ cert, key }: TlsFiles): Promise<string> {
  const times = await Promise.all([cert, key].map(async (file) => (await stat(file)).mtimeMs));
  return times.join(" ");
}
