import { dirname, resolve } from "node:path";
import { SettingsFile } from "../settings-file.js";

/** The configuration file of a peer process. Paths are taken from the folder of the file. */
export interface PeerSettings {
  readonly mspId: string;
  /** MSP folder with the peer's certificate and key. */
  readonly mspDir: string;
  /** PEM files. */
  readonly tls: { readonly cert: string; readonly key: string; readonly rootCerts?: readonly string[] };
  /** `host:port` to serve on. */
  readonly listen: string;
  /** `host:port` under which clients and other peers reach it; where it listens, unless said otherwise. */
  readonly externalAddress?: string;
  readonly dataDir: string;
  /** `off` leaves the Gateway service out, as on Fabric before 2.4. */
  readonly gateway?: "on" | "off";
  /** How long a chaincode may take for one transaction; Fabric's 30 s unless said otherwise. */
  readonly executeTimeoutMs?: number;
  /** `host:port` of the health check, if there is to be one. */
  readonly operationsListen?: string;
}

const path = { type: "string", minLength: 1 } as const;
const address = { type: "string", pattern: ":\\d{1,5}$" } as const;

const settingsFile = new SettingsFile<PeerSettings>(
  { zh: "对等节点", en: "a peer's" },
  {
    type: "object",
    properties: {
      mspId: path,
      mspDir: path,
      tls: {
        type: "object",
        properties: { cert: path, key: path, rootCerts: { type: "array", items: path } },
        required: ["cert", "key"],
        additionalProperties: false,
      },
      listen: address,
      externalAddress: address,
      dataDir: path,
      gateway: { enum: ["on", "off"] },
      executeTimeoutMs: { type: "integer", minimum: 1 },
      operationsListen: address,
    },
    required: ["mspId", "mspDir", "tls", "listen", "dataDir"],
    additionalProperties: false,
  },
);

/** Reads and checks a peer's configuration file. Throws NetworkError INVALID_CONFIGURATION. */
export async function readPeerSettings(file: string): Promise<PeerSettings> {
  const content = await settingsFile.read(file);
  const from = (relative: string): string => resolve(dirname(file), relative);
  const { tls } = content;
  return {
    ...content,
    mspDir: from(content.mspDir),
    dataDir: from(content.dataDir),
    tls: { cert: from(tls.cert), key: from(tls.key), ...(tls.rootCerts && { rootCerts: tls.rootCerts.map(from) }) },
  };
}
