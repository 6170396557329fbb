import { createHash, X509Certificate } from "node:crypto";
import { type ChannelCredentials, credentials, ServerCredentials, type ServerDuplexStream } from "@grpc/grpc-js";

/** A TLS key pair and whom to trust, all PEM. */
export interface TlsMaterial {
  cert: string | Buffer;
  key: string | Buffer;
}

function pem(value: string | Buffer): Buffer {
  return typeof value === "string" ? Buffer.from(value) : value;
}

/** PEM files one after the other, as TLS libraries take several roots. */
export function joinPem(certificates: Iterable<string | Uint8Array>): Buffer {
  const parts = [...certificates].map((one) => Buffer.from(one).toString("utf8").trimEnd());
  return Buffer.from(parts.map((one) => `${one}\n`).join(""));
}

/**
 * Credentials of a server. With `clientRoots` it demands a client certificate issued under them (mutual TLS),
 * without it serves any client.
 */
export function serverCredentials(own: TlsMaterial, clientRoots?: string | Buffer): ServerCredentials {
  const pair = { cert_chain: pem(own.cert), private_key: pem(own.key) };
  return ServerCredentials.createSsl(clientRoots ? pem(clientRoots) : null, [pair], clientRoots !== undefined);
}

/** Credentials of a client that trusts servers under `serverRoots`, and shows its own certificate if it has one. */
export function clientCredentials(serverRoots: string | Buffer, own?: TlsMaterial): ChannelCredentials {
  return own
    ? credentials.createSsl(pem(serverRoots), pem(own.key), pem(own.cert))
    : credentials.createSsl(pem(serverRoots));
}

/** A client's certificate as the channel headers of requests name it: SHA-256 of its DER. */
export function tlsCertificateHash(certificate: string | Buffer): Uint8Array {
  return createHash("sha256").update(new X509Certificate(certificate).raw).digest();
}

/** The same hash of the certificate that the caller of a mutual TLS server showed; undefined without mutual TLS. */
export function callerCertificateHash(
  call: Pick<ServerDuplexStream<unknown, unknown>, "getAuthContext">,
): Uint8Array | undefined {
  const raw = call.getAuthContext().sslPeerCertificate?.raw;
  return raw ? createHash("sha256").update(raw).digest() : undefined;
}
