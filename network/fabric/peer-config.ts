import { stringify } from "yaml";
import type { PeerPlace } from "../topology/topology.js";
import type { FabricBinaries } from "./binaries.js";

/** Where a peer's files lie. All paths are absolute. */
export interface PeerFolders {
  /** msp/ and tls/ as `Organisation.addPeer` writes them. */
  readonly certificates: string;
  readonly data: string;
  /** Fabric's own programs: the external builder for chaincode as a service, and which checks they have. */
  readonly binaries: Pick<FabricBinaries, "builder" | "version">;
}

/** Fabric's own limit for messages; our RPC clients and servers have the same. */
const MAX_MESSAGE_SIZE = 100 * 1024 * 1024;

/**
 * core.yaml of a native peer: only what differs from what Fabric does by itself, or what it would do nothing without. Every
 * listener has the topology's address, none is open to all interfaces, and no check is switched off.
 */
export function peerConfig(mspId: string, place: PeerPlace, folders: PeerFolders): string {
  const tls = (file: string) => ({ file: `${folders.certificates}/tls/${file}` });
  return stringify({
    peer: {
      id: `${place.name}.${mspId}`,
      networkId: "wanlian",
      listenAddress: place.address,
      address: place.address,
      // Chaincodes that dial in are not used; on its default port peers of one host would collide.
      chaincodeListenAddress: ANY_LOOPBACK_PORT,
      localMspId: mspId,
      localMspType: "bccsp",
      mspConfigPath: `${folders.certificates}/msp`,
      fileSystemPath: folders.data,
      tls: {
        enabled: true,
        clientAuthRequired: false,
        cert: tls("cert.pem"),
        key: tls("key.pem"),
        rootcert: tls("ca.pem"),
      },
      BCCSP: { Default: "SW", SW: { Hash: "SHA2", Security: 256, FileKeyStore: { KeyStore: null } } },
      authentication: { timewindow: "15m" },
      handlers: {
        authFilters: authFilters(folders.binaries.version),
        decorators: [{ name: "DefaultDecorator" }],
        endorsers: { escc: { name: "DefaultEndorsement" } },
        validators: { vscc: { name: "DefaultValidation" } },
      },
      gateway: {
        enabled: place.gateway !== "off",
        endorsementTimeout: "30s",
        broadcastTimeout: "30s",
        dialTimeout: "2m",
      },
      discovery: { enabled: true, authCacheEnabled: true, authCacheMaxSize: 1000, authCachePurgeRetentionRatio: 0.75 },
      limits: { concurrency: { endorserService: 2500, deliverService: 2500, gatewayService: 500 } },
      keepalive: {
        interval: "7200s",
        timeout: "20s",
        minInterval: "60s",
        client: { interval: "60s", timeout: "20s" },
        deliveryClient: { interval: "60s", timeout: "20s" },
      },
      maxRecvMsgSize: MAX_MESSAGE_SIZE,
      maxSendMsgSize: MAX_MESSAGE_SIZE,
      client: { connTimeout: "3s" },
      deliveryclient: { ...deliveryClient() },
      gossip: gossip(place),
    },
    vm: { endpoint: "" },
    chaincode: {
      externalBuilders: [{ name: "ccaas", path: folders.binaries.builder }],
      installTimeout: "300s",
      startuptimeout: "300s",
      executetimeout: "30s",
      mode: "net",
      keepalive: 0,
      system: { _lifecycle: "enable", cscc: "enable", lscc: "enable", qscc: "enable" },
      logging: { level: "info", shim: "warning" },
    },
    ledger: {
      state: { stateDatabase: "goleveldb", totalQueryLimit: 100_000 },
      history: { enableHistoryDatabase: true },
      snapshots: { rootDir: `${folders.data}/snapshots` },
    },
    operations: { listenAddress: place.operations ?? ANY_LOOPBACK_PORT, tls: { enabled: false } },
    metrics: { provider: "prometheus" },
  });
}

/** Every filter that the release has. Fabric 2.5 has none for a proposal's timestamp, and ends at once if one is named. */
function authFilters(version: string): { name: string }[] {
  const common = [{ name: "DefaultAuth" }, { name: "ExpirationCheck" }];
  return version.startsWith("2.") ? common : [...common, { name: "TimeWindowCheck" }];
}

/** Where the topology names no operations port, the peer takes a free one; its default would collide on one host. */
const ANY_LOOPBACK_PORT = "127.0.0.1:0";

/** Each peer fetches blocks from the orderers by itself, as the embedded ones do; gossip only tells who is there. */
function gossip({ address }: PeerPlace) {
  return {
    bootstrap: address,
    endpoint: address,
    externalEndpoint: address,
    useLeaderElection: false,
    orgLeader: true,
    state: {
      enabled: false,
      checkInterval: "10s",
      responseTimeout: "3s",
      batchSize: 10,
      blockBufferSize: 20,
      maxRetries: 3,
    },
    // A peer that others could not reach when they started is tried again soon, not after Fabric's 25 s.
    reconnectInterval: "2s",
    aliveTimeInterval: "2s",
    publishStateInfoInterval: "2s",
    requestStateInfoInterval: "2s",
    publishCertPeriod: "10s",
    dialTimeout: "3s",
    connTimeout: "2s",
    pvtData: {
      pullRetryThreshold: "10s",
      transientstoreMaxBlockRetention: 20_000,
      pushAckTimeout: "3s",
      btlPullMargin: 10,
      reconcileBatchSize: 10,
      reconcileSleepInterval: "1m",
      reconciliationEnabled: true,
      implicitCollectionDisseminationPolicy: { requiredPeerCount: 0, maxPeerCount: 1 },
    },
  };
}

function deliveryClient() {
  return {
    blockGossipEnabled: false,
    reconnectTotalTimeThreshold: "3600s",
    connTimeout: "3s",
    reConnectBackoffThreshold: "3600s",
    minimalReconnectInterval: "100ms",
    blockCensorshipTimeoutKey: "30s",
    policy: "cluster",
  };
}
