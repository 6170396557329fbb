import { X509Certificate } from "node:crypto";
import type { MspId } from "@wanlian/model/identifiers.js";
import type { ChannelBundle } from "@wanlian/protocol/configuration/channel-bundle.js";

/** Certificates remembered; a department has a handful of nodes. */
const MAX_REMEMBERED = 1000;

/** Which department a TLS certificate is of: the one whose TLS authority, by the channel's configuration, issued it. */
export class DepartmentTls {
  readonly #bundle: () => ChannelBundle;
  readonly #known = new Map<string, MspId | undefined>();
  #for: ChannelBundle | undefined;

  constructor(bundle: () => ChannelBundle) {
    this.#bundle = bundle;
  }

  /** PEM of every department's TLS authorities: whom a connection may come from at all. */
  authorities(): string[] {
    return this.#bundle().applications.flatMap(({ tlsRootCerts, tlsIntermediateCerts }) =>
      [...tlsRootCerts, ...tlsIntermediateCerts].map((pem) => Buffer.from(pem).toString("utf8")),
    );
  }

  /** @param raw DER of a certificate that TLS itself has accepted */
  departmentOf(raw: Uint8Array): MspId | undefined {
    const bundle = this.#bundle();
    if (bundle !== this.#for || this.#known.size > MAX_REMEMBERED) this.#known.clear();
    this.#for = bundle;
    const key = Buffer.from(raw).toString("latin1");
    if (!this.#known.has(key)) this.#known.set(key, find(bundle, new X509Certificate(raw)));
    return this.#known.get(key);
  }
}

/** Undefined where nobody's authority issued it, or more than one department's: then it tells nothing. */
function find(bundle: ChannelBundle, certificate: X509Certificate): MspId | undefined {
  const issuers = bundle.applications.filter(({ tlsRootCerts, tlsIntermediateCerts }) =>
    [...tlsRootCerts, ...tlsIntermediateCerts].some((pem) => {
      const authority = new X509Certificate(pem);
      return certificate.checkIssued(authority) && certificate.verify(authority.publicKey);
    }),
  );
  const departments = new Set(issuers.map(({ mspId }) => mspId));
  const [department] = departments;
  return departments.size === 1 ? (department as MspId) : undefined;
}
