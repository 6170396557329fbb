/** Identities and MSP definitions: msp/identities.proto, msp/msp_config.proto (X.509 only). */
import { bool, bytes, type Decoded, int32, message, nested, repeated, repeatedNested, string } from "../codec.js";

export const SerializedIdentity = message({ mspid: string(1), idBytes: bytes(2) });
export type SerializedIdentity = Decoded<typeof SerializedIdentity>;

export const MSPConfig = message({ type: int32(1), config: bytes(2) });
export type MSPConfig = Decoded<typeof MSPConfig>;

export const KeyInfo = message({ keyIdentifier: string(1), keyMaterial: bytes(2) });
export type KeyInfo = Decoded<typeof KeyInfo>;

export const SigningIdentityInfo = message({ publicSigner: bytes(1), privateSigner: nested(2, KeyInfo) });
export type SigningIdentityInfo = Decoded<typeof SigningIdentityInfo>;

export const FabricOUIdentifier = message({ certificate: bytes(1), organizationalUnitIdentifier: string(2) });
export type FabricOUIdentifier = Decoded<typeof FabricOUIdentifier>;

export const FabricCryptoConfig = message({
  signatureHashFamily: string(1),
  identityIdentifierHashFunction: string(2),
});
export type FabricCryptoConfig = Decoded<typeof FabricCryptoConfig>;

export const FabricNodeOUs = message({
  enable: bool(1),
  clientOuIdentifier: nested(2, FabricOUIdentifier),
  peerOuIdentifier: nested(3, FabricOUIdentifier),
  adminOuIdentifier: nested(4, FabricOUIdentifier),
  ordererOuIdentifier: nested(5, FabricOUIdentifier),
});
export type FabricNodeOUs = Decoded<typeof FabricNodeOUs>;

export const FabricMSPConfig = message({
  name: string(1),
  rootCerts: repeated(bytes(2)),
  intermediateCerts: repeated(bytes(3)),
  admins: repeated(bytes(4)),
  revocationList: repeated(bytes(5)),
  signingIdentity: nested(6, SigningIdentityInfo),
  organizationalUnitIdentifiers: repeatedNested(7, FabricOUIdentifier),
  cryptoConfig: nested(8, FabricCryptoConfig),
  tlsRootCerts: repeated(bytes(9)),
  tlsIntermediateCerts: repeated(bytes(10)),
  fabricNodeOus: nested(11, FabricNodeOUs),
});
export type FabricMSPConfig = Decoded<typeof FabricMSPConfig>;
