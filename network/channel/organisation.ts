import { AnchorPeers, type ConfigGroup, OrdererAddresses } from "@wanlian/protocol/messages/configuration.js";
import { FabricMSPConfig, MSPConfig } from "@wanlian/protocol/messages/msp.js";
import type { PublicMsp } from "../certificates/msp-folder.js";
import { type Department, hostAndPort } from "../topology/topology.js";
import { configGroup } from "./group.js";
import { anyOf, POLICY } from "./policies.js";

/** MSPConfig.type of an X.509 MSP. */
const X509_MSP = 0;

/** An organisation's MSP as the channel configuration holds it: public certificates, NodeOUs on, certifier the first root. */
export function encodeMsp(mspId: string, msp: PublicMsp): Uint8Array {
  // Of two roots, while one takes the other's place, either certifies the units.
  const [root = ""] = msp.rootCertificates;
  const certifier = msp.rootCertificates.length === 1 ? root : "";
  const unit = (name: string) => ({ certificate: Buffer.from(certifier), organizationalUnitIdentifier: name });
  return MSPConfig.encode({
    type: X509_MSP,
    config: FabricMSPConfig.encode({
      name: mspId,
      rootCerts: msp.rootCertificates.map(bytes),
      intermediateCerts: msp.intermediateCertificates.map(bytes),
      revocationList: msp.revocationLists.map(bytes),
      tlsRootCerts: msp.tlsRootCertificates.map(bytes),
      tlsIntermediateCerts: msp.tlsIntermediateCertificates.map(bytes),
      cryptoConfig: { signatureHashFamily: "SHA2", identityIdentifierHashFunction: "SHA256" },
      fabricNodeOus: {
        enable: true,
        clientOuIdentifier: unit("client"),
        peerOuIdentifier: unit("peer"),
        adminOuIdentifier: unit("admin"),
        ordererOuIdentifier: unit("orderer"),
      },
    }),
  });
}

/** Where the others find a department's peers. */
export function encodePeers(peers: Department["peers"]): Uint8Array {
  return AnchorPeers.encode({ anchorPeers: peers.map((peer) => hostAndPort(peer.address)) });
}

/** A department's group: who it is, where its peers are found, who may speak for it. */
export function departmentGroup(department: Pick<Department, "mspId" | "peers">, msp: PublicMsp): ConfigGroup {
  const { mspId, peers } = department;
  return configGroup({
    values: { MSP: encodeMsp(mspId, msp), AnchorPeers: encodePeers(peers) },
    policies: {
      [POLICY.readers]: anyOf(mspId, "ADMIN", "PEER", "CLIENT"),
      [POLICY.writers]: anyOf(mspId, "ADMIN", "CLIENT"),
      [POLICY.admins]: anyOf(mspId, "ADMIN"),
      [POLICY.endorsement]: anyOf(mspId, "PEER"),
    },
  });
}

/** The group of an organisation that runs orderers at `addresses`. Its orderers write (configuration blocks), its clients do not. */
export function ordererGroup(mspId: string, msp: PublicMsp, addresses: readonly string[]): ConfigGroup {
  return configGroup({
    values: { MSP: encodeMsp(mspId, msp), Endpoints: OrdererAddresses.encode({ addresses: [...addresses] }) },
    policies: {
      [POLICY.readers]: anyOf(mspId, "ADMIN", "ORDERER"),
      [POLICY.writers]: anyOf(mspId, "ADMIN", "ORDERER"),
      [POLICY.admins]: anyOf(mspId, "ADMIN"),
      [POLICY.blockSigners]: anyOf(mspId, "ORDERER"),
    },
  });
}

function bytes(pem: string): Uint8Array {
  return Buffer.from(pem);
}
