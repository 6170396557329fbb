import { join } from "node:path";
import { OfficerStore } from "@wanlian/client/keys/officers/store.js";
import { canonicalJson } from "@wanlian/model/canonical.js";
import type { TransactionId } from "@wanlian/model/identifiers.js";
import type { Act, ActRef } from "@wanlian/model/kernel/act.js";
import { encodeActKey } from "@wanlian/model/kernel/key.js";
import { SEAL, VALIDATION_PARAMETER } from "@wanlian/model/kernel/seal.js";
import { CertificateAuthority, type Credential } from "@wanlian/network/certificates/authority.js";
import { readCredential } from "@wanlian/network/certificates/credential-files.js";
import { SigningIdentity } from "@wanlian/network/certificates/signing-identity.js";
import { Envelope } from "@wanlian/protocol/messages/common.js";
import type { KVRWSet } from "@wanlian/protocol/messages/rwset.js";
import { transactionId as transactionIdOf } from "@wanlian/protocol/transaction/ids.js";
import { officersFolder, organisationFolder } from "@wanlian/scripts/host/certificates.js";
import { officersOf, type Post, passphraseOf, sealedKeys } from "@wanlian/scripts/host/officers.js";
import { type Fate, Operator } from "@wanlian/scripts/story/operator.js";
import type { RunningPilot } from "../pilot/shared-pilot.js";
import { forge } from "./forge.js";

export type WriteSet = Parameters<typeof KVRWSet.encode>[0];
/** Writes that name the transaction that makes them. */
export type Writing = (transaction: TransactionId) => WriteSet;

/** Somebody who signs under other bytes than a certificate in its one form. */
export class Disguised extends SigningIdentity {
  constructor(
    mspId: string,
    credential: Credential,
    override readonly creator: Uint8Array,
  ) {
    super(mspId, credential);
  }
}

/** Somebody with the real keys of officers and peers, and no respect for software. */
export class Attacker {
  constructor(readonly pilot: RunningPilot) {}

  /** An officer's key, as whoever runs the department's machines can take it. */
  async officer(mspId: string, post: Post): Promise<{ readonly number: string; readonly identity: SigningIdentity }> {
    const number = officersOf(this.pilot.department(mspId)).find((officer) => officer.post === post)?.number ?? "";
    return { number, identity: new SigningIdentity(mspId, await this.#credential(mspId, number)) };
  }

  /** Whoever runs a department's machines has its authority's key too. */
  async authority(mspId: string): Promise<{ readonly authority: CertificateAuthority; readonly privateKey: string }> {
    const credential = await readCredential(join(organisationFolder(this.pilot.pilot.data, mspId), "ca"));
    return { authority: await CertificateAuthority.open(credential), privateKey: credential.privateKey };
  }

  /** The same officer's key under other bytes for its certificate. */
  async disguised(mspId: string, post: Post, certificate: string): Promise<SigningIdentity> {
    const { number } = await this.officer(mspId, post);
    const { privateKey } = await this.#credential(mspId, number);
    return new SigningIdentity(mspId, { certificate, privateKey });
  }

  async #credential(mspId: string, number: string): Promise<Credential> {
    const folder = officersFolder(this.pilot.pilot.data, mspId);
    const store = new OfficerStore(sealedKeys(folder));
    const { key, pem } = await store.unlock(number, await passphraseOf(folder, number), new Date());
    return { certificate: pem, privateKey: key.export({ type: "pkcs8", format: "pem" }).toString() };
  }

  /** The key with which a department's peer endorses. */
  peerKey(mspId: string): Promise<SigningIdentity> {
    const folder = organisationFolder(this.pilot.pilot.data, mspId);
    return SigningIdentity.read(mspId, join(folder, "peers", "peer0", "msp"));
  }

  /** Past the node, with an officer's key. */
  async operator(mspId: string, post: Post): Promise<Operator> {
    const { number, identity } = await this.officer(mspId, post);
    return this.operatorWith(identity, number);
  }

  operatorWith(identity: SigningIdentity, number: string): Operator {
    const { channel, contracts } = this.pilot.topology;
    const { orderers, connections } = this.pilot.network;
    return new Operator(number, identity, channel, contracts.name, orderers, connections);
  }

  /** Writes anything at all, endorsed with the peer keys of these departments, and sees what validation makes of it. */
  async write(
    creator: SigningIdentity,
    endorsers: readonly string[],
    set: WriteSet | Writing,
    namespace?: string,
  ): Promise<Fate> {
    const { channel, contracts } = this.pilot.topology;
    const nonce = creator.nonce();
    const id = transactionIdOf(nonce, creator.creator) as TransactionId;
    const { transactionId, envelope } = forge(
      {
        channel,
        chaincode: contracts.name,
        creator,
        endorsers: await Promise.all(endorsers.map((mspId) => this.peerKey(mspId))),
        args: ["altered"],
        sets: { [namespace ?? contracts.name]: typeof set === "function" ? set(id) : set },
      },
      nonce,
    );
    const [watched] = this.pilot.mspIds;
    return this.operatorWith(creator, "").submit(
      { transactionId, envelope: Envelope.decode(envelope) },
      this.pilot.peer(watched ?? ""),
    );
  }
}

/** The writes of an act: its key, and the seal. */
export const sealedAct =
  (act: Act): Writing =>
  (transaction) => {
    const key = encodeActKey(act, transaction);
    return {
      writes: [{ key, value: Buffer.from(canonicalJson(act)) }],
      metadataWrites: [{ key, entries: [{ name: VALIDATION_PARAMETER, value: SEAL }] }],
    };
  };

/** The same without the seal: it could be changed afterwards. */
export const unsealedAct =
  (act: Act): Writing =>
  (transaction) => ({
    writes: [{ key: encodeActKey(act, transaction), value: Buffer.from(canonicalJson(act)) }],
  });

/** An act that is on the ledger. */
export interface StandingAct extends ActRef {
  readonly transactionId: string;
}

const keyOf = (act: StandingAct): string => encodeActKey(act, act.transactionId as TransactionId);

export function deletion(act: StandingAct): WriteSet {
  return { writes: [{ key: keyOf(act), isDelete: true }] };
}

export function overwriting(act: StandingAct, value: unknown): WriteSet {
  return { writes: [{ key: keyOf(act), value: Buffer.from(canonicalJson(value)) }] };
}

/** Takes the seal off, or would. */
export function unsealing(act: StandingAct): WriteSet {
  return { metadataWrites: [{ key: keyOf(act), entries: [] }] };
}
