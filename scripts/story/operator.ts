import { followUntil } from "@wanlian/network/administration/calls/commit.js";
import type { Connections, Endpoint } from "@wanlian/network/administration/calls/connection.js";
import { broadcast } from "@wanlian/network/administration/calls/orderer.js";
import { endorse, type PeerClient } from "@wanlian/network/administration/calls/peer.js";
import { assemble, type PreparedProposal, propose } from "@wanlian/network/administration/calls/proposal.js";
import type { SigningIdentity } from "@wanlian/network/certificates/signing-identity.js";
import { NetworkError } from "@wanlian/network/error.js";
import type { Envelope } from "@wanlian/protocol/messages/common.js";
import { TxValidationCode } from "@wanlian/protocol/messages/transaction.js";

/** A block comes within seconds of its transactions. */
const COMMIT_TIMEOUT_MS = 60_000;

/** A transaction in somebody's hands, not sent yet. */
export interface HeldTransaction {
  readonly transactionId: string;
  readonly envelope: Envelope;
}

/** What became of a transaction: the validation code that every peer gave it by itself. */
export interface Fate {
  readonly block: number;
  readonly transactionId: string;
  readonly code: string;
}

/** Who goes past the department's node: an officer's key in hand, straight to peers and orderer, as software allows. */
export class Operator {
  constructor(
    /** The officer's number, as the certificate has it. */
    readonly officer: string,
    readonly identity: SigningIdentity,
    readonly channel: string,
    readonly chaincode: string,
    readonly orderers: readonly Endpoint[],
    readonly connections: Connections,
  ) {}

  /** What the contract beside a peer says to a call. @throws Error if it agrees */
  async askHonestly(peer: PeerClient, contractFunction: string, input: unknown): Promise<string> {
    try {
      await peer.process(this.#propose(contractFunction, [JSON.stringify(input)]));
    } catch (error) {
      if (error instanceof NetworkError && error.code === "REFUSED") return error.message;
      throw error;
    }
    throw new Error(`${contractFunction} was endorsed, against the rules`);
  }

  /** Has a call endorsed at these peers, whatever the policy asks for, and keeps the transaction. */
  async prepare(
    peers: readonly PeerClient[],
    contractFunction: string,
    args: readonly string[],
  ): Promise<HeldTransaction> {
    const proposal = this.#propose(contractFunction, args);
    const { result, endorsements } = await endorse(proposal, peers);
    const envelope = assemble(proposal, result, endorsements, this.identity);
    return { transactionId: proposal.transactionId, envelope };
  }

  /** Hands a transaction to the orderer and waits until a peer has validated it. */
  async submit({ transactionId, envelope }: HeldTransaction, peer: PeerClient): Promise<Fate> {
    const { height } = await peer.info(this.channel);
    await broadcast(envelope, this.orderers, this.connections, "all");
    return followUntil(
      peer,
      this.channel,
      height,
      ({ number, filteredTransactions }) => {
        const found = filteredTransactions.find(({ txid }) => txid === transactionId);
        return found && { block: Number(number), transactionId, code: codeName(found.txValidationCode) };
      },
      COMMIT_TIMEOUT_MS,
    );
  }

  #propose(contractFunction: string, args: readonly string[]): PreparedProposal {
    const bytes = [contractFunction, ...args].map((argument) => Buffer.from(argument));
    return propose({ channel: this.channel, chaincode: this.chaincode, args: bytes }, this.identity);
  }
}

function codeName(code: number): string {
  return Object.entries(TxValidationCode).find(([, value]) => value === code)?.[0] ?? String(code);
}
