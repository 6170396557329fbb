import { createHash } from "node:crypto";
import { promisify } from "node:util";
import { gunzip } from "node:zlib";
import { extract } from "tar-stream";
import { PeerError } from "../errors.js";

/** A package unpacks to at most this; chaincode as a service holds a few hundred bytes. */
const MAX_UNPACKED_BYTES = 64 * 1024 * 1024;
/** How long a peer tries to reach a chaincode whose package does not say. */
const DEFAULT_DIAL_TIMEOUT_MS = 3_000;

/** Labels are part of the package id, which is a file name here and in Fabric. */
const LABEL = /^[a-zA-Z0-9]+([.+\-_][a-zA-Z0-9]+)*$/;

/** Where a chaincode server listens, from the package's connection.json. */
export interface ChaincodeServer {
  readonly address: string;
  readonly dialTimeoutMs: number;
  /** PEM texts; absent for plain TCP. */
  readonly tls?: { readonly rootCert: string; readonly clientCert?: string; readonly clientKey?: string };
}

/** What a chaincode package says of itself. */
export interface ChaincodePackage {
  readonly packageId: string;
  readonly label: string;
  readonly type: string;
  readonly server: ChaincodeServer;
}

const unzip = promisify(gunzip);

/**
 * Reads a lifecycle package: metadata.json and code.tar.gz with the connection.json of a chaincode server.
 * @throws PeerError MALFORMED for anything else.
 */
export async function parsePackage(bytes: Uint8Array): Promise<ChaincodePackage> {
  const outer = await unpack(bytes, "chaincode install package");
  const metadata = readJson(outer, "metadata.json", "chaincode package metadata");
  const label = metadata.label;
  if (typeof label !== "string" || !LABEL.test(label)) {
    const allowed =
      "Label must be non-empty, can only consist of alphanumerics, symbols from '.+-_', and can only begin with alphanumerics";
    throw malformed(`invalid label '${String(label ?? "")}'. ${allowed}`);
  }
  const code = outer.get("code.tar.gz");
  if (code === undefined) throw malformed("did not find a code package inside the package");
  const inner = await unpack(code, "code package");
  return {
    packageId: packageIdOf(label, bytes),
    label,
    type: String(metadata.type ?? "").toLowerCase(),
    server: serverOf(readJson(inner, "connection.json", "connection.json of the code package")),
  };
}

/** Label and hash of the package as it was handed over. */
export function packageIdOf(label: string, bytes: Uint8Array): string {
  return `${label}:${createHash("sha256").update(bytes).digest("hex")}`;
}

function serverOf(connection: Record<string, unknown>): ChaincodeServer {
  const address = connection.address;
  if (typeof address !== "string" || address === "") throw malformed("chaincode address not provided");
  const server = { address, dialTimeoutMs: durationOf(connection.dial_timeout) };
  if (connection.tls_required !== true) return server;
  const rootCert = connection.root_cert;
  if (typeof rootCert !== "string" || rootCert === "") throw malformed("tls root cert not provided");
  if (connection.client_auth_required !== true) return { ...server, tls: { rootCert } };
  const clientCert = connection.client_cert;
  const clientKey = connection.client_key;
  if (typeof clientCert !== "string" || typeof clientKey !== "string") {
    throw malformed("client key and certificate not provided");
  }
  return { ...server, tls: { rootCert, clientCert, clientKey } };
}

const UNIT_MS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000 };

/** A duration as Go writes them, of one unit: "10s". */
function durationOf(value: unknown): number {
  if (value === undefined || value === "") return DEFAULT_DIAL_TIMEOUT_MS;
  const parts = typeof value === "string" ? /^(\d+(?:\.\d+)?)(ms|s|m)$/.exec(value) : null;
  const unit = UNIT_MS[parts?.[2] ?? ""];
  if (parts === null || unit === undefined)
    throw malformed(`invalid dial_timeout "${String(value)}" in connection.json`);
  return Number(parts[1]) * unit;
}

function readJson(files: ReadonlyMap<string, Uint8Array>, name: string, what: string): Record<string, unknown> {
  const bytes = files.get(name);
  if (bytes === undefined) throw malformed(`did not find any package metadata (missing ${name})`);
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode(bytes));
    if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  } catch (error) {
    throw new PeerError("MALFORMED", `could not unmarshal ${what} as json`, { cause: error });
  }
  throw malformed(`could not unmarshal ${what} as json`);
}

/** The regular files of a gzipped tar, by name. */
async function unpack(bytes: Uint8Array, what: string): Promise<Map<string, Uint8Array>> {
  let tar: Buffer;
  try {
    tar = await unzip(bytes, { maxOutputLength: MAX_UNPACKED_BYTES });
  } catch (error) {
    throw new PeerError("MALFORMED", `error reading ${what} as gzip stream`, { cause: error });
  }
  const files = new Map<string, Uint8Array>();
  const archive = extract();
  archive.end(tar);
  try {
    for await (const entry of archive) {
      const parts: Buffer[] = [];
      for await (const part of entry) parts.push(part as Buffer);
      if (entry.header.type === "file") files.set(entry.header.name.replace(/^\.\//, ""), Buffer.concat(parts));
    }
  } catch (error) {
    throw new PeerError("MALFORMED", `error inspecting next tar header of ${what}`, { cause: error });
  }
  return files;
}

const malformed = (message: string): PeerError => new PeerError("MALFORMED", message);
