import type { Client as GrpcClient } from "@grpc/grpc-js";
import { Envelope } from "@wanlian/protocol/messages/common.js";
import { ProcessedTransaction } from "@wanlian/protocol/messages/transaction.js";
import type { Channel, Discoverer, DiscoveryHandler, Endorsement, IdentityContext, Query } from "fabric-common";
import type { Gateway, X509Identity } from "fabric-network";
import type { Signer } from "../node/services.js";
import { type CommitStatus, type EndorsedTransaction, LedgerAccessError, type LedgerConnector } from "./connector.js";
import { accessError, firstAnswer, refusalsOf } from "./fabric-network-answers.js";
import { PeerBlocks, type PeerLocation, peerClient } from "./peer-blocks.js";

/** As the gateway service has it. */
const REQUEST_MS = 30_000;
/** Peers come and go: the plan of who can endorse is asked for again. */
const PLAN_MS = 60_000;
const PEER = "peer";

export interface FabricNetworkOptions extends PeerLocation {
  readonly chaincode: string;
  /** PEM of the node's own private key: this library signs with keys, not with functions. */
  readonly privateKey: string;
}

/**
 * For networks whose peers have no Gateway service (Fabric 2.2, 2.3): discovery, endorsement and broadcast from here,
 * with fabric-network 2.2. That library is deprecated upstream, is loaded only when this connector is chosen, and sends
 * to one orderer at a time: slow on SmartBFT, where the gateway sends to all.
 */
export class FabricNetworkConnector implements LedgerConnector {
  readonly #options: FabricNetworkOptions;
  readonly #peer: GrpcClient;
  readonly #blocks: PeerBlocks;
  #session: Promise<Session> | undefined;
  #plan: { readonly handler: DiscoveryHandler; readonly made: number } | undefined;

  constructor(options: FabricNetworkOptions) {
    this.#options = options;
    this.#peer = peerClient(options);
    this.#blocks = new PeerBlocks(this.#peer, options);
  }

  async evaluate(signer: Signer, contractFunction: string, args: readonly string[]): Promise<Uint8Array> {
    return this.#query(signer, this.#options.chaincode, contractFunction, args);
  }

  async endorse(signer: Signer, contractFunction: string, args: readonly string[]): Promise<EndorsedTransaction> {
    const session = await this.#connected();
    const context = contextOf(session, signer);
    const endorsement = session.channel.newEndorsement(this.#options.chaincode);
    await signed(endorsement, endorsement.build(context, { fcn: contractFunction, args: [...args] }), signer);
    const handler = await this.#endorsementPlan(session);
    try {
      const answer = await endorsement.send({ handler, requestTimeout: REQUEST_MS });
      const refusals = refusalsOf(answer);
      if (refusals !== undefined) throw refusals;
    } catch (error) {
      this.#plan = undefined;
      throw accessError(error);
    }
    const payload = endorsement.newCommit().build(context, {});
    const signature = await signer.sign(payload);
    return { transactionId: endorsement.getTransactionId(), envelope: Envelope.encode({ payload, signature }) };
  }

  async submit({ envelope }: EndorsedTransaction): Promise<void> {
    const { payload, signature } = Envelope.decode(envelope);
    const message = { payload: Buffer.from(payload), signature: Buffer.from(signature) };
    const { channel } = await this.#connected();
    let last: unknown = new LedgerAccessError("UNAVAILABLE", "discovery names no orderer");
    for (const orderer of shuffled(channel.getCommitters())) {
      try {
        if (!(await orderer.checkConnection())) await orderer.connect(orderer.endpoint);
        // The types say Buffer; the library writes the message that it is given.
        const { status, info } = await orderer.sendBroadcast(message as unknown as Buffer, REQUEST_MS);
        if (status === "SUCCESS") return;
        const words = `the orderer refuses: ${status} ${info ?? ""}`.trimEnd();
        last = new LedgerAccessError(status === "SERVICE_UNAVAILABLE" ? "UNAVAILABLE" : "REJECTED", words);
        if (status !== "SERVICE_UNAVAILABLE") break;
      } catch (error) {
        last = accessError(error);
      }
    }
    throw last;
  }

  /** Asks once whether the transaction is there; this network has nobody who would wait for it. */
  async commitStatus(transactionId: string): Promise<CommitStatus | undefined> {
    try {
      const args = [this.#options.channel, transactionId];
      const found = await this.#query(this.#options.signer, "qscc", "GetTransactionByID", args);
      return { code: ProcessedTransaction.decode(found).validationCode, block: undefined };
    } catch (error) {
      if (error instanceof LedgerAccessError && error.code === "REFUSED") return undefined;
      throw error;
    }
  }

  height(signal: AbortSignal): Promise<bigint> {
    return this.#blocks.height(signal);
  }

  blocks(from: bigint, signal: AbortSignal): AsyncIterable<Uint8Array> {
    return this.#blocks.from(from, signal);
  }

  close(): void {
    this.#peer.close();
    // A session that never came about has nothing to close.
    this.#session?.then(({ gateway }) => gateway.disconnect()).catch(() => undefined);
  }

  /** Discovers the network once, and again after that has failed: the peer may come later, or get the channel later. */
  async #connected(): Promise<Session> {
    this.#session ??= openSession(this.#options);
    try {
      return await this.#session;
    } catch (error) {
      this.#session = undefined;
      throw accessError(error);
    }
  }

  async #query(signer: Signer, chaincode: string, fcn: string, args: readonly string[]): Promise<Uint8Array> {
    const session = await this.#connected();
    const query = session.channel.newQuery(chaincode);
    await signed(query, query.build(contextOf(session, signer), { fcn, args: [...args] }), signer);
    try {
      const targets = session.channel.getEndorsers(this.#options.signer.mspId);
      return firstAnswer(await query.send({ targets, requestTimeout: REQUEST_MS }));
    } catch (error) {
      throw accessError(error);
    }
  }

  async #endorsementPlan(session: Session): Promise<DiscoveryHandler> {
    if (this.#plan !== undefined && Date.now() - this.#plan.made < PLAN_MS) return this.#plan.handler;
    const { chaincode, signer } = this.#options;
    const service = session.channel.newDiscoveryService(chaincode);
    try {
      await signed(service, service.build(contextOf(session, signer), { interest: [{ name: chaincode }] }), signer);
      await service.send({ asLocalhost: false, targets: [await this.#discoverer(session)] });
    } catch (error) {
      throw accessError(error);
    }
    this.#plan = { handler: service.newHandler(), made: Date.now() };
    return this.#plan.handler;
  }

  async #discoverer({ channel: { client } }: Session): Promise<Discoverer> {
    const { address, serverName, tlsRootCertificates, signer } = this.#options;
    const discoverer = client.newDiscoverer(PEER, signer.mspId);
    const pem = Buffer.from(tlsRootCertificates).toString("utf8");
    const name = serverName === undefined ? {} : { "ssl-target-name-override": serverName };
    await discoverer.connect(client.newEndpoint({ url: `grpcs://${address}`, pem, ...name }));
    return discoverer;
  }
}

/** What the library has once it has discovered the network. */
interface Session {
  readonly gateway: Gateway;
  readonly channel: Channel;
  readonly users: typeof import("fabric-common").User;
}

async function openSession(options: FabricNetworkOptions): Promise<Session> {
  const { default: network } = await import("fabric-network");
  const { default: common } = await import("fabric-common");
  const { signer, privateKey } = options;
  const gateway = new network.Gateway();
  const credentials = { certificate: Buffer.from(signer.certificate).toString("utf8"), privateKey };
  const identity: X509Identity = { type: "X.509", mspId: signer.mspId, credentials };
  try {
    await gateway.connect(connectionProfile(options), { identity, discovery: { enabled: true, asLocalhost: false } });
    const channel = (await gateway.getNetwork(options.channel)).getChannel();
    return { gateway, channel, users: common.User };
  } catch (error) {
    gateway.disconnect();
    throw error;
  }
}

function contextOf({ users, channel }: Session, { mspId, certificate }: Signer): IdentityContext {
  const user = users.createUser("officer", "", mspId, Buffer.from(certificate).toString("utf8"));
  return channel.client.newIdentityContext(user);
}

/** Signs what was built with the officer's key, which the library never sees. */
async function signed(action: Pick<Endorsement | Query, "sign">, payload: Uint8Array, signer: Signer): Promise<void> {
  action.sign(Buffer.from(await signer.sign(payload)));
}

function connectionProfile({ address, serverName, tlsRootCertificates, signer }: FabricNetworkOptions) {
  const name = serverName === undefined ? {} : { "ssl-target-name-override": serverName };
  return {
    name: "wanlian",
    version: "1.0.0",
    client: { organization: signer.mspId },
    organizations: { [signer.mspId]: { mspid: signer.mspId, peers: [PEER] } },
    peers: {
      [PEER]: {
        url: `grpcs://${address}`,
        tlsCACerts: { pem: Buffer.from(tlsRootCertificates).toString("utf8") },
        grpcOptions: name,
      },
    },
  };
}

function shuffled<T>(list: readonly T[]): T[] {
  return list
    .map((value) => ({ value, at: Math.random() }))
    .sort((a, b) => a.at - b.at)
    .map(({ value }) => value);
}
