import type { SignaturePolicyEnvelope } from "@wanlian/protocol/messages/policies.js";
import type { Ledger } from "../../ledger/ledger.js";
import { runsChaincode } from "../lifecycle/approvals.js";
import { type Definition, readDefinition } from "../lifecycle/definition.js";
import { definedChaincodes } from "../lifecycle/endorsement-info.js";
import { committedOrganizationState, committedPublicState } from "../lifecycle/states.js";
import { onLifecycleChange } from "../lifecycle/watch.js";
import { signaturePolicyOf } from "./channel-policy.js";
import { type PrincipalSet, satisfyingSets } from "./principals.js";

/** A committed chaincode and the organizations whose peers run it. */
export interface ChaincodeFacts {
  readonly definition: Definition;
  readonly runners: ReadonlySet<string>;
  /** The endorsement policy, resolved; undefined where the definition refers to none. */
  readonly policy: SignaturePolicyEnvelope | undefined;
  /** The ways to satisfy it. */
  readonly ways: readonly PrincipalSet[];
}

/** What one channel's ledger says of its chaincodes; remembered until lifecycle or configuration change. */
export class ChaincodeDirectory {
  readonly #ledger: Ledger;
  readonly #known = new Map<string, Promise<ChaincodeFacts | undefined>>();
  readonly #stop: () => void;
  #names: Promise<readonly string[]> | undefined;

  constructor(ledger: Ledger) {
    this.#ledger = ledger;
    this.#stop = onLifecycleChange(ledger, () => this.#forget());
  }

  /** Undefined if the channel has no such chaincode. */
  find(name: string): Promise<ChaincodeFacts | undefined> {
    let facts = this.#known.get(name);
    if (facts === undefined) {
      const reading = this.#read(name);
      facts = reading;
      this.#known.set(name, reading);
      // Anybody can ask for any name; only chaincodes that exist are remembered.
      const forget = (): boolean => this.#known.get(name) === reading && this.#known.delete(name);
      reading.then((found) => found ?? forget(), forget);
    }
    return facts;
  }

  /** Names of the channel's chaincodes. */
  names(): Promise<readonly string[]> {
    if (this.#names === undefined) {
      this.#names = this.#readNames();
      this.#names.catch(() => this.#forget());
    }
    return this.#names;
  }

  close(): void {
    this.#stop();
  }

  #forget(): void {
    this.#known.clear();
    this.#names = undefined;
  }

  async #readNames(): Promise<readonly string[]> {
    const snapshot = this.#ledger.snapshot();
    try {
      return await definedChaincodes(snapshot);
    } finally {
      await snapshot.release();
    }
  }

  async #read(name: string): Promise<ChaincodeFacts | undefined> {
    const snapshot = this.#ledger.snapshot();
    try {
      const definition = await readDefinition(name, committedPublicState(snapshot));
      if (definition === undefined) return undefined;
      const runners = new Set<string>();
      for (const { mspId } of this.#ledger.config.applications) {
        if (await runsChaincode(name, definition, committedOrganizationState(snapshot, mspId))) runners.add(mspId);
      }
      const policy = signaturePolicyOf(definition.validationParameter, this.#ledger.config);
      return { definition, runners, policy, ways: policy === undefined ? [] : satisfyingSets(policy) };
    } finally {
      await snapshot.release();
    }
  }
}
