import { setTimeout as delay } from "node:timers/promises";
import { credentials } from "@grpc/grpc-js";
import { messageOf } from "@wanlian/protocol/errors.js";
import type { Logger } from "pino";
import { RpcClient } from "../../../grpc/client.js";
import { clientCredentials } from "../../../grpc/credentials.js";
import { Chaincode } from "../../../grpc/services.js";
import { inContext, PeerError } from "../errors.js";
import type { ChaincodePackage, ChaincodeServer } from "./package.js";
import type { PackageStore } from "./package-store.js";
import { ChaincodeStream, type RequestHandler } from "./stream.js";

/** Between attempts to reach a chaincode server; a restarting process is back within a second or two. */
const RETRY_MS = 200;
/** Between attempts when it has been away for longer than its package asks the peer to wait. */
const RECOVERY_MS = 1_000;

/**
 * The chaincode servers of this peer's packages: dialled when first needed, and again when a stream broke. Who calls waits for a server
 * as long as its package says; once that was in vain, calls fail at once until the server is back.
 */
export class ChaincodeConnections {
  readonly #packages: Pick<PackageStore, "get">;
  readonly #handle: RequestHandler;
  readonly #log: Logger;
  readonly #streams = new Map<string, ChaincodeStream>();
  readonly #dialling = new Map<string, Promise<ChaincodeStream>>();
  readonly #away = new Map<string, PeerError>();
  readonly #clients = new Map<string, RpcClient>();
  readonly #stop = new AbortController();

  constructor(packages: Pick<PackageStore, "get">, handle: RequestHandler, log: Logger) {
    this.#packages = packages;
    this.#handle = handle;
    this.#log = log;
  }

  /** A registered stream to the package's chaincode. @throws PeerError CHAINCODE_UNAVAILABLE */
  async stream(packageId: string): Promise<ChaincodeStream> {
    const open = this.#streams.get(packageId);
    if (open !== undefined && !open.ended) return open;
    const away = this.#away.get(packageId);
    if (away !== undefined) throw away;
    let dialling = this.#dialling.get(packageId);
    if (dialling === undefined) {
      dialling = this.#dial(packageId).finally(() => this.#dialling.delete(packageId));
      this.#dialling.set(packageId, dialling);
    }
    return dialling;
  }

  close(): void {
    this.#stop.abort();
    for (const stream of this.#streams.values()) stream.close();
    for (const client of this.#clients.values()) client.close();
  }

  async #dial(packageId: string): Promise<ChaincodeStream> {
    const found = this.#packages.get(packageId);
    if (found === undefined) {
      throw new PeerError("CHAINCODE_UNAVAILABLE", `could not launch chaincode ${packageId}: it is not installed`);
    }
    const { address, dialTimeoutMs } = found.server;
    const giveUp = Date.now() + dialTimeoutMs;
    for (;;) {
      try {
        return await this.#register(found);
      } catch (error) {
        if (!this.#stop.signal.aborted && Date.now() + RETRY_MS <= giveUp) {
          await delay(RETRY_MS);
          continue;
        }
        const what = `could not launch chaincode ${packageId}: connection to ${address} failed`;
        const failure = inContext(what, error, "CHAINCODE_UNAVAILABLE");
        this.#log.warn({ chaincode: packageId, address, error: messageOf(error) }, "chaincode is not there");
        this.#away.set(packageId, failure);
        void this.#recover(found);
        throw failure;
      }
    }
  }

  /** Tries again and again until the chaincode is back. */
  async #recover(found: ChaincodePackage): Promise<void> {
    const { signal } = this.#stop;
    while (!signal.aborted) {
      await delay(RECOVERY_MS, undefined, { signal }).catch(() => undefined);
      const back = await this.#register(found).then(
        () => true,
        () => false,
      );
      if (back) break;
    }
    this.#away.delete(found.packageId);
  }

  /** Opens a stream and waits until the chaincode has registered. */
  #register(found: ChaincodePackage): Promise<ChaincodeStream> {
    const { packageId, server } = found;
    const call = this.#client(found).bidi(Chaincode.connect);
    const stream = new ChaincodeStream(call, this.#handle, this.#log);
    return new Promise((resolve, reject) => {
      let isReady = false;
      const timer = setTimeout(() => stream.close(), server.dialTimeoutMs);
      const ready = (): void => {
        isReady = true;
        clearTimeout(timer);
        this.#streams.set(packageId, stream);
        this.#log.info({ chaincode: packageId, address: server.address }, "chaincode registered");
        resolve(stream);
      };
      const ended = (error: unknown): void => {
        clearTimeout(timer);
        if (isReady) this.#log.warn({ chaincode: packageId, error: messageOf(error) }, "chaincode stream ended");
        reject(error);
      };
      stream
        .serve(packageId, ready)
        .then(() => ended(new PeerError("CHAINCODE_UNAVAILABLE", "the server ended the stream")), ended);
    });
  }

  #client({ packageId, server }: ChaincodePackage): RpcClient {
    let client = this.#clients.get(packageId);
    if (client === undefined) {
      client = new RpcClient(server.address, credentialsOf(server));
      this.#clients.set(packageId, client);
    }
    return client;
  }
}

function credentialsOf({ tls }: ChaincodeServer): ReturnType<typeof clientCredentials> {
  if (tls === undefined) return credentials.createInsecure();
  const { rootCert, clientCert, clientKey } = tls;
  return clientCredentials(rootCert, clientCert && clientKey ? { cert: clientCert, key: clientKey } : undefined);
}
