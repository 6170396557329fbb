import { join } from "node:path";
import type { NodeConfig } from "../machine/config.js";

/** Folder of the officers' sealed keys, in a backup. */
export const OFFICERS_FOLDER = "officers";
export const CONFIG_FILE = "node.json";
export const DATABASE_FILE = "local.db";
export const EXCHANGE_FOLDER = "exchange";

/** Where the node's exchange keeps what it has. */
export const exchangeFolder = ({ dataDir }: Pick<NodeConfig, "dataDir">): string => join(dataDir, EXCHANGE_FOLDER);

/** What is as long as the log, a slot a record. */
export const BESIDE_RECORDS = ["keys", "deliveries"] as const;
/** Small files that are replaced whole or of slots that stand for themselves. */
export const SINGLE_FILES = [
  "log-key.pem",
  "log-name",
  "sources.json",
  "seen-logs.json",
  "requests",
  "pseudonym-key",
] as const;
export const CERTIFICATES_FOLDER = "certificates";

/** The key material that a node's configuration names, by what it is called in a backup. */
export function keyFiles({ identity, tls, exchange, gateway }: NodeConfig): readonly [string, string][] {
  const pair = (name: string, files: { cert: string; key: string } | undefined): [string, string][] =>
    files === undefined
      ? []
      : [
          [`${name}-cert.pem`, files.cert],
          [`${name}-key.pem`, files.key],
        ];
  const roots = gateway.tlsRootCerts.map((path, at): [string, string] => [`gateway-root-${at}.pem`, path]);
  const named = [...pair("identity", identity), ...pair("api", tls), ...pair("exchange", exchange?.tls), ...roots];
  return named.map(([name, path]) => [join("keys", name), path]);
}
