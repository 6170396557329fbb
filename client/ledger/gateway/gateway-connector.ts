import * as grpc from "@grpc/grpc-js";
import { connect, type Gateway, GatewayError, hash } from "@hyperledger/fabric-gateway";
import { Envelope } from "@wanlian/protocol/messages/common.js";
import {
  CommitStatusRequest,
  PreparedTransaction,
  SignedCommitStatusRequest,
} from "@wanlian/protocol/messages/gateway.js";
import type { Signer } from "../../core/index.js";
import { type CommitStatus, type EndorsedTransaction, LedgerAccessError, type LedgerConnector } from "../connector.js";
import { creatorOf } from "../deliver.js";
import { type LedgerLocation, PeerBlocks, peerClient } from "../peer-blocks.js";
import { accessError } from "./gateway-errors.js";

/** The gateway itself gives an endorser and an orderer 30 s each. */
const ENDORSE_MS = 35_000;
const EVALUATE_MS = 15_000;
const SUBMIT_MS = 35_000;

/** Through the Gateway service of the own department's peer (Fabric 2.4 and later, or the embedded network). */
export class GatewayConnector implements LedgerConnector {
  readonly #options: LedgerLocation;
  readonly #client: grpc.Client;
  readonly #blocks: PeerBlocks;

  constructor(options: LedgerLocation) {
    this.#options = options;
    this.#client = peerClient(options);
    this.#blocks = new PeerBlocks(this.#client, options);
  }

  async evaluate(signer: Signer, contractFunction: string, args: readonly string[]): Promise<Uint8Array> {
    return this.#with(signer, (gateway) =>
      this.#contract(gateway).evaluate(contractFunction, { arguments: [...args] }),
    );
  }

  async endorse(signer: Signer, contractFunction: string, args: readonly string[]): Promise<EndorsedTransaction> {
    return this.#with(signer, async (gateway) => {
      const proposal = this.#contract(gateway).newProposal(contractFunction, { arguments: [...args] });
      const unsigned = await proposal.endorse();
      const signature = await signer.sign(unsigned.getDigest());
      const { transactionId, envelope } = PreparedTransaction.decode(unsigned.getBytes());
      if (envelope === undefined) {
        throw new LedgerAccessError("NO_ENDORSEMENT", "the gateway answered without a transaction");
      }
      return { transactionId, envelope: Envelope.encode({ payload: envelope.payload, signature }) };
    });
  }

  async submit({ transactionId, envelope }: EndorsedTransaction): Promise<void> {
    await this.#with(this.#options.signer, async (gateway) => {
      const prepared = PreparedTransaction.encode({ transactionId, envelope: Envelope.decode(envelope) });
      await gateway.newTransaction(prepared).submit();
    });
  }

  async commitStatus(transactionId: string, deadlineMs: number): Promise<CommitStatus | undefined> {
    const { signer, channel } = this.#options;
    return this.#with(signer, async (gateway) => {
      const request = CommitStatusRequest.encode({ channelId: channel, transactionId, identity: creatorOf(signer) });
      try {
        const commit = gateway.newCommit(SignedCommitStatusRequest.encode({ request }));
        const answer = await commit.getStatus({ deadline: Date.now() + deadlineMs });
        return { code: answer.code, block: answer.blockNumber };
      } catch (error) {
        if (isDeadline(error)) return undefined;
        throw error;
      }
    });
  }

  height(signal: AbortSignal): Promise<bigint> {
    return this.#blocks.height(signal);
  }

  blocks(from: bigint, signal: AbortSignal): AsyncIterable<Uint8Array> {
    return this.#blocks.from(from, signal);
  }

  close(): void {
    this.#client.close();
  }

  #contract(gateway: Gateway) {
    return gateway.getNetwork(this.#options.channel).getContract(this.#options.chaincode);
  }

  async #with<T>(signer: Signer, work: (gateway: Gateway) => Promise<T>): Promise<T> {
    const gateway = connect({
      client: this.#client,
      identity: { mspId: signer.mspId, credentials: signer.certificate },
      // The message itself, not a digest: hashing and signing are one call for who signs.
      hash: hash.none,
      signer: (message) => signer.sign(message),
      evaluateOptions: () => ({ deadline: Date.now() + EVALUATE_MS }),
      endorseOptions: () => ({ deadline: Date.now() + ENDORSE_MS }),
      submitOptions: () => ({ deadline: Date.now() + SUBMIT_MS }),
    });
    try {
      return await work(gateway);
    } catch (error) {
      throw accessError(error);
    } finally {
      gateway.close();
    }
  }
}

function isDeadline(error: unknown): boolean {
  return error instanceof GatewayError && error.code === grpc.status.DEADLINE_EXCEEDED;
}
