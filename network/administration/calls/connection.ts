import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { ChannelCredentials } from "@grpc/grpc-js";
import type { Words } from "@wanlian/protocol/language.js";
import { SigningIdentity } from "../../certificates/signing-identity.js";
import { NetworkError } from "../../error.js";
import { RpcClient } from "../../grpc/client.js";
import { clientCredentials } from "../../grpc/credentials.js";
import type { Address } from "../../topology/topology.js";

/** An administrator: signs for an organisation, and shows its TLS certificate where a server asks for one. */
export interface Administrator {
  readonly identity: SigningIdentity;
  readonly tls: { readonly certificate: string; readonly key: string };
}

/** Reads an administrator's folder, as `Organisation.addAdministrator` writes it. */
export async function readAdministrator(mspId: string, folder: string): Promise<Administrator> {
  return {
    identity: await SigningIdentity.read(mspId, join(folder, "msp")),
    tls: {
      certificate: await readFile(join(folder, "tls", "cert.pem"), "utf8"),
      key: await readFile(join(folder, "tls", "key.pem"), "utf8"),
    },
  };
}

/** A peer or orderer as an administrator reaches it: where, and under which TLS roots (PEM). */
export interface Endpoint {
  readonly mspId: string;
  readonly name: string;
  readonly address: Address;
  readonly tlsRoots: readonly string[];
}

/** What people call an endpoint. */
export function endpointName({ mspId, name }: Pick<Endpoint, "mspId" | "name">): Words {
  return { zh: `${mspId} 的 ${name}`, en: `${name} of ${mspId}` };
}

/** gRPC connections by address, each made when first needed, all closed together. */
export class Connections {
  readonly #clients = new Map<Address, RpcClient>();

  /** The connection to an endpoint. */
  to(endpoint: Endpoint): RpcClient {
    const open = this.#clients.get(endpoint.address);
    if (open) return open;
    const client = new RpcClient(endpoint.address, credentialsFor(endpoint));
    this.#clients.set(endpoint.address, client);
    return client;
  }

  close(): void {
    for (const client of this.#clients.values()) client.close();
    this.#clients.clear();
  }
}

function credentialsFor(endpoint: Endpoint): ChannelCredentials {
  const { mspId, name, tlsRoots } = endpoint;
  if (tlsRoots.length === 0) {
    const who = endpointName(endpoint);
    const text = { zh: `${who.zh} 没有 TLS 根证书。`, en: `There is no TLS root certificate for ${who.en}.` };
    throw new NetworkError("INVALID_CERTIFICATE", text, { details: { mspId, name } });
  }
  return clientCredentials(tlsRoots.join("\n"));
}
