import { readFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { MSP_ID_PATTERN } from "@wanlian/model/identifiers.js";
import { messageOf } from "@wanlian/protocol/errors.js";
import { type Static, Type } from "typebox";
import { Check, Errors } from "typebox/schema";
import { CallMapping } from "../../calls/index.js";
import { NodeError } from "../../core/index.js";
import type { PlatformSettings } from "../desks/calls-part.js";
import type { LogFile } from "./log-output.js";

/** One of the secrets that a node's configuration can hold, kept out of the file: PostgreSQL's connection string. */
export const DATABASE_VARIABLE = "WANLIAN_DATABASE_URL";
/** The other: what the exchange platform pushes its calls with. */
export const PLATFORM_VARIABLE = "WANLIAN_PLATFORM_SECRET";
/** Half of a random UUID can be guessed; whoever sets it types it once. */
const LEAST_SECRET = 24;

const Path = Type.String({ minLength: 1, maxLength: 4096 });
/** Pino's, the most talkative first. */
const LOG_LEVELS = ["trace", "debug", "info", "warn", "error", "fatal"] as const;
const Host = Type.String({ pattern: "^[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?$" });
const Network = Type.String({ pattern: "^[0-9A-Fa-f.:]+(/[0-9]{1,3})?$", maxLength: 50 });
const Address = Type.String({ pattern: "^[^\\s/]+:[0-9]{1,5}$", maxLength: 300 });

/** One JSON file; paths in it are relative to it. */
const NodeConfigFile = Type.Object(
  {
    /** MSP id. */
    department: Type.String({ pattern: MSP_ID_PATTERN }),
    channel: Type.String({ minLength: 1, maxLength: 249 }),
    chaincode: Type.String({ minLength: 1, maxLength: 100 }),
    gateway: Type.Object(
      {
        /** host:port of the own department's peer. */
        address: Address,
        /** PEM files. */
        tlsRootCerts: Type.Union([Path, Type.Array(Path, { minItems: 1 })]),
        /** Where the peer's certificate does not name the address's host. */
        serverName: Type.Optional(Type.String()),
      },
      { additionalProperties: false },
    ),
    /**
     * How the node reaches the ledger: the peer's Gateway service (Fabric 2.4 and later), or, for older networks,
     * everything that it does by the optional package fabric-network.
     */
    connector: Type.Optional(Type.Enum(["gateway", "fabric-network"])),
    /** The node's own certificate and key, role `node`. */
    identity: Type.Object({ cert: Path, key: Path }, { additionalProperties: false }),
    dataDir: Path,
    /** host:port of the API. */
    listen: Address,
    /** Certificate (its chain after it) and key of the API and the page, PEM files; without them they go over HTTP. */
    tls: Type.Optional(Type.Object({ cert: Path, key: Path }, { additionalProperties: false })),
    /**
     * Names under which officers reach the node, without port; requests to others are refused. Addresses and localhost are
     * always taken.
     */
    hosts: Type.Optional(Type.Array(Host, { maxItems: 100 })),
    /** Addresses or networks (CIDR) of proxies before the node whose X-Forwarded-For and X-Forwarded-Proto are believed. */
    trustedProxies: Type.Optional(Type.Array(Network, { maxItems: 100 })),
    /** What is logged from which level on, and where: standard error unless a file is named. */
    log: Type.Optional(
      Type.Object(
        {
          level: Type.Optional(Type.Enum([...LOG_LEVELS])),
          file: Type.Optional(Path),
          /** A file grows to so much before it is put aside, compressed. Default 20. */
          megabytes: Type.Optional(Type.Integer({ minimum: 1, maximum: 10_000 })),
          /** So many of these are kept. Default 10. */
          kept: Type.Optional(Type.Integer({ minimum: 1, maximum: 1_000 })),
        },
        { additionalProperties: false },
      ),
    ),
    /** host:port of `/livez`, `/readyz` and `/metrics`, for those who run the machine; without it there are none. */
    operations: Type.Optional(Address),
    /** Folder of the officers' sealed keys. */
    officers: Path,
    /** Where the contract process looks for the numbers of void acts (its WANLIAN_VOID_FILE). */
    voidFile: Path,
    /** Exchange of data with other departments' nodes, and the log that accounts for it; without it there is neither. */
    exchange: Type.Optional(
      Type.Object(
        {
          /** host:port of the gateway for other departments' nodes. */
          listen: Address,
          /** The node's TLS certificate and key, PEM files. */
          tls: Type.Object({ cert: Path, key: Path }, { additionalProperties: false }),
          /** host:port of the other departments' gateways, by MSP id, where they do not say it on the ledger. */
          addresses: Type.Record(Type.String({ pattern: MSP_ID_PATTERN }), Address, { additionalProperties: false }),
        },
        { additionalProperties: false },
      ),
    ),
    /** The exchange platform that moves data beside the nodes; its calls stand in the log too. Needs `exchange`. */
    platform: Type.Optional(
      Type.Object(
        {
          /** As the departments agreed on it: both sides of a call have to name it alike. */
          name: Type.String({ minLength: 1, maxLength: 200 }),
          /** How its records are read (docs/formats/platform-call.md). */
          mapping: Type.Optional(CallMapping),
          /** Folder of files that it writes; each is followed. */
          folder: Type.Optional(Path),
          /** Of the files. Default UTF-8. */
          encoding: Type.Optional(Type.Enum(["utf-8", "gb18030"])),
          /** What comes so long after its time is noted as late. Default 24. */
          lateHours: Type.Optional(Type.Integer({ minimum: 1, maximum: 10_000 })),
        },
        { additionalProperties: false },
      ),
    ),
  },
  { additionalProperties: false },
);
type NodeConfigFile = Static<typeof NodeConfigFile>;

export interface NodeConfig extends Omit<NodeConfigFile, "gateway" | "log" | "platform"> {
  readonly log: { readonly level: (typeof LOG_LEVELS)[number]; readonly file: LogFile | undefined };
  readonly gateway: {
    readonly address: string;
    readonly tlsRootCerts: readonly string[];
    readonly serverName: string | undefined;
  };
  readonly platform: PlatformSettings | undefined;
  /** PostgreSQL connection string; embedded SQL if undefined. */
  readonly databaseUrl: string | undefined;
}

/** @throws NodeError CONFIGURATION, in one sentence that names the place */
export async function readConfig(file: string, environment: NodeJS.ProcessEnv): Promise<NodeConfig> {
  const value = await readJson(file);
  if (!Check(NodeConfigFile, value)) {
    const [, errors] = Errors(NodeConfigFile, value);
    const [first] = errors;
    throw new NodeError(
      "CONFIGURATION",
      `${file}: ${first?.instancePath || "the file"} ${first?.message ?? "does not fit"}.`,
    );
  }
  const config = value as NodeConfigFile;
  const at = (path: string) => resolve(dirname(file), path);
  const { address, tlsRootCerts, serverName } = config.gateway;
  const { exchange, tls } = config;
  const exchangeTls = exchange && { cert: at(exchange.tls.cert), key: at(exchange.tls.key) };
  return {
    ...config,
    ...(exchange === undefined || exchangeTls === undefined ? {} : { exchange: { ...exchange, tls: exchangeTls } }),
    ...(tls === undefined ? {} : { tls: { cert: at(tls.cert), key: at(tls.key) } }),
    gateway: { address, tlsRootCerts: [tlsRootCerts].flat().map(at), serverName },
    log: logConfig(config.log, at),
    identity: { cert: at(config.identity.cert), key: at(config.identity.key) },
    dataDir: at(config.dataDir),
    officers: at(config.officers),
    voidFile: at(config.voidFile),
    platform: platformConfig(config, at, environment[PLATFORM_VARIABLE]),
    databaseUrl: environment[DATABASE_VARIABLE],
  };
}

function logConfig(log: NodeConfigFile["log"] = {}, at: (path: string) => string): NodeConfig["log"] {
  const { level = "info", file, megabytes = 20, kept = 10 } = log;
  return { level, file: file === undefined ? undefined : { path: at(file), megabytes, kept } };
}

/** @throws NodeError CONFIGURATION */
function platformConfig(
  { platform, exchange }: NodeConfigFile,
  at: (path: string) => string,
  secret: string | undefined,
): PlatformSettings | undefined {
  if (platform === undefined) return undefined;
  if (exchange === undefined)
    throw new NodeError("CONFIGURATION", "/platform needs /exchange: calls stand in its log.");
  if (secret !== undefined && secret.length < LEAST_SECRET) {
    throw new NodeError("CONFIGURATION", `${PLATFORM_VARIABLE} has fewer than ${LEAST_SECRET} characters.`);
  }
  const { name, mapping = {}, folder, encoding = "utf-8", lateHours = 24 } = platform;
  return { name, mapping, encoding, lateHours, secret, folder: folder === undefined ? undefined : at(folder) };
}

async function readJson(file: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(file, "utf8"));
  } catch (cause) {
    throw new NodeError("CONFIGURATION", `the configuration ${file} cannot be read: ${messageOf(cause)}.`, { cause });
  }
}
