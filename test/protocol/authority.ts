import { createHash, createPublicKey, generateKeyPairSync, type KeyObject, sign } from "node:crypto";
import { utf8 } from "@wanlian/protocol/bytes.js";
import type { Encodable } from "@wanlian/protocol/codec.js";
import { encodeDer, encodeUnsigned, Tag } from "@wanlian/protocol/identities/der.js";
import { curveOf, encodeSignature, parseSignature } from "@wanlian/protocol/identities/ecdsa.js";
import { encodePem } from "@wanlian/protocol/identities/pem.js";
import { FabricMSPConfig, MSPConfig, SerializedIdentity } from "@wanlian/protocol/messages/msp.js";

/** Makes certificates of every kind, also those that no decent authority makes. */

export interface CertificateOptions {
  readonly units?: readonly string[];
  readonly ca?: boolean;
  /** Object identifiers as DER content in hex. */
  readonly extendedKeyUsages?: readonly string[];
  readonly notBefore?: Date;
  readonly notAfter?: Date;
  readonly serial?: bigint;
  readonly key?: "P-256" | "P-384" | "ed25519";
  /** The signature in the larger of its two forms. */
  readonly highS?: boolean;
}

export interface Issued {
  readonly pem: string;
  readonly der: Uint8Array;
  readonly privateKey: KeyObject;
}

export const SERVER_AUTH = "2b06010505070301";
export const CLIENT_AUTH = "2b06010505070302";

const P256_ORDER = curveOf("1.2.840.10045.3.1.7")?.order ?? 0n;
const ECDSA_SHA256 = encodeDer(Tag.SEQUENCE, Buffer.from("06082a8648ce3d040302", "hex"));
const DAY = 86_400_000;

/** An authority; its first certificate signs itself. */
export class TestAuthority {
  readonly name: string;
  readonly own: Issued;

  private constructor(name: string, own: Issued) {
    this.name = name;
    this.own = own;
  }

  static root(name: string, options: CertificateOptions = {}): TestAuthority {
    const privateKey = newKey("P-256");
    const own = issue(name, name, privateKey, privateKey, { ca: true, ...options });
    return new TestAuthority(name, own);
  }

  /** An authority below this one. */
  intermediate(name: string, options: CertificateOptions = {}): TestAuthority {
    return new TestAuthority(name, this.issue(name, { ca: true, ...options }));
  }

  issue(name: string, options: CertificateOptions = {}): Issued {
    return issue(name, this.name, newKey(options.key ?? "P-256"), this.own.privateKey, options);
  }

  /** A revocation list; without the identifier of its issuer's key if so wished. */
  revoke(serials: readonly bigint[], keyId: "with key id" | "without key id" = "with key id"): string {
    const extension = encodeDer(
      Tag.SEQUENCE,
      Buffer.from("0603551d23", "hex"),
      encodeDer(Tag.OCTET_STRING, encodeDer(Tag.SEQUENCE, encodeDer(0x80, subjectKeyId(this.own.privateKey)))),
    );
    const entries = serials.map((serial) => encodeDer(Tag.SEQUENCE, encodeUnsigned(serial), time(new Date())));
    const tbs = encodeDer(
      Tag.SEQUENCE,
      encodeUnsigned(1n),
      ECDSA_SHA256,
      nameOf(this.name, []),
      time(new Date()),
      ...(entries.length > 0 ? [encodeDer(Tag.SEQUENCE, ...entries)] : []),
      ...(keyId === "with key id" ? [encodeDer(0xa0, encodeDer(Tag.SEQUENCE, extension))] : []),
    );
    return encodePem("X509 CRL", seal(tbs, this.own.privateKey));
  }
}

export function newKey(kind: "P-256" | "P-384" | "ed25519"): KeyObject {
  if (kind === "ed25519") return generateKeyPairSync("ed25519").privateKey;
  return generateKeyPairSync("ec", { namedCurve: kind }).privateKey;
}

function issue(
  name: string,
  issuer: string,
  privateKey: KeyObject,
  signer: KeyObject,
  options: CertificateOptions,
): Issued {
  const now = Date.now();
  const tbs = encodeDer(
    Tag.SEQUENCE,
    encodeDer(0xa0, encodeUnsigned(2n)),
    encodeUnsigned(options.serial ?? BigInt(Math.floor(Math.random() * 1e15))),
    ECDSA_SHA256,
    nameOf(issuer, []),
    encodeDer(
      Tag.SEQUENCE,
      time(options.notBefore ?? new Date(now - 60_000)),
      time(options.notAfter ?? new Date(now + DAY)),
    ),
    nameOf(name, options.units ?? []),
    publicKeyInfo(privateKey),
    encodeDer(0xa3, encodeDer(Tag.SEQUENCE, ...extensions(privateKey, signer, options))),
  );
  const der = seal(tbs, signer, options.highS === true ? "high S" : "low S");
  return { der, pem: encodePem("CERTIFICATE", der), privateKey };
}

function extensions(own: KeyObject, signer: KeyObject, options: CertificateOptions): Uint8Array[] {
  const extension = (oid: string, value: Uint8Array): Uint8Array =>
    encodeDer(
      Tag.SEQUENCE,
      encodeDer(Tag.OBJECT_IDENTIFIER, Buffer.from(oid, "hex")),
      encodeDer(Tag.OCTET_STRING, value),
    );
  const list = [
    extension("551d0e", encodeDer(Tag.OCTET_STRING, subjectKeyId(own))),
    extension("551d23", encodeDer(Tag.SEQUENCE, encodeDer(0x80, subjectKeyId(signer)))),
  ];
  const ca = options.ca === true ? [encodeDer(Tag.BOOLEAN, Uint8Array.of(0xff))] : [];
  list.push(extension("551d13", encodeDer(Tag.SEQUENCE, ...ca)));
  if (options.extendedKeyUsages !== undefined) {
    const usages = options.extendedKeyUsages.map((oid) => encodeDer(Tag.OBJECT_IDENTIFIER, Buffer.from(oid, "hex")));
    list.push(extension("551d25", encodeDer(Tag.SEQUENCE, ...usages)));
  }
  return list;
}

function nameOf(commonName: string, units: readonly string[]): Uint8Array {
  const attribute = (oid: string, value: string): Uint8Array =>
    encodeDer(
      Tag.SET,
      encodeDer(Tag.SEQUENCE, encodeDer(Tag.OBJECT_IDENTIFIER, Buffer.from(oid, "hex")), encodeDer(0x0c, utf8(value))),
    );
  return encodeDer(Tag.SEQUENCE, ...units.map((unit) => attribute("55040b", unit)), attribute("550403", commonName));
}

const time = (date: Date): Uint8Array =>
  encodeDer(Tag.GENERALIZED_TIME, utf8(`${date.toISOString().replaceAll(/[-:T]|\.\d+Z/g, "")}Z`));

const publicKeyInfo = (privateKey: KeyObject): Uint8Array =>
  new Uint8Array(createPublicKey(privateKey).export({ type: "spki", format: "der" }));

const subjectKeyId = (privateKey: KeyObject): Uint8Array =>
  new Uint8Array(createHash("sha256").update(publicKeyInfo(privateKey)).digest().subarray(0, 20));

function seal(tbs: Uint8Array, key: KeyObject, form: "low S" | "high S" = "low S"): Uint8Array {
  const signature = inForm(new Uint8Array(sign("sha256", tbs, key)), form);
  return encodeDer(Tag.SEQUENCE, tbs, ECDSA_SHA256, encodeDer(Tag.BIT_STRING, Uint8Array.of(0), signature));
}

/** An ECDSA P-256 signature in DER with the smaller or the larger S. */
export function inForm(der: Uint8Array, form: "low S" | "high S"): Uint8Array {
  const { r, s } = parseSignature(der);
  const other = P256_ORDER - s;
  const small = s < other ? s : other;
  return encodeSignature({ r, s: form === "low S" ? small : P256_ORDER - small });
}

/** What an identity signs: low S, as Fabric demands. */
export const signLow = (data: Uint8Array, key: KeyObject): Uint8Array =>
  inForm(new Uint8Array(sign("sha256", data, key)), "low S");

export const serialized = (mspid: string, { pem }: Issued): Uint8Array =>
  SerializedIdentity.encode({ mspid, idBytes: utf8(pem) });

/** An MSP with NodeOUs; what is given replaces parts of it. */
export function mspConfig(
  name: string,
  roots: readonly TestAuthority[],
  parts: Encodable<FabricMSPConfig> = {},
): MSPConfig {
  const unit = (organizationalUnitIdentifier: string) => ({ organizationalUnitIdentifier });
  return MSPConfig.create({
    config: FabricMSPConfig.encode({
      name,
      rootCerts: roots.map((root) => utf8(root.own.pem)),
      fabricNodeOus: {
        enable: true,
        clientOuIdentifier: unit("client"),
        peerOuIdentifier: unit("peer"),
        adminOuIdentifier: unit("admin"),
        ordererOuIdentifier: unit("orderer"),
      },
      ...parts,
    }),
  });
}
