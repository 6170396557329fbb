/** Whether a transaction is endorsed as its writes demand (Fabric's plugin dispatcher and key-level validation). */
import { toHex } from "@wanlian/protocol/bytes.js";
import { isAbsent } from "@wanlian/protocol/codec.js";
import { ProtocolError } from "@wanlian/protocol/errors.js";
import type { Identity } from "@wanlian/protocol/identities/identity.js";
import { ChaincodeEvent } from "@wanlian/protocol/messages/chaincode.js";
import type { ChannelHeader } from "@wanlian/protocol/messages/common.js";
import { ChaincodeHeaderExtension } from "@wanlian/protocol/messages/proposal.js";
import { TxValidationCode } from "@wanlian/protocol/messages/transaction.js";
import { chaincodeActionOf, type EndorserTransaction } from "@wanlian/protocol/transaction/endorser-transaction.js";
import { attempt } from "@wanlian/protocol/transaction/envelope.js";
import {
  decodeReadWriteSet,
  type NamespaceReadWriteSet,
  writes,
} from "@wanlian/protocol/transaction/read-write-set.js";
import type { EndorsementPolicies, Validation } from "./policies.js";
import type { CommittedState } from "./state.js";

const VALIDATION_PARAMETER = "VALIDATION_PARAMETER";

/** What a transaction did, read from its endorsed action. */
export interface Simulation {
  readonly chaincode: string;
  readonly namespaces: readonly NamespaceReadWriteSet[];
}

/** The action's parts, or the code that Fabric gives to what does not hang together. */
export function readSimulation(header: ChannelHeader, transaction: EndorserTransaction): Simulation | number {
  const extension = attempt(() => ChaincodeHeaderExtension.decode(header.extension));
  if (extension instanceof ProtocolError) return TxValidationCode.BAD_HEADER_EXTENSION;
  const action = attempt(() => chaincodeActionOf(transaction));
  if (action instanceof ProtocolError) return TxValidationCode.BAD_RESPONSE_PAYLOAD;
  const namespaces = attempt(() => decodeReadWriteSet(action.results));
  if (namespaces instanceof ProtocolError) return TxValidationCode.BAD_RWSET;
  if (extension.chaincodeId === undefined || action.chaincodeId === undefined)
    return TxValidationCode.INVALID_OTHER_REASON;
  const chaincode = extension.chaincodeId.name;
  const { name, version } = action.chaincodeId;
  if (chaincode === "" || chaincode !== name || version === "") return TxValidationCode.INVALID_CHAINCODE;
  if (!isAbsent(action.events)) {
    const event = attempt(() => ChaincodeEvent.decode(action.events));
    if (event instanceof ProtocolError || event.chaincodeId !== chaincode) return TxValidationCode.INVALID_OTHER_REASON;
  }
  const names = new Set(namespaces.map(({ namespace }) => namespace));
  if (names.size !== namespaces.length) return TxValidationCode.ILLEGAL_WRITESET;
  return { chaincode, namespaces };
}

/** Endorsement checks of one block's transactions, in block order. */
export class BlockEndorsements {
  readonly #policies: EndorsementPolicies;
  readonly #state: CommittedState;
  /** Keys whose metadata a transaction of this block wrote that was properly endorsed for their namespace: locked for the rest of it. */
  readonly #touched = new Set<string>();

  constructor(policies: EndorsementPolicies, state: CommittedState) {
    this.#policies = policies;
    this.#state = state;
  }

  /** VALID, INVALID_CHAINCODE or ENDORSEMENT_POLICY_FAILURE. */
  async check({ chaincode, namespaces }: Simulation, endorsers: readonly Identity[]): Promise<number> {
    const written = namespaces.filter(writes).map(({ namespace }) => namespace);
    for (const namespace of new Set([chaincode, ...written])) {
      const validation = await this.#policies.validationOf(namespace);
      if (validation === undefined) return TxValidationCode.INVALID_CHAINCODE;
      const set = namespaces.find((one) => one.namespace === namespace);
      if (!this.#endorsed(set, validation, endorsers)) return TxValidationCode.ENDORSEMENT_POLICY_FAILURE;
      if (set !== undefined) this.#touch(set);
    }
    return TxValidationCode.VALID;
  }

  #endorsed(set: NamespaceReadWriteSet | undefined, validation: Validation, endorsers: readonly Identity[]): boolean {
    const checked = new Set<string>();
    let anyChecked = false;
    const general = (collection: string): boolean => {
      if (checked.has(collection)) return true;
      const policy = collection === "" ? validation.policy : this.#policies.collectionPolicy(validation, collection);
      if (policy === undefined || !this.#policies.satisfied(policy, endorsers)) return false;
      checked.add(collection);
      return true;
    };
    for (const { id, collection, parameter } of set === undefined ? [] : this.#writtenKeys(set)) {
      if (this.#touched.has(id)) return false;
      const own = parameter();
      const satisfied =
        own === undefined || own.length === 0 ? general(collection) : this.#policies.keyPolicySatisfied(own, endorsers);
      if (!satisfied) return false;
      anyChecked = true;
    }
    return anyChecked || general("");
  }

  /** Every write and metadata write, in the order in which Fabric looks at them. */
  *#writtenKeys({ namespace, kv, collections }: NamespaceReadWriteSet): Generator<WrittenKey> {
    for (const { key } of [...kv.writes, ...kv.metadataWrites]) {
      const parameter = () => this.#state.get(namespace, key)?.metadata.get(VALIDATION_PARAMETER);
      yield { id: keyId(namespace, "", key), collection: "", parameter };
    }
    for (const field of ["hashedWrites", "metadataWrites"] as const) {
      for (const { collection, hashed } of collections) {
        for (const { keyHash } of hashed[field]) {
          const parameter = () =>
            this.#state.hashed(namespace, collection, keyHash)?.metadata.get(VALIDATION_PARAMETER);
          yield { id: keyId(namespace, collection, toHex(keyHash)), collection, parameter };
        }
      }
    }
  }

  #touch({ namespace, kv, collections }: NamespaceReadWriteSet): void {
    for (const { key } of kv.metadataWrites) this.#touched.add(keyId(namespace, "", key));
    for (const { collection, hashed } of collections) {
      for (const { keyHash } of hashed.metadataWrites) this.#touched.add(keyId(namespace, collection, toHex(keyHash)));
    }
  }
}

interface WrittenKey {
  readonly id: string;
  readonly collection: string;
  /** The key's own policy as of the previous block. */
  readonly parameter: () => Uint8Array | undefined;
}

const keyId = (namespace: string, collection: string, key: string): string =>
  `${namespace}\u0000${collection}\u0000${key}`;
