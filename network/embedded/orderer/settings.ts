import { dirname, resolve } from "node:path";
import { SettingsFile } from "../settings-file.js";

/** The configuration file of an orderer process. Paths are taken from the folder of the file. */
export interface OrdererSettings {
  readonly mspId: string;
  /** MSP folder with the orderer's certificate and key. */
  readonly mspDir: string;
  /** PEM files. */
  readonly tls: { readonly cert: string; readonly key: string };
  /** `host:port` of the ordering service. */
  readonly listen: string;
  /** `host:port` of the channel participation API, for administrators with a certificate under `clientRootCerts`. */
  readonly adminListen: string;
  readonly adminTls: { readonly cert: string; readonly key: string; readonly clientRootCerts: readonly string[] };
  readonly dataDir: string;
}

const path = { type: "string", minLength: 1 } as const;
const address = { type: "string", pattern: ":\\d{1,5}$" } as const;
const object = (properties: object) => ({
  type: "object",
  properties,
  required: Object.keys(properties),
  additionalProperties: false,
});

const settingsFile = new SettingsFile<OrdererSettings>(
  { zh: "排序节点", en: "an orderer's" },
  object({
    mspId: path,
    mspDir: path,
    tls: object({ cert: path, key: path }),
    listen: address,
    adminListen: address,
    adminTls: object({ cert: path, key: path, clientRootCerts: { type: "array", items: path, minItems: 1 } }),
    dataDir: path,
  }),
);

/** Reads and checks an orderer's configuration file. Throws NetworkError INVALID_CONFIGURATION. */
export async function readOrdererSettings(file: string): Promise<OrdererSettings> {
  const content = await settingsFile.read(file);
  const from = (relative: string) => resolve(dirname(file), relative);
  const { tls, adminTls } = content;
  return {
    ...content,
    mspDir: from(content.mspDir),
    dataDir: from(content.dataDir),
    tls: { cert: from(tls.cert), key: from(tls.key) },
    adminTls: {
      cert: from(adminTls.cert),
      key: from(adminTls.key),
      clientRootCerts: adminTls.clientRootCerts.map(from),
    },
  };
}
