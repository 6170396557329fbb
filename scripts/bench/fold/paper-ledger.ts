import { createHash } from "node:crypto";
import type { Command } from "@wanlian/client/core";
import { canonicalBytes, canonicalJson } from "@wanlian/model/canonical.js";
import type { TransactionId } from "@wanlian/model/identifiers.js";
import { officerBehind } from "@wanlian/model/identity/creator.js";
import type { Act, Actor } from "@wanlian/model/kernel/act.js";
import { dependencies } from "@wanlian/model/kernel/basis.js";
import { decide } from "@wanlian/model/kernel/decide.js";
import { advance, basisOn, type Head, type Heads, NO_ACTS } from "@wanlian/model/kernel/heads.js";
import { caseName, encodeActKey } from "@wanlian/model/kernel/key.js";
import { SEAL, VALIDATION_PARAMETER } from "@wanlian/model/kernel/seal.js";
import { RELEASED } from "@wanlian/model/models.js";
import type { Role } from "@wanlian/model/roles.js";

import { SigningIdentity } from "@wanlian/network/certificates/signing-identity.js";
import { dataHash, headerHash } from "@wanlian/protocol/block.js";
import { Block, Metadata } from "@wanlian/protocol/messages/common.js";
import { transactionId } from "@wanlian/protocol/transaction/ids.js";
import type { Consortium } from "../ledger/consortium.js";
import { endorsedEnvelope } from "./endorsed.js";

export const CHANNEL = "pilot";
export const CHAINCODE = "wanlian";

/** Somebody who signs acts, and whom the rules take them for. */
export interface Clerk {
  readonly identity: SigningIdentity;
  readonly actor: Actor;
}

/**
 * A ledger without a network: acts as the model decides them, in transactions that officers and peers signed with real
 * keys, a block each. It remembers heads and keys, and no blocks.
 */
export class PaperLedger {
  readonly #organisations: Consortium["organisations"];
  readonly #clerks = new Map<string, Clerk>();
  readonly #endorsers: readonly SigningIdentity[];
  readonly #heads = new Map<string, Head>();
  readonly heads: Heads = (ref) => this.#heads.get(caseName(ref)) ?? NO_ACTS;
  #height = 0n;
  #lastHash: Uint8Array = new Uint8Array();

  private constructor({ organisations }: Consortium, endorsers: readonly SigningIdentity[]) {
    this.#organisations = organisations;
    this.#endorsers = endorsers;
  }

  /** @param departments whose peers endorse every act */
  static async create(consortium: Consortium, departments: readonly string[]): Promise<PaperLedger> {
    const peers = departments.map(async (mspId) => {
      const organisation = consortium.organisations.get(mspId);
      if (organisation === undefined) throw new RangeError(`there is no ${mspId}`);
      const credential = await organisation.identities.issue({ kind: "identity", unit: "peer", name: "peer0" });
      return new SigningIdentity(mspId, credential);
    });
    return new PaperLedger(consortium, await Promise.all(peers));
  }

  /** Block 0, from the consortium's genesis block. */
  genesis(consortium: Consortium): Uint8Array {
    const { data } = Block.decode(Buffer.from(consortium.genesis, "base64"));
    return this.#block(data?.data ?? []);
  }

  async clerk(mspId: string, name: string, ...roles: Role[]): Promise<Clerk> {
    const key = canonicalJson([mspId, name]);
    const known = this.#clerks.get(key);
    if (known !== undefined) return known;
    const organisation = this.#organisations.get(mspId);
    if (organisation === undefined) throw new RangeError(`there is no ${mspId}`);
    const credential = await organisation.identities.issue({ kind: "identity", unit: "client", name, roles });
    const identity = new SigningIdentity(mspId, credential);
    const clerk = { identity, actor: officerBehind(identity.creator) };
    this.#clerks.set(key, clerk);
    return clerk;
  }

  /** Files a command. @returns the act, and its block (proto common.Block) @throws LedgerError where the rules refuse it */
  file({ identity, actor }: Clerk, command: Command): { readonly act: Act; readonly block: Uint8Array } {
    const nonce = identity.nonce();
    const id = transactionId(nonce, identity.creator) as TransactionId;
    const { noun, case: named, type, body } = command;
    const asked = { noun, case: named, type, body };
    const refs = dependencies(asked, actor, RELEASED.deciding(asked, this.heads));
    const basis = basisOn(refs, this.heads);
    const { act } = decide({ ...asked, basis }, this.heads, actor, id, RELEASED);
    const key = encodeActKey(act, id);
    const envelope = endorsedEnvelope({
      ...{ channel: CHANNEL, chaincode: CHAINCODE, creator: identity, nonce, endorsers: this.#endorsers },
      args: [`${noun}:${type}`, canonicalJson({ case: named, body, basis })],
      writes: {
        writes: [{ key, value: canonicalBytes(act) }],
        metadataWrites: [{ key, entries: [{ name: VALIDATION_PARAMETER, value: SEAL }] }],
      },
    });
    this.#heads.set(caseName(act), advance(this.heads(act), [act.number], new Set(), { act, transaction: id }));
    return { act, block: this.#block([envelope]) };
  }

  #block(data: readonly Uint8Array[]): Uint8Array {
    const header = { number: this.#height, previousHash: this.#lastHash, dataHash: dataHash(data) };
    const commitHash = createHash("sha256").update(String(this.#height)).digest();
    const none = new Uint8Array();
    const metadata = [none, none, new Uint8Array(data.length), none, Metadata.encode({ value: commitHash })];
    this.#height += 1n;
    this.#lastHash = headerHash(header);
    return Block.encode({ header, data: { data }, metadata: { metadata } });
  }
}
