import { createHash } from "node:crypto";
import { equalBytes, toHex } from "../bytes.js";
import { ProtocolError } from "../errors.js";
import { FabricMSPConfig, type FabricOUIdentifier, type MSPConfig, SerializedIdentity } from "../messages/msp.js";
import { Certificate } from "./certificate.js";
import { buildChains, CertificatePool, type TrustAnchors } from "./chain.js";
import { identifierHash, signatureHash } from "./hash-names.js";
import type { Identity } from "./identity.js";
import { RevocationList } from "./revocation.js";
import { X509Identity } from "./x509-identity.js";

/** Identities kept in memory by an MSP; beyond it the memory starts anew. More than a large department has officers. */
const MAX_CACHED_IDENTITIES = 4000;

/** Certificates in PEM above this are not kept: real ones take one to two kilobytes, and anybody can send a large one. */
const MAX_CACHED_PEM_BYTES = 8192;

/** An organizational unit and the hash of the chain that must certify it; absent: any. */
export interface CertifiedUnit {
  readonly name: string;
  readonly certifier: Uint8Array | undefined;
}

/** The units that tell clients, peers, admins and orderers apart (NodeOUs). */
export interface NodeUnits {
  readonly client: CertifiedUnit | undefined;
  readonly peer: CertifiedUnit | undefined;
  readonly admin: CertifiedUnit | undefined;
  readonly orderer: CertifiedUnit | undefined;
}

/** Which generation of Fabric's MSP rules applies: `v3` adds Ed25519 (channel capability V3_0). */
export type MspRules = "v1_4_3" | "v3";

/** An organization's X.509 MSP under the rules of channel capabilities V2_0 and V3_0. */
export class Msp {
  readonly id: string;
  readonly rules: MspRules;
  readonly config: FabricMSPConfig;
  readonly signatureHash: string;
  readonly anchors: TrustAnchors;
  readonly revocationLists: readonly RevocationList[];
  /** Units of which an identity must have one, by name, each with the certifiers that count. Empty: no such demand. */
  readonly requiredUnits: ReadonlyMap<string, readonly Uint8Array[]>;
  /** Set when NodeOUs are enabled. */
  readonly nodeUnits: NodeUnits | undefined;
  readonly #identifierHash: string;
  readonly #adminUnitDefined: boolean;
  readonly #admins: readonly X509Identity[];
  /** Hex of CA certificates that have an intermediate below them: these may not issue identities. */
  readonly #innerAuthorities: ReadonlySet<string>;
  readonly #cache = new Map<string, X509Identity>();

  /** @throws ProtocolError INVALID_CONFIGURATION, INVALID_IDENTITY or MALFORMED with what is wrong. */
  constructor(config: MSPConfig, rules: MspRules) {
    if (config.type !== 0) throw wrong(`MSP type ${config.type} is not supported, only X.509`);
    const definition = FabricMSPConfig.decode(config.config);
    this.id = definition.name;
    this.config = definition;
    this.rules = rules;
    this.signatureHash = signatureHash(definition.cryptoConfig?.signatureHashFamily);
    this.#identifierHash = identifierHash(definition.cryptoConfig?.identityIdentifierHashFunction);
    this.anchors = this.#readAuthorities();
    this.revocationLists = definition.revocationList.map((list) => new RevocationList(list));
    this.#checkAuthorities(this.anchors);
    this.#innerAuthorities = this.#findInnerAuthorities();
    this.#checkAuthorities({
      roots: new CertificatePool(definition.tlsRootCerts.map((pem) => Certificate.fromPem(pem))),
      intermediates: new CertificatePool(definition.tlsIntermediateCerts.map((pem) => Certificate.fromPem(pem))),
    });
    this.requiredUnits = this.#readRequiredUnits();
    const units = this.#readNodeUnits();
    this.#adminUnitDefined = units?.admin !== undefined;
    this.nodeUnits = definition.fabricNodeOus?.enable === true ? units : undefined;
    this.#admins = definition.admins.map((pem) => this.#identity(Certificate.fromPem(pem)));
    this.#checkAdmins();
  }

  /**
   * The identity in an X.509 certificate in PEM.
   * @throws ProtocolError when it cannot be read or does not chain up to this MSP's authorities.
   */
  identityOf(pem: Uint8Array): Identity {
    const key = Buffer.from(pem.buffer, pem.byteOffset, pem.length).toString("latin1");
    const known = this.#cache.get(key);
    if (known !== undefined) return known;
    const identity = this.#identity(Certificate.fromPem(pem));
    if (pem.length > MAX_CACHED_PEM_BYTES) return identity;
    if (this.#cache.size >= MAX_CACHED_IDENTITIES) this.#cache.clear();
    this.#cache.set(key, identity);
    return identity;
  }

  /** The identity in a serialized identity of this MSP. */
  deserialize(serialized: Uint8Array): Identity {
    const { mspid, idBytes } = SerializedIdentity.decode(serialized);
    if (mspid !== this.id) throw new ProtocolError("INVALID_IDENTITY", `identity of MSP ${mspid}, not ${this.id}`);
    return this.identityOf(idBytes);
  }

  isExplicitAdmin(certificate: Certificate): boolean {
    return this.#admins.some((admin) => admin.certificate.equals(certificate));
  }

  mayIssueIdentities(authority: Certificate): boolean {
    return !this.#innerAuthorities.has(toHex(authority.raw));
  }

  /** Identifier of a chain: hash over its certificates, the issuing one first. */
  certifierId(chain: readonly Certificate[]): Uint8Array {
    const hash = createHash(this.#identifierHash);
    for (const certificate of chain) hash.update(certificate.raw);
    return new Uint8Array(hash.digest());
  }

  /** Whether a revocation list of the certificate's issuer lists it. */
  revoked(certificate: Certificate, issuer: Certificate): boolean {
    const subjectKeyId = issuer.subjectKeyId;
    if (subjectKeyId === undefined) throw wrong(`a certificate authority of ${this.id} has no subject key identifier`);
    return this.revocationLists.some((list) => {
      if (list.authorityKeyId === undefined)
        throw wrong(`a revocation list of ${this.id} has no authority key identifier`);
      return equalBytes(list.authorityKeyId, subjectKeyId) && list.lists(certificate) && issuer.signed(list);
    });
  }

  /** The one chain to a root, or why there is none (or more than one, which Fabric refuses too). */
  chainOf(certificate: Certificate, anchors: TrustAnchors = this.anchors): readonly Certificate[] {
    const [chain, ...others] = buildChains(certificate, anchors);
    if (chain === undefined) {
      throw new ProtocolError(
        "INVALID_IDENTITY",
        `certificate of ${certificate.commonName} does not chain up to ${this.id}`,
      );
    }
    if (others.length > 0) throw new ProtocolError("INVALID_IDENTITY", "more than one certificate chain");
    return chain;
  }

  #identity(certificate: Certificate): X509Identity {
    const normal = this.#normalize(certificate, this.anchors);
    return new X509Identity(this, normal, this.#identify(normal));
  }

  /** The certificate in low S (Fabric's sanitizeCert), which takes a chain; an authority signed by itself is its own. */
  #normalize(certificate: Certificate, anchors: TrustAnchors): Certificate {
    if (!certificate.ecdsaSigned) return certificate;
    if (certificate.isCa && certificate.signed(certificate)) {
      const own = certificate.withLowS(certificate);
      this.chainOf(own, { roots: new CertificatePool([own]), intermediates: anchors.intermediates });
      return own;
    }
    const [, issuer] = this.chainOf(certificate, anchors);
    if (issuer === undefined)
      throw wrong(`root certificate ${certificate.commonName} of ${this.id} is not signed by itself`);
    return certificate.withLowS(issuer);
  }

  #identify(certificate: Certificate): string {
    return createHash(this.#identifierHash).update(certificate.raw).digest("hex");
  }

  #readAuthorities(): TrustAnchors {
    if (this.config.rootCerts.length === 0) throw wrong(`MSP ${this.id} has no root certificate`);
    const given = {
      roots: new CertificatePool(this.config.rootCerts.map((pem) => Certificate.fromPem(pem))),
      intermediates: new CertificatePool(this.config.intermediateCerts.map((pem) => Certificate.fromPem(pem))),
    };
    const normalize = (pool: CertificatePool): CertificatePool =>
      new CertificatePool(pool.certificates.map((certificate) => this.#normalize(certificate, given)));
    return { roots: normalize(given.roots), intermediates: normalize(given.intermediates) };
  }

  #checkAuthorities(anchors: TrustAnchors): void {
    for (const authority of [...anchors.roots.certificates, ...anchors.intermediates.certificates]) {
      if (!authority.isCa) throw wrong(`${authority.commonName} of ${this.id} is not a certificate authority`);
      if (authority.subjectKeyId === undefined)
        throw wrong(`${authority.commonName} of ${this.id} has no subject key id`);
      const issuer = this.chainOf(authority, anchors)[1];
      if (issuer !== undefined && this.revoked(authority, issuer)) {
        throw wrong(`certificate authority ${authority.commonName} of ${this.id} is revoked`);
      }
    }
  }

  #findInnerAuthorities(): ReadonlySet<string> {
    const chains = this.anchors.intermediates.certificates.map((certificate) => this.chainOf(certificate).slice(1));
    return new Set(chains.flat().map((certificate) => toHex(certificate.raw)));
  }

  #readRequiredUnits(): ReadonlyMap<string, readonly Uint8Array[]> {
    const units = new Map<string, Uint8Array[]>();
    for (const { organizationalUnitIdentifier: name, certificate } of this.config.organizationalUnitIdentifiers) {
      units.set(name, [...(units.get(name) ?? []), this.#certifier(certificate)]);
    }
    return units;
  }

  #readNodeUnits(): NodeUnits | undefined {
    const given = this.config.fabricNodeOus;
    if (given === undefined) return undefined;
    const unit = (identifier: FabricOUIdentifier | undefined): CertifiedUnit | undefined =>
      identifier && {
        name: identifier.organizationalUnitIdentifier,
        certifier: identifier.certificate.length === 0 ? undefined : this.#certifier(identifier.certificate),
      };
    const units = {
      client: unit(given.clientOuIdentifier),
      peer: unit(given.peerOuIdentifier),
      admin: unit(given.adminOuIdentifier),
      orderer: unit(given.ordererOuIdentifier),
    };
    return Object.values(units).some((one) => one !== undefined) ? units : undefined;
  }

  #certifier(pem: Uint8Array): Uint8Array {
    const certificate = this.#normalize(Certificate.fromPem(pem), this.anchors);
    if (this.anchors.roots.has(certificate)) return this.certifierId([certificate]);
    if (!this.anchors.intermediates.has(certificate)) {
      throw wrong(
        `an organizational unit of ${this.id} names ${certificate.commonName}, which is none of its authorities`,
      );
    }
    if (!this.mayIssueIdentities(certificate)) {
      throw wrong(`an organizational unit of ${this.id} names an authority with another below it`);
    }
    return this.certifierId(this.chainOf(certificate));
  }

  #checkAdmins(): void {
    if (this.#admins.length === 0 && (this.nodeUnits === undefined || !this.#adminUnitDefined)) {
      throw wrong(`MSP ${this.id} names neither administrators nor a unit that makes one`);
    }
    for (const admin of this.#admins) {
      if (this.nodeUnits === undefined) admin.validate();
      else if (!admin.hasUnit(this.nodeUnits.client) && !admin.hasUnit(this.nodeUnits.admin)) {
        throw wrong(`an administrator of ${this.id} has neither the client nor the admin unit`);
      }
    }
  }
}

const wrong = (message: string): ProtocolError => new ProtocolError("INVALID_CONFIGURATION", message);
