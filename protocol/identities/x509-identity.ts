import { equalBytes } from "../bytes.js";
import { ProtocolError } from "../errors.js";
import type { MSPPrincipal } from "../messages/policies.js";
import type { Certificate } from "./certificate.js";
import type { Identity } from "./identity.js";
import type { CertifiedUnit, Msp } from "./msp.js";
import { satisfiesPrincipal } from "./principal.js";
import { type SignatureKey, verifies, verifiesHere } from "./signature-key.js";

/** Verdicts on principals kept by an identity; a channel's policies name some dozens, policies of keys could name any number. */
const MAX_VERDICTS = 500;

/** An organizational unit of an identity with the identifier of the chain that certifies it. */
export interface Unit {
  readonly name: string;
  readonly certifier: Uint8Array;
}

/** An identity of an X.509 MSP. What an MSP says of a certificate does not change, so verdicts are kept. */
export class X509Identity implements Identity {
  readonly mspId: string;
  readonly id: string;
  readonly certificate: Certificate;
  readonly msp: Msp;
  readonly #principals = new Map<string, boolean>();
  #refusal: ProtocolError | undefined | "unknown" = "unknown";
  #units: readonly Unit[] | undefined;

  constructor(msp: Msp, certificate: Certificate, id: string) {
    this.msp = msp;
    this.mspId = msp.id;
    this.certificate = certificate;
    this.id = id;
  }

  get expiresAt(): Date {
    return this.certificate.notAfter;
  }

  validate(): void {
    if (this.#refusal === "unknown") this.#refusal = this.#judge();
    if (this.#refusal !== undefined) throw this.#refusal;
  }

  get valid(): boolean {
    if (this.#refusal === "unknown") this.#refusal = this.#judge();
    return this.#refusal === undefined;
  }

  /** Its organizational units; none where its chain is not one that may issue identities. */
  get units(): readonly Unit[] {
    this.#units ??= this.#readUnits();
    return this.#units;
  }

  hasUnit(unit: CertifiedUnit | undefined): boolean {
    return unit !== undefined && this.units.some((own) => own.name === unit.name);
  }

  satisfies(principal: MSPPrincipal): boolean {
    const key = `${principal.principalClassification}:${Buffer.from(principal.principal).toString("latin1")}`;
    const known = this.#principals.get(key);
    if (known !== undefined) return known;
    const verdict = this.#test(principal);
    if (this.#principals.size >= MAX_VERDICTS) this.#principals.clear();
    this.#principals.set(key, verdict);
    return verdict;
  }

  get signatureKey(): SignatureKey | undefined {
    const { publicKey: key, keyAlgorithm, curve } = this.certificate;
    if (keyAlgorithm === "ed25519") return { key, digest: null, curve: undefined };
    return curve && { key, digest: this.msp.signatureHash, curve };
  }

  async verify(data: Uint8Array, signature: Uint8Array): Promise<boolean> {
    const key = this.signatureKey;
    return key !== undefined && verifies(key, data, signature);
  }

  verifyHere(data: Uint8Array, signature: Uint8Array): boolean {
    const key = this.signatureKey;
    return key !== undefined && verifiesHere(key, data, signature);
  }

  #test(principal: MSPPrincipal): boolean {
    try {
      return satisfiesPrincipal(this, principal);
    } catch (error) {
      // A principal that does not decode is one that nobody satisfies.
      if (error instanceof ProtocolError) return false;
      throw error;
    }
  }

  #judge(): ProtocolError | undefined {
    try {
      this.#validate();
      return undefined;
    } catch (error) {
      if (error instanceof ProtocolError) return error;
      throw error;
    }
  }

  #validate(): void {
    const { certificate, msp } = this;
    if (certificate.keyAlgorithm !== "ecdsa" && !(certificate.keyAlgorithm === "ed25519" && msp.rules === "v3")) {
      throw refused(`key algorithm ${certificate.keyAlgorithm} is not allowed`);
    }
    const [, issuer] = this.#chain();
    if (issuer === undefined || msp.revoked(certificate, issuer)) throw refused("the certificate has been revoked");
    this.#checkRequiredUnits();
    this.#checkNodeUnits();
  }

  /** The chain of a certificate that may be an identity: no authority itself, issued by the lowest of the authorities. */
  #chain(): readonly Certificate[] {
    if (this.certificate.isCa) throw refused("a certificate authority's certificate is not an identity");
    const chain = this.msp.chainOf(this.certificate);
    const [, issuer] = chain;
    if (issuer === undefined) throw refused("a root certificate is not an identity");
    if (!this.msp.mayIssueIdentities(issuer)) throw refused("issued by an authority that has another below it");
    return chain;
  }

  #readUnits(): readonly Unit[] {
    try {
      const certifier = this.msp.certifierId(this.#chain().slice(1));
      return this.certificate.organizationalUnits.map((name) => ({ name, certifier }));
    } catch (error) {
      if (error instanceof ProtocolError) return [];
      throw error;
    }
  }

  #checkRequiredUnits(): void {
    const { requiredUnits } = this.msp;
    if (requiredUnits.size === 0) return;
    const found = this.units.some((unit) =>
      (requiredUnits.get(unit.name) ?? []).some((certifier) => equalBytes(certifier, unit.certifier)),
    );
    if (!found) throw refused("none of its organizational units is one that its MSP demands");
  }

  /** Exactly one node unit, counted by attribute, and certified as the MSP says. */
  #checkNodeUnits(): void {
    const { nodeUnits } = this.msp;
    if (nodeUnits === undefined) return;
    const byName = new Map<string, CertifiedUnit>();
    for (const unit of [nodeUnits.client, nodeUnits.peer, nodeUnits.admin, nodeUnits.orderer]) {
      if (unit !== undefined) byName.set(unit.name, unit);
    }
    let count = 0;
    for (const own of this.units) {
      const unit = byName.get(own.name);
      if (unit === undefined) continue;
      if (unit.certifier !== undefined && !equalBytes(unit.certifier, own.certifier)) {
        throw refused(`organizational unit ${own.name} has another certifier than its MSP demands`);
      }
      count++;
      if (count > 1) break;
    }
    if (count !== 1)
      throw refused(`it must have exactly one of the units client, peer, admin, orderer, and has ${count}`);
  }
}

const refused = (message: string): ProtocolError => new ProtocolError("INVALID_IDENTITY", message);
