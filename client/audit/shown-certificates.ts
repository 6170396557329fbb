import type { Digest } from "@wanlian/model/identifiers.js";
import { ProtocolError } from "@wanlian/protocol/errors.js";
import { Certificate } from "@wanlian/protocol/identities/certificate.js";
import type { AskedLog } from "./asked-log.js";

/** A city's officers and nodes, over years. */
const MAX_REMEMBERED = 20_000;

/** Certificates that records name, as the nodes that show the records keep them. */
export class ShownCertificates {
  readonly #known = new Map<Digest, string>();

  /** PEM, or undefined if no node has shown it. */
  find(id: Digest): string | undefined {
    return this.#known.get(id);
  }

  /** Asks the node for those that are not here. @throws ExchangeError */
  async fetch(log: AskedLog, ids: Iterable<Digest>): Promise<void> {
    const wanted = [...new Set(ids)].filter((id) => !this.#known.has(id));
    if (wanted.length === 0) return;
    for (const [id, pem] of await log.certificates(wanted)) {
      if (fingerprintOf(pem) !== id) continue;
      if (this.#known.size >= MAX_REMEMBERED) this.#known.clear();
      this.#known.set(id as Digest, pem);
    }
  }
}

function fingerprintOf(pem: string): string | undefined {
  try {
    return Certificate.fromPem(Buffer.from(pem, "utf8")).fingerprint;
  } catch (error) {
    if (error instanceof ProtocolError) return undefined;
    throw error;
  }
}
