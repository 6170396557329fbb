import type { Words } from "@wanlian/protocol/language.js";
import { ConsensusType, Consenter, Orderers } from "@wanlian/protocol/messages/configuration.js";
import { RaftConfigMetadata } from "@wanlian/protocol/messages/consensus.js";
import { fingerprint } from "./fingerprint.js";

/** Of a fingerprint, enough that no other certificate can be made for it. */
const DIGITS = 32;

/** A value of the configuration that names consenters, and the rest of it. */
interface Named {
  readonly consenters: readonly Consenter[];
  readonly rest: Uint8Array;
}

/** Which orderers come to the agreement on blocks, go, or are named otherwise; undefined where anything else changes too. */
export function describeConsenters(
  name: "ConsensusType" | "Orderers",
  before: Uint8Array,
  after: Uint8Array,
): Words | undefined {
  const [old, now] = [before, after].map(name === "Orderers" ? ofBft : ofRaft);
  if (!old || !now || Buffer.compare(old.rest, now.rest) !== 0) return undefined;
  const inWords = ({ consenters }: Named) => new Set(consenters.map(consenterInWords));
  const [were, are] = [inWords(old), inWords(now)];
  const come = [...are].filter((one) => !were.has(one));
  const go = [...were].filter((one) => !are.has(one));
  if (come.length + go.length === 0) return undefined;
  return {
    en: `Of the orderers that agree on blocks (${are.size} instead of ${were.size}) ${sentence("come", come)}, ${sentence("go", go)}.`,
    zh: `对区块达成一致的排序节点由 ${were.size} 个改为 ${are.size} 个：加入 ${come.join("、") || "无"}，退出 ${go.join("、") || "无"}。`,
  };
}

const sentence = (verb: "come" | "go", those: readonly string[]): string =>
  `there ${verb} ${those.join(" and ") || "none"}`;

function ofRaft(value: Uint8Array): Named | undefined {
  const consensus = ConsensusType.decode(value);
  if (consensus.type !== "etcdraft") return undefined;
  const metadata = RaftConfigMetadata.decode(consensus.metadata);
  const rest = ConsensusType.encode({
    ...consensus,
    metadata: RaftConfigMetadata.encode({ ...metadata, consenters: [] }),
  });
  return { consenters: metadata.consenters.map((one) => Consenter.create(one)), rest };
}

function ofBft(value: Uint8Array): Named {
  const orderers = Orderers.decode(value);
  return { consenters: orderers.consenterMapping, rest: Orderers.encode({ ...orderers, consenterMapping: [] }) };
}

/** Where it is, whose, and the first digits of the SHA-256 of all that it is known by. */
function consenterInWords({ host, port, mspId, ...rest }: Consenter): string {
  const certificates = [rest.identity, rest.clientTlsCert, rest.serverTlsCert].filter(({ length }) => length > 0);
  const prints = [...new Set(certificates.map((pem) => fingerprint(pem).slice(0, DIGITS)))].join(" ");
  return `${host}:${port} (${[mspId, prints].filter((part) => part !== "").join(" ")})`;
}
