import * as grpc from "@grpc/grpc-js";
import { connect, type Gateway, GatewayError } from "@hyperledger/fabric-gateway";
import { Block, Envelope } from "@wanlian/protocol/messages/common.js";
import { PeerDeliverResponse } from "@wanlian/protocol/messages/events.js";
import {
  CommitStatusRequest,
  PreparedTransaction,
  SignedCommitStatusRequest,
} from "@wanlian/protocol/messages/gateway.js";
import type { Signer } from "../node/services.js";
import { type CommitStatus, type EndorsedTransaction, LedgerAccessError, type LedgerConnector } from "./connector.js";
import { creatorOf, openDeliver, type Seek, seekEnvelope } from "./deliver.js";
import { accessError } from "./gateway-errors.js";

/** As Fabric's peers have it: a block can be that large. */
const MAX_MESSAGE_BYTES = 100 * 1024 * 1024;
/** The gateway itself gives an endorser and an orderer 30 s each. */
const ENDORSE_MS = 35_000;
const EVALUATE_MS = 15_000;
const SUBMIT_MS = 35_000;
/** A dead connection is noticed after these two, also when nothing is sent. */
const KEEPALIVE_MS = 20_000;
const KEEPALIVE_TIMEOUT_MS = 10_000;
const MAX_RECONNECT_MS = 5_000;

export interface GatewayOptions {
  readonly channel: string;
  readonly chaincode: string;
  /** host:port of the own department's peer. */
  readonly address: string;
  /** PEM. */
  readonly tlsRootCertificates: Uint8Array;
  /** Where the certificate's name is not the address's host. */
  readonly serverName: string | undefined;
  /** The node's own key: reads blocks and asks for fates. */
  readonly signer: Signer;
}

/** Through the Gateway service of the own department's peer (Fabric 2.4 and later, or the embedded network). */
export class GatewayConnector implements LedgerConnector {
  readonly #options: GatewayOptions;
  readonly #client: grpc.Client;

  constructor(options: GatewayOptions) {
    this.#options = options;
    this.#client = new grpc.Client(
      options.address,
      grpc.credentials.createSsl(Buffer.from(options.tlsRootCertificates)),
      {
        ...(options.serverName === undefined ? {} : { "grpc.ssl_target_name_override": options.serverName }),
        "grpc.max_receive_message_length": MAX_MESSAGE_BYTES,
        "grpc.max_send_message_length": MAX_MESSAGE_BYTES,
        "grpc.keepalive_time_ms": KEEPALIVE_MS,
        "grpc.keepalive_timeout_ms": KEEPALIVE_TIMEOUT_MS,
        "grpc.max_reconnect_backoff_ms": MAX_RECONNECT_MS,
      },
    );
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

  async height(signal: AbortSignal): Promise<bigint> {
    for await (const block of this.#deliver("newest", signal)) {
      return (Block.decode(block).header?.number ?? -1n) + 1n;
    }
    throw new LedgerAccessError("UNAVAILABLE", "the peer names no last block");
  }

  blocks(from: bigint, signal: AbortSignal): AsyncIterable<Uint8Array> {
    return this.#deliver({ from }, signal);
  }

  async *#deliver(seek: Seek, signal: AbortSignal): AsyncGenerator<Uint8Array> {
    if (signal.aborted) return;
    const request = await seekEnvelope(this.#options.signer, this.#options.channel, seek);
    const stream = openDeliver(this.#client);
    const cancel = () => stream.cancel();
    signal.addEventListener("abort", cancel, { once: true });
    try {
      stream.write(request);
      for await (const bytes of stream) yield blockOf(bytes);
      throw new LedgerAccessError("UNAVAILABLE", "the peer ended the block stream");
    } catch (error) {
      if (signal.aborted) return;
      if (error instanceof LedgerAccessError) throw error;
      throw new LedgerAccessError("UNAVAILABLE", `the block stream broke: ${String(error)}`, [], error);
    } finally {
      signal.removeEventListener("abort", cancel);
      stream.cancel();
    }
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
      signer: (digest) => signer.sign(digest),
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

function blockOf(bytes: Uint8Array): Uint8Array {
  const { block, status } = PeerDeliverResponse.decode(bytes);
  if (block !== undefined) return Block.encode(block);
  throw new LedgerAccessError("UNAVAILABLE", `the peer refuses to deliver blocks: status ${status ?? "missing"}`);
}

function isDeadline(error: unknown): boolean {
  return error instanceof GatewayError && error.code === grpc.status.DEADLINE_EXCEEDED;
}
