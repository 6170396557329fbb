import { status } from "@grpc/grpc-js";
import type { ChannelBundle, OrdererOrganization } from "@wanlian/protocol/configuration/channel-bundle.js";
import { type Envelope, Status } from "@wanlian/protocol/messages/common.js";
import type { BroadcastResponse } from "@wanlian/protocol/messages/orderer.js";
import { RpcClient } from "../../../grpc/client.js";
import { clientCredentials, joinPem, type TlsMaterial } from "../../../grpc/credentials.js";
import { RpcError } from "../../../grpc/rpc-error.js";
import { AtomicBroadcast } from "../../../grpc/services.js";

/** How long one orderer may take to answer. */
const BROADCAST_TIMEOUT_MS = 30_000;

/** One orderer of a channel. */
export interface Orderer {
  readonly address: string;
  readonly mspId: string;
  readonly client: RpcClient;
}

/** Connections to the orderers that a channel's configuration names. */
export class Orderers {
  readonly #own: TlsMaterial;
  readonly #clients = new Map<string, RpcClient>();

  constructor(own: TlsMaterial) {
    this.#own = own;
  }

  of({ orderer }: ChannelBundle): Orderer[] {
    return orderer.organizations.flatMap((organization) =>
      organization.endpoints.map((address) => ({
        address,
        mspId: organization.mspId,
        client: this.#client(address, organization),
      })),
    );
  }

  close(): void {
    for (const client of this.#clients.values()) client.close();
  }

  /** Other roots make another connection, so that a renewed certificate authority is taken up. */
  #client(address: string, organization: OrdererOrganization): RpcClient {
    const roots = joinPem([...organization.tlsRootCerts, ...organization.tlsIntermediateCerts]);
    const key = `${address}\n${roots.toString("latin1")}`;
    let client = this.#clients.get(key);
    if (client === undefined) {
      client = new RpcClient(address, clientCredentials(roots, this.#own));
      this.#clients.set(key, client);
    }
    return client;
  }
}

/** Hands an envelope to one orderer. @throws RpcError when it does not answer. */
export async function broadcast(orderer: Orderer, envelope: Envelope, signal: AbortSignal): Promise<BroadcastResponse> {
  const call = orderer.client.bidi(AtomicBroadcast.broadcast, { timeoutMs: BROADCAST_TIMEOUT_MS, signal });
  // A failure to send shows as the end of the stream, with its reason.
  call.send(envelope).catch(() => call.cancel());
  const answers = call[Symbol.asyncIterator]();
  const first = await answers.next();
  if (first.done) throw new RpcError(status.UNAVAILABLE, `${orderer.address} ended the stream without an answer`);
  // Ended, not cancelled: HTTP/2 servers close the connections of clients that reset many streams.
  call.end();
  untilEnd(answers);
  return first.value;
}

function untilEnd(answers: AsyncIterator<BroadcastResponse>): void {
  answers.next().then(
    ({ done }) => {
      if (!done) untilEnd(answers);
    },
    () => undefined,
  );
}

const NAMES: ReadonlyMap<number, string> = new Map(Object.entries(Status).map(([name, code]) => [code, name]));

/** An orderer's refusal in the words of Fabric's gateway. */
export function refusalText({ status: code, info }: BroadcastResponse): string {
  return `received unsuccessful response from orderer: status=${NAMES.get(code) ?? code}, info=${info}`;
}
