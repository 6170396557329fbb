import type { Digest, MspId } from "@wanlian/model/identifiers.js";
import { ProtocolError } from "@wanlian/protocol/errors.js";
import { Certificate } from "@wanlian/protocol/identities/certificate.js";
import { MAX_CERTIFICATES, MAX_CERTIFICATES_BYTES, parseCertificates } from "../../audit/index.js";
import type { NodeError } from "../../core/index.js";
import { fetchKept } from "../../exchange/index.js";
import type { DepartmentConnections } from "../../transport/index.js";

/** What a node lost, the other party of each access may have: asked for over the exchange. */
export interface OtherSides {
  /** Entries, proven by their leaf hashes; keys, by the other side's word. */
  kept(records: readonly Digest[]): Promise<Awaited<ReturnType<typeof fetchKept>>>;
  /** By their digests, of those that anybody has. */
  certificates(ids: readonly Digest[]): Promise<ReadonlyMap<Digest, Certificate>>;
}

/** Of a node that does not know whom to ask. */
export const NOBODY: OtherSides = { kept: async () => new Map(), certificates: async () => new Map() };

/** @param failed told of each department that does not answer */
export function otherSides(
  connections: Pick<DepartmentConnections, "json" | "departments">,
  failed: (department: string, error: NodeError) => void,
): OtherSides {
  return {
    kept: (records) => fetchKept(connections, records, failed),
    certificates: async (ids) => {
      const found = new Map<Digest, Certificate>();
      for (const department of connections.departments) {
        const lost = ids.filter((id) => !found.has(id));
        for (let at = 0; at < lost.length; at += MAX_CERTIFICATES) {
          const asked = { certificates: lost.slice(at, at + MAX_CERTIFICATES) };
          const answer = await connections
            .json(department as MspId, "/audit/v1/certificates", asked, { most: MAX_CERTIFICATES_BYTES })
            .then(parseCertificates)
            .catch((error: NodeError) => void failed(department, error));
          const shown = new Map(Object.entries(answer?.certificates ?? {}));
          for (const id of asked.certificates) {
            const certificate = certificateIn(shown.get(id));
            // One that is another than it is called is none: the next department may have it.
            if (certificate?.fingerprint === id) found.set(id, certificate);
          }
        }
      }
      return found;
    },
  };
}

function certificateIn(pem: string | undefined): Certificate | undefined {
  try {
    return pem === undefined ? undefined : Certificate.fromPem(Buffer.from(pem, "utf8"));
  } catch (error) {
    if (error instanceof ProtocolError) return undefined;
    throw error;
  }
}
