import type * as grpc from "@grpc/grpc-js";
import { messageOf } from "@wanlian/protocol/errors.js";
import { Envelope } from "@wanlian/protocol/messages/common.js";
import type { Signer } from "../../core/index.js";
import { readBlock } from "../block.js";
import { type CommitStatus, type EndorsedTransaction, LedgerAccessError, type LedgerConnector } from "../connector.js";
import { type LedgerLocation, PeerBlocks, peerClient } from "../peer-blocks.js";

import { accessFailure, contractWords } from "../refusal.js";
import { readHeaders } from "../transaction.js";
import { agreed } from "./answers.js";
import { DiscoveredNetwork, signOutside } from "./discovered-network.js";
import { type Endorsement, loadSdk, type Sdk } from "./sdk.js";

/** The same times as through the Gateway service. */
const ENDORSE_MS = 35_000;
const EVALUATE_MS = 15_000;
const SUBMIT_MS = 35_000;

/** How qscc begins its answer about an id that is in no block yet. */
const NOT_THERE = /^Failed to get block for txID /;

/**
 * For networks whose peers have no Gateway service (Fabric 2.2 and 2.3): the older SDK's lower layer finds endorsers and
 * orderers by discovery and talks to each. An envelope goes to one orderer, so that ordering by SmartBFT is slow.
 */
export class FabricNetworkConnector implements LedgerConnector {
  readonly #location: LedgerLocation;
  readonly #network: DiscoveredNetwork;
  readonly #client: grpc.Client;
  readonly #blocks: PeerBlocks;

  private constructor(sdk: Sdk, location: LedgerLocation) {
    this.#location = location;
    this.#network = new DiscoveredNetwork(sdk, location);
    this.#client = peerClient(location);
    this.#blocks = new PeerBlocks(this.#client, location);
  }

  /** @throws NodeError CONFIGURATION where the SDK is not installed */
  static open(location: LedgerLocation, warn: (message: string) => void): FabricNetworkConnector {
    return new FabricNetworkConnector(loadSdk(warn), location);
  }

  evaluate(signer: Signer, contractFunction: string, args: readonly string[]): Promise<Uint8Array> {
    return this.#askOwnPeer(signer, this.#location.chaincode, contractFunction, args);
  }

  async endorse(signer: Signer, contractFunction: string, args: readonly string[]): Promise<EndorsedTransaction> {
    const { channel } = this.#network;
    const handler = await this.#network.plan();
    const context = this.#network.context(signer);
    const proposal = channel.newEndorsement(this.#location.chaincode);
    await signOutside(signer, proposal, proposal.build(context, { fcn: contractFunction, args }));
    const answers = await proposal.send({ handler, requestTimeout: ENDORSE_MS });
    agreed(answers, (peer) => this.#network.departmentOf(peer));
    const commit = channel.newCommit(this.#location.chaincode);
    await signOutside(signer, commit, commit.build(context, { endorsement: proposal }));
    return { transactionId: proposal.getTransactionId(), envelope: Envelope.encode(commit.getSignedEnvelope()) };
  }

  async submit({ envelope }: EndorsedTransaction): Promise<void> {
    const { payload, signature } = Envelope.decode(envelope);
    const signed = { payload: Buffer.from(payload), signature: Buffer.from(signature) };
    const failures = [];
    for (const orderer of await this.#network.orderers()) {
      const from = { address: orderer.name, department: orderer.mspid };
      if (!(await orderer.checkConnection())) {
        failures.push({ ...from, message: "cannot be reached" });
        continue;
      }
      try {
        const { status, info = "" } = await orderer.sendBroadcast(signed, SUBMIT_MS);
        if (status === "SUCCESS") return;
        const answer = { ...from, message: `${status} ${info}`.trimEnd() };
        if (isRefusal(status)) throw accessFailure("REJECTED", [answer], "");
        failures.push(answer);
      } catch (error) {
        if (error instanceof LedgerAccessError) throw error;
        failures.push({ ...from, message: messageOf(error) });
      }
    }
    throw accessFailure("UNAVAILABLE", failures, "no orderer is known");
  }

  async commitStatus(transactionId: string, deadlineMs: number): Promise<CommitStatus | undefined> {
    const signal = AbortSignal.timeout(deadlineMs);
    let asked = false;
    for await (const block of this.#blocks.tail(signal)) {
      // The stream is there before the index is asked, so that no block falls between the two.
      const holder = asked ? block : await this.#blockOf(transactionId);
      asked = true;
      const status = holder && statusIn(holder, transactionId);
      if (status !== undefined) return status;
    }
    return undefined;
  }

  height(signal: AbortSignal): Promise<bigint> {
    return this.#blocks.height(signal);
  }

  blocks(from: bigint, signal: AbortSignal): AsyncIterable<Uint8Array> {
    return this.#blocks.from(from, signal);
  }

  close(): void {
    this.#network.close();
    this.#client.close();
  }

  /** The block that a transaction id is in (proto common.Block), from the peer's index. */
  async #blockOf(transactionId: string): Promise<Uint8Array | undefined> {
    const { signer, channel } = this.#location;
    try {
      return await this.#askOwnPeer(signer, "qscc", "GetBlockByTxID", [channel, transactionId]);
    } catch (error) {
      const words = error instanceof LedgerAccessError ? contractWords(error) : [];
      if (words.some((word) => NOT_THERE.test(word))) return undefined;
      throw error;
    }
  }

  async #askOwnPeer(
    signer: Signer,
    chaincode: string,
    contractFunction: string,
    args: readonly string[],
  ): Promise<Uint8Array> {
    const peer = await this.#network.ownPeer();
    const query: Endorsement = this.#network.channel.newEndorsement(chaincode);
    await signOutside(signer, query, query.build(this.#network.context(signer), { fcn: contractFunction, args }));
    const answers = await query.send({ targets: [peer], requestTimeout: EVALUATE_MS });
    return agreed(answers, (name) => this.#network.departmentOf(name)).response.payload;
  }
}

/** Statuses 4xx of proto common.Status: another orderer would say the same. */
function isRefusal(status: string): boolean {
  return ["BAD_REQUEST", "FORBIDDEN", "NOT_FOUND", "REQUEST_ENTITY_TOO_LARGE"].includes(status);
}

/** What the peer says of a transaction in a block; of several with the id, the first is the one that the index means. */
function statusIn(block: Uint8Array, transactionId: string): CommitStatus | undefined {
  const { number, envelopes, codes } = readBlock(block);
  const code = codes[envelopes.findIndex((envelope) => readHeaders(envelope)?.id === transactionId)];
  return code === undefined ? undefined : { code, block: number };
}
