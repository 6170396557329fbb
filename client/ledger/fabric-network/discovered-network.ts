import { messageOf } from "@wanlian/protocol/errors.js";
import type { Signer } from "../../core/index.js";
import { LedgerAccessError } from "../connector.js";
import { creatorOf } from "../deliver.js";
import type { LedgerLocation } from "../peer-blocks.js";
import type {
  Committer,
  DiscoveryHandler,
  Endorser,
  IdentityContext,
  Sdk,
  SdkChannel,
  SdkClient,
  ServiceEndpoint,
  Signable,
} from "./sdk.js";

/** Who endorses and who orders is asked again after this long: departments join, leave and fail. */
const PLAN_MS = 5_000;
const DISCOVERY_MS = 10_000;

/** The own peer, and through its discovery service all others and the orderers. */
export class DiscoveredNetwork {
  readonly channel: SdkChannel;
  readonly #location: LedgerLocation;
  readonly #client: SdkClient;
  readonly #discoverer: ServiceEndpoint;
  readonly #own: Endorser;
  #connecting: Promise<boolean> | undefined;
  #plan: { readonly until: number; readonly handler: Promise<DiscoveryHandler> } | undefined;

  constructor(sdk: Sdk, location: LedgerLocation) {
    const { address, channel, serverName, signer, tlsRootCertificates } = location;
    this.#location = location;
    this.#client = sdk.Client.newClient(signer.mspId);
    this.channel = this.#client.getChannel(channel);
    const endpoint = {
      url: `grpcs://${address}`,
      pem: Buffer.from(tlsRootCertificates).toString(),
      ...(serverName === undefined ? {} : { "ssl-target-name-override": serverName }),
    };
    this.#discoverer = this.#client.newDiscoverer(address, signer.mspId);
    this.#discoverer.setEndpoint(this.#client.newEndpoint(endpoint));
    this.#own = this.#client.newEndorser(address, signer.mspId);
    this.#own.setEndpoint(this.#client.newEndpoint(endpoint));
  }

  /** For one proposal in a signer's name. */
  context(signer: Signer): IdentityContext {
    return this.#client.newIdentityContext({
      getName: () => signer.mspId,
      getMspid: () => signer.mspId,
      getIdentity: () => ({ serialize: () => Buffer.from(creatorOf(signer)) }),
    });
  }

  /** The own department's peer, connected. @throws LedgerAccessError */
  async ownPeer(): Promise<Endorser> {
    // One attempt at a time: the SDK's attempts to connect break each other off.
    this.#connecting ??= this.#own.checkConnection().finally(() => {
      this.#connecting = undefined;
    });
    if (await this.#connecting) return this.#own;
    throw new LedgerAccessError("UNAVAILABLE", `the peer at ${this.#location.address} cannot be reached`);
  }

  /** How to have a call of the contracts endorsed. @throws LedgerAccessError */
  plan(): Promise<DiscoveryHandler> {
    const now = performance.now();
    if (this.#plan === undefined || this.#plan.until < now) {
      const handler = this.#discover();
      const plan = { until: now + PLAN_MS, handler };
      this.#plan = plan;
      handler.catch(() => {
        if (this.#plan === plan) this.#plan = undefined;
      });
    }
    return this.#plan.handler;
  }

  /** The orderers that can be reached, in an order by chance. @throws LedgerAccessError */
  async orderers(): Promise<Committer[]> {
    try {
      await this.plan();
    } catch (error) {
      // Too few endorsers are no reason not to hand over what was endorsed before.
      if (this.channel.getCommitters().length === 0) throw error;
    }
    return this.channel
      .getCommitters()
      .map((orderer) => ({ orderer, place: Math.random() }))
      .sort((a, b) => a.place - b.place)
      .map(({ orderer }) => orderer);
  }

  /** Of the department that a discovered peer belongs to, by the peer's name. */
  departmentOf(peer: string): string {
    return peer === this.#own.name ? this.#own.mspid : (this.channel.getEndorser(peer)?.mspid ?? "");
  }

  close(): void {
    this.#discoverer.disconnect();
    this.#own.disconnect();
    this.#client.close();
  }

  async #discover(): Promise<DiscoveryHandler> {
    const { channel, chaincode, signer } = this.#location;
    const service = this.channel.newDiscoveryService(channel);
    const request = service.build(this.context(signer), { config: true, interest: [{ name: chaincode }] });
    await signOutside(signer, service, request);
    try {
      await service.send({
        targets: [this.#discoverer],
        requestTimeout: DISCOVERY_MS,
        refreshAge: Number.POSITIVE_INFINITY, // renewed here, by a request of its own
      });
    } catch (error) {
      throw discoveryFailure(error);
    }
    return service.newHandler();
  }
}

/** Signs what the SDK built with a key that the SDK does not have. */
export async function signOutside(signer: Signer, signable: Signable, bytes: Uint8Array): Promise<void> {
  signable.sign(Buffer.from(await signer.sign(bytes)));
}

/** How the SDK begins what discovery itself answered. */
const DISCOVERY_ANSWER = /^DiscoveryService: .* error: /;

function discoveryFailure(error: unknown): LedgerAccessError {
  const message = messageOf(error);
  return DISCOVERY_ANSWER.test(message)
    ? new LedgerAccessError("NO_ENDORSEMENT", `discovery finds no way: ${message}`, { cause: error })
    : new LedgerAccessError("UNAVAILABLE", `discovery does not answer: ${message}`, { cause: error });
}
