import { stringify } from "yaml";
import { hostAndPort, type OrdererPlace } from "../topology/topology.js";

/** Where an orderer's files lie. All paths are absolute. */
export interface OrdererFolders {
  /** msp/ and tls/ as `Organisation.addOrderer` writes them. */
  readonly certificates: string;
  readonly data: string;
}

/** The largest configuration block that a channel's participants may be made with. */
const MAX_JOIN_REQUEST = "10 MB";
const ANY_LOOPBACK_PORT = "127.0.0.1:0";

/** orderer.yaml of a native orderer: no system channel, administered by channel participation over mutual TLS. */
export function ordererConfig(place: OrdererPlace, folders: OrdererFolders): string {
  const { host, port } = hostAndPort(place.address);
  const certificate = `${folders.certificates}/tls/cert.pem`;
  const key = `${folders.certificates}/tls/key.pem`;
  const roots = [`${folders.certificates}/tls/ca.pem`];
  return stringify({
    General: {
      ListenAddress: host,
      ListenPort: port,
      TLS: { Enabled: true, PrivateKey: key, Certificate: certificate, RootCAs: roots, ClientAuthRequired: false },
      Keepalive: { ServerMinInterval: "60s", ServerInterval: "7200s", ServerTimeout: "20s" },
      Cluster: { SendBufferSize: 100, ClientCertificate: certificate, ClientPrivateKey: key, RootCAs: roots },
      BootstrapMethod: "none", // Fabric 2.5 would look for a system channel's genesis block otherwise
      LocalMSPDir: `${folders.certificates}/msp`,
      LocalMSPID: place.organisation,
      BCCSP: { Default: "SW", SW: { Hash: "SHA2", Security: 256, FileKeyStore: { KeyStore: null } } },
      Authentication: { TimeWindow: "15m" },
    },
    FileLedger: { Location: `${folders.data}/ledger` },
    Consensus: { WALDir: `${folders.data}/wal`, SnapDir: `${folders.data}/snapshots` },
    Operations: { ListenAddress: place.operations ?? ANY_LOOPBACK_PORT, TLS: { Enabled: false } },
    Metrics: { Provider: "prometheus" },
    Admin: {
      ListenAddress: place.administration,
      TLS: { Enabled: true, Certificate: certificate, PrivateKey: key, ClientAuthRequired: true, ClientRootCAs: roots },
    },
    ChannelParticipation: { Enabled: true, MaxRequestBodySize: MAX_JOIN_REQUEST },
  });
}
