import { canonicalJson } from "@wanlian/model/canonical.js";
import { type LedgerErrorCode, parseLedgerError } from "@wanlian/model/errors.js";
import type { TransactionId } from "@wanlian/model/identifiers.js";
import { officerBehind } from "@wanlian/model/identity/creator.js";
import type { Act, Command } from "@wanlian/model/kernel/act.js";
import type { Verdict } from "@wanlian/model/kernel/judge.js";
import type { Role } from "@wanlian/model/roles.js";
import { CertificateAuthority } from "@wanlian/network/certificates/authority.js";
import type { NodeUnit } from "@wanlian/network/certificates/profile.js";
import { SigningIdentity } from "@wanlian/network/certificates/signing-identity.js";
import { type Asked, World } from "../model/world.js";
import type { PeerStub, Simulation } from "./peer-stub.js";

export const everyRole: readonly Role[] = ["steward", "user", "auditor", "administrator", "node"];

/** Certificates as departments issue them. */
export class Departments {
  readonly #authorities = new Map<string, CertificateAuthority>();

  async issue(mspId: string, roles: readonly Role[] = everyRole, unit: NodeUnit = "client", name = "410001") {
    let authority = this.#authorities.get(mspId);
    if (!authority) {
      ({ authority } = await CertificateAuthority.create(`${mspId} root`, mspId));
      this.#authorities.set(mspId, authority);
    }
    return new SigningIdentity(mspId, await authority.issue({ kind: "identity", unit, name, roles }));
  }
}

export function actorOf(identity: SigningIdentity) {
  return officerBehind(identity.creator);
}

/** A channel with one endorsing peer: what the contract endorses is committed and folded. */
export class Channel {
  readonly world = new World();

  constructor(readonly peer: PeerStub) {}

  /** The command as an honest node would make it, as the contract takes it. */
  input(identity: SigningIdentity, asked: Asked, change: Partial<Command> = {}): string {
    const command = { ...this.world.command(asked, actorOf(identity)), ...change };
    return JSON.stringify({ case: command.case, body: command.body, basis: command.basis });
  }

  endorse(identity: SigningIdentity, asked: Asked, input = this.input(identity, asked)): Promise<Simulation> {
    return this.peer.simulate({ creator: identity, contract: `${asked.noun}:${asked.type}`, args: [input] });
  }

  /** Endorses, commits and folds; fails unless the act counts. */
  async act(identity: SigningIdentity, asked: Asked): Promise<Act> {
    const simulation = await this.endorse(identity, asked);
    if (simulation.status !== 200) throw new Error(`${asked.noun} ${asked.type}: ${simulation.message}`);
    const verdict = this.commit(identity, simulation);
    if (!verdict.valid) throw new Error(`endorsed but void: ${verdict.code} ${verdict.message}`);
    if (canonicalJson(verdict.act) !== simulation.payload) throw new Error("the contract returned another act");
    return verdict.act;
  }

  commit(identity: SigningIdentity, simulation: Simulation): Verdict {
    this.peer.commit(simulation);
    return this.world.submit({
      id: simulation.transaction as TransactionId,
      creator: actorOf(identity),
      writes: {
        writes: [...simulation.writes].map(([key, value]) => ({ key, value, isDelete: false })),
        metadataWrites: [...simulation.metadata].map(([key, entry]) => ({ key, entries: [entry] })),
        privateWrites: 0,
      },
    });
  }

  /** The code of a refusal; fails if the contract endorsed, or wrote anything all the same. */
  async refusal(identity: SigningIdentity, asked: Asked, input?: string): Promise<LedgerErrorCode> {
    const simulation = await this.endorse(identity, asked, input);
    return refusalIn(simulation);
  }
}

export function refusalIn(simulation: Simulation): LedgerErrorCode {
  if (simulation.status < 500) throw new Error(`it was endorsed: ${simulation.payload}`);
  if (simulation.writes.size + simulation.metadata.size > 0) throw new Error("a refusal wrote to the ledger");
  const error = parseLedgerError(simulation.message);
  if (!error) throw new Error(`a refusal without a code: ${simulation.message}`);
  return error.code;
}
