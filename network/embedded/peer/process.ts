import { join } from "node:path";
import { status } from "@grpc/grpc-js";
import { messageOf } from "@wanlian/protocol/errors.js";
import type { Logger } from "pino";
import { SigningIdentity } from "../../certificates/signing-identity.js";
import { callerCertificateHash, serverCredentials } from "../../grpc/credentials.js";
import { CONCURRENCY, ConcurrencyLimit } from "../../grpc/limits.js";
import { RpcError } from "../../grpc/rpc-error.js";
import { RpcServer } from "../../grpc/server.js";
import { Discovery, Endorser as EndorserService, Gossip } from "../../grpc/services.js";
import { readTlsFiles } from "../../grpc/tls-files.js";
import { addPeerDeliver } from "../deliver/peer-service.js";
import { withPort } from "../listening.js";
import { assemble, type PeerServices } from "./assembly.js";
import { PeerError } from "./errors.js";
import { serveGateway } from "./gateway/service.js";
import { JoinedChannels } from "./joined-channels.js";
import { LocalMsp } from "./local-msp.js";
import { serveHealth } from "./operations.js";
import { readablePrivateData } from "./private-data/readable.js";
import type { PeerSettings } from "./settings.js";

/** A running peer: its channels and the services on them. */
export class PeerProcess {
  private constructor(
    /** Where it serves, with the ports it really got. */
    readonly addresses: {
      readonly listen: string;
      readonly externalAddress: string;
      readonly operationsListen?: string;
    },
    private readonly channels: JoinedChannels,
    private readonly services: PeerServices,
    private readonly server: RpcServer,
    private readonly closeHealth: () => Promise<void>,
  ) {}

  /** Opens the channels and serves. Throws if a port is taken or the data directory is in use. */
  static async start(settings: PeerSettings, log: Logger): Promise<PeerProcess> {
    const signer = await SigningIdentity.read(settings.mspId, settings.mspDir);
    const local = await LocalMsp.read(settings.mspId, settings.mspDir);
    const tls = await readTlsFiles(settings.tls);
    const channels = new JoinedChannels({ folder: join(settings.dataDir, "channels"), signer, tls, log });
    await channels.open();
    const server = new RpcServer();
    const address = new ListeningAddress(settings);
    const services = await assemble({ settings, address, signer, local, tls, channels, log });
    serve(server, services, channels, settings);
    address.port = await server.listen(settings.listen, serverCredentials(tls));
    const health = await serveHealth(settings.operationsListen);
    channels.pull(() => services.refresh());
    const addresses = {
      listen: address.listen,
      externalAddress: address.external,
      ...(health.address !== undefined && { operationsListen: health.address }),
    };
    return new PeerProcess(addresses, channels, services, server, health.close);
  }

  /** Settles when a ledger could not be written. */
  get failure(): Promise<unknown> {
    return this.channels.failure;
  }

  /** Stops serving and closes the ledgers. */
  async close(): Promise<void> {
    await this.closeHealth();
    await this.server.close();
    await this.services.close();
    await this.channels.close();
  }
}

/** Where the peer is found; the port is known only once it listens, where any free one was asked for. */
export class ListeningAddress {
  readonly #settings: PeerSettings;
  port: number | undefined;

  constructor(settings: PeerSettings) {
    this.#settings = settings;
  }

  get listen(): string {
    const { listen } = this.#settings;
    return this.port === undefined ? listen : withPort(listen, this.port);
  }

  get external(): string {
    return this.#settings.externalAddress ?? this.listen;
  }
}

function serve(server: RpcServer, services: PeerServices, channels: JoinedChannels, settings: PeerSettings): void {
  const limit = new ConcurrencyLimit("/protos.Endorser", CONCURRENCY.endorser);
  server.unary(EndorserService.processProposal, (proposal) =>
    limit.run(() => untyped(services.endorser.processProposal(proposal))),
  );
  server.unary(Discovery.discover, (request, { call }) =>
    untyped(services.discovery.discover(request, callerCertificateHash(call))),
  );
  addPeerDeliver(server, { followed: (id) => channels.followed(id), privateData: readablePrivateData });
  server.bidi(Gossip.gossipStream, services.receiver.serve);
  if (settings.gateway !== "off") serveGateway(server, services.gateway);
}

/** A refusal reaches the client as Fabric's do: code UNKNOWN and the text. */
async function untyped<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof PeerError) throw new RpcError(status.UNKNOWN, messageOf(error), { cause: error });
    throw error;
  }
}
