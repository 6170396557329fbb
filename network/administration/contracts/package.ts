import { createHash } from "node:crypto";
import { gzipSync } from "node:zlib";
import { pack } from "tar-stream";
import type { Address } from "../../topology/topology.js";

/** How long a peer waits for the chaincode process to take its connection. */
const DIAL_TIMEOUT = "10s";

/** A chaincode package, ready to install. */
export interface ContractPackage {
  /** label:hash, as the peer will name it; the chaincode process is started with it. */
  readonly id: string;
  readonly content: Uint8Array;
}

/**
 * The package of contracts that run as a service at `address`. It says where they run and nothing else: the same address gives
 * the same package, to the byte, whatever version of the contracts answers there. So contracts are upgraded by restarting
 * processes one after the other and committing a new definition, with no moment at which nobody serves.
 */
export async function contractPackage(label: string, address: Address): Promise<ContractPackage> {
  const connection = { address, dial_timeout: DIAL_TIMEOUT, tls_required: false };
  const code = await tarGz([["connection.json", JSON.stringify(connection)]]);
  const content = await tarGz([
    ["metadata.json", JSON.stringify({ path: "", type: "ccaas", label })],
    ["code.tar.gz", code],
  ]);
  return { id: `${label}:${createHash("sha256").update(content).digest("hex")}`, content };
}

/** The files in this order, with nothing in the archive that depends on when and where it is made. */
async function tarGz(files: readonly (readonly [name: string, content: string | Buffer])[]): Promise<Buffer> {
  const archive = pack();
  for (const [name, content] of files) archive.entry({ name, mode: 0o644, mtime: new Date(0) }, content);
  archive.finalize();
  const chunks: Buffer[] = [];
  for await (const chunk of archive as AsyncIterable<Uint8Array>) chunks.push(Buffer.from(chunk));
  return gzipSync(Buffer.concat(chunks));
}
