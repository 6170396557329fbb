import { mkdir, readFile } from "node:fs/promises";
import { createServer, type Server } from "node:https";
import type { Logger } from "pino";
import { SigningIdentity } from "../../certificates/signing-identity.js";
import { joinPem, serverCredentials } from "../../grpc/credentials.js";
import { RpcServer } from "../../grpc/server.js";
import { readTlsFiles } from "../../grpc/tls-files.js";
import { listen, withPort } from "../listening.js";
import { Channels } from "./channels.js";
import { addOrderingService } from "./ordering-service.js";
import { participationApi } from "./participation/api.js";
import type { OrdererSettings } from "./settings.js";

/** A running orderer: its channels, the ordering service, and the administrators' API. */
export class OrdererProcess {
  private constructor(
    /** Where it serves, with the ports it really got. */
    readonly addresses: { readonly listen: string; readonly adminListen: string },
    private readonly channels: Channels,
    private readonly server: RpcServer,
    private readonly admin: Server,
  ) {}

  /** Opens the channels and serves. Throws NetworkError if a port is taken or the data directory is in use. */
  static async start(settings: OrdererSettings, log: Logger): Promise<OrdererProcess> {
    const signer = await SigningIdentity.read(settings.mspId, settings.mspDir);
    const tls = await readTlsFiles(settings.tls);
    await mkdir(settings.dataDir, { recursive: true });
    const channels = await Channels.open(settings.dataDir, { signer, now: Date.now });
    const server = new RpcServer();
    addOrderingService(server, channels);
    const port = await server.listen(settings.listen, serverCredentials(tls));
    const admin = createServer(await adminTls(settings), participationApi(channels, log));
    const adminPort = await listen(admin, settings.adminListen);
    const addresses = {
      listen: withPort(settings.listen, port),
      adminListen: withPort(settings.adminListen, adminPort),
    };
    channels
      .check((damage) => log.error({ err: damage }, "a stored block is damaged; it will not be delivered"))
      .catch((error: unknown) => log.error({ err: error }, "the stored blocks could not be checked"));
    return new OrdererProcess(addresses, channels, server, admin);
  }

  /** Stops serving, writes what was accepted, and closes the stores. */
  async close(): Promise<void> {
    this.admin.closeAllConnections();
    await new Promise((resolve) => this.admin.close(resolve));
    await this.server.close();
    await this.channels.close();
  }
}

async function adminTls({ adminTls: { cert, key, clientRootCerts } }: OrdererSettings) {
  const roots = await Promise.all(clientRootCerts.map((file) => readFile(file)));
  return {
    ...(await readTlsFiles({ cert, key })),
    ca: joinPem(roots),
    requestCert: true,
    rejectUnauthorized: true,
  };
}
