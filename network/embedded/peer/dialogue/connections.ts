import { setTimeout as delay } from "node:timers/promises";
import { credentials } from "@grpc/grpc-js";
import type { Logger } from "pino";
import { RpcClient } from "../../../grpc/client.js";
import { clientCredentials } from "../../../grpc/credentials.js";
import { Chaincode } from "../../../grpc/services.js";
import { inContext, messageOf, PeerError } from "../errors.js";
import type { ChaincodePackage, ChaincodeServer } from "./package.js";
import type { PackageStore } from "./package-store.js";
import { ChaincodeStream, type RequestHandler } from "./stream.js";

/** Between attempts to reach a chaincode server; a restarting process is back within a second or two. */
const RETRY_MS = 200;

/** The chaincode servers of this peer's packages: dialled when first needed, and again when a stream broke. */
export class ChaincodeConnections {
  readonly #packages: PackageStore;
  readonly #handle: RequestHandler;
  readonly #log: Logger;
  readonly #streams = new Map<string, ChaincodeStream>();
  readonly #dialling = new Map<string, Promise<ChaincodeStream>>();
  readonly #clients = new Map<string, RpcClient>();
  #closed = false;

  constructor(packages: PackageStore, handle: RequestHandler, log: Logger) {
    this.#packages = packages;
    this.#handle = handle;
    this.#log = log;
  }

  /** A registered stream to the package's chaincode. @throws PeerError CHAINCODE_UNAVAILABLE when its dial timeout has passed. */
  async stream(packageId: string): Promise<ChaincodeStream> {
    const open = this.#streams.get(packageId);
    if (open !== undefined && !open.ended) return open;
    let dialling = this.#dialling.get(packageId);
    if (dialling === undefined) {
      dialling = this.#dial(packageId).finally(() => this.#dialling.delete(packageId));
      this.#dialling.set(packageId, dialling);
    }
    return dialling;
  }

  close(): void {
    this.#closed = true;
    for (const stream of this.#streams.values()) stream.close();
    for (const client of this.#clients.values()) client.close();
  }

  async #dial(packageId: string): Promise<ChaincodeStream> {
    const found = this.#packages.get(packageId);
    if (found === undefined) {
      throw new PeerError("CHAINCODE_UNAVAILABLE", `could not launch chaincode ${packageId}: it is not installed`);
    }
    const giveUp = Date.now() + found.server.dialTimeoutMs;
    for (;;) {
      try {
        return await this.#register(found);
      } catch (error) {
        const failure = inContext(
          `could not launch chaincode ${packageId}: connection to ${found.server.address} failed`,
          error,
          "CHAINCODE_UNAVAILABLE",
        );
        if (this.#closed || Date.now() + RETRY_MS > giveUp) throw failure;
        await delay(RETRY_MS);
      }
    }
  }

  /** Opens a stream and waits until the chaincode has registered. */
  #register(found: ChaincodePackage): Promise<ChaincodeStream> {
    const call = this.#client(found).bidi(Chaincode.connect);
    const stream = new ChaincodeStream(call, this.#handle, this.#log);
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => stream.close(), found.server.dialTimeoutMs);
      const ready = (): void => {
        clearTimeout(timer);
        this.#streams.set(found.packageId, stream);
        this.#log.info({ chaincode: found.packageId, address: found.server.address }, "chaincode registered");
        resolve(stream);
      };
      stream.serve(found.packageId, ready).then(
        () => reject(new PeerError("CHAINCODE_UNAVAILABLE", "the server ended the stream")),
        (error: unknown) => {
          clearTimeout(timer);
          this.#log.warn({ chaincode: found.packageId, error: messageOf(error) }, "chaincode stream ended");
          reject(error);
        },
      );
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
