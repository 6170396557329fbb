import { messageOf } from "@wanlian/protocol/errors.js";
import { ChaincodeAdditionalParams, type ChaincodeEvent, ChaincodeID } from "@wanlian/protocol/messages/chaincode.js";
import type { SignedProposal } from "@wanlian/protocol/messages/proposal.js";
import { type ChaincodeMessage, ChaincodeMessageType as Type } from "@wanlian/protocol/messages/shim.js";
import type { Logger } from "pino";
import type { BidiCall } from "../../../grpc/client.js";
import { PeerError } from "../errors.js";
import type { Invocation } from "./invocation.js";

/** What a 3.1 peer offers: chaincodes may send many writes, or ask for many keys, in one message of at most so many. */
const ADDITIONAL_PARAMS = ChaincodeAdditionalParams.encode({
  useWriteBatch: true,
  maxSizeWriteBatch: 1000,
  useGetMultipleKeys: true,
  maxSizeGetMultipleKeys: 1000,
});

/** The gateway looks for this at the end of an error, to try another peer. */
export const STREAM_TERMINATED = "chaincode stream terminated";
const EXECUTION_TIMEOUT = "timeout expired while executing transaction";

const TYPE_NAMES: ReadonlyMap<number, string> = new Map(Object.entries(Type).map(([name, type]) => [type, name]));
const typeName = (type: number): string => TYPE_NAMES.get(type) ?? String(type);

/** How a chaincode ended a transaction: COMPLETED with an encoded Response, or ERROR with a text. */
export interface Completion {
  readonly type: number;
  readonly payload: Uint8Array;
  readonly event: ChaincodeEvent | undefined;
}

/** Answers one request that a running chaincode makes. */
export type RequestHandler = (type: number, payload: Uint8Array, invocation: Invocation) => Promise<Uint8Array>;

interface Running {
  readonly invocation: Invocation;
  readonly settle: (outcome: Completion | PeerError) => void;
  /** A request is being answered; a second one meanwhile is dropped, unanswered (Fabric's core/chaincode/handler.go). */
  busy: boolean;
}

type Outgoing = Parameters<BidiCall<Partial<ChaincodeMessage>, ChaincodeMessage>["send"]>[0];

/** The dialogue with one chaincode process, from its registration to the end of the stream. */
export class ChaincodeStream {
  readonly #call: BidiCall<Outgoing, ChaincodeMessage>;
  readonly #handle: RequestHandler;
  readonly #log: Logger;
  readonly #running = new Map<string, Running>();
  #ended = false;

  constructor(call: BidiCall<Outgoing, ChaincodeMessage>, handle: RequestHandler, log: Logger) {
    this.#call = call;
    this.#handle = handle;
    this.#log = log;
  }

  get ended(): boolean {
    return this.#ended;
  }

  /**
   * Registers the chaincode and then serves it. `onReady` is called once it may be invoked; the promise settles when the stream ends,
   * with the reason where there is one.
   */
  async serve(packageId: string, onReady: () => void): Promise<void> {
    try {
      let registered = false;
      for await (const message of this.#call) {
        if (message.type === Type.KEEPALIVE) continue;
        if (!registered) {
          this.#register(packageId, message);
          registered = true;
          onReady();
        } else {
          this.#receive(message);
        }
      }
    } finally {
      this.#ended = true;
      this.#call.cancel();
      for (const { settle } of this.#running.values()) {
        settle(new PeerError("CHAINCODE_UNAVAILABLE", `error sending: ${STREAM_TERMINATED}`));
      }
    }
  }

  /** Ends the stream. */
  close(): void {
    this.#call.cancel();
  }

  /** Runs a transaction in the chaincode. @throws PeerError when it takes too long or the stream breaks. */
  async execute(
    invocation: Invocation,
    input: Uint8Array,
    proposal: SignedProposal,
    timeoutMs: number,
  ): Promise<Completion> {
    const { txId, channelId } = invocation.context;
    if (this.#ended) throw new PeerError("CHAINCODE_UNAVAILABLE", `error sending: ${STREAM_TERMINATED}`);
    const key = keyOf(channelId, txId);
    if (this.#running.has(key)) {
      throw new PeerError("SIMULATION", `error sending: txid: ${txId}(${channelId}) exists`);
    }
    const outcome = await new Promise<Completion | PeerError>((settle) => {
      const timer = setTimeout(
        () => settle(new PeerError("CHAINCODE_UNAVAILABLE", `error sending: ${EXECUTION_TIMEOUT}`)),
        timeoutMs,
      );
      const done = (result: Completion | PeerError): void => {
        clearTimeout(timer);
        settle(result);
      };
      this.#running.set(key, { invocation, settle: done, busy: false });
      const type = invocation.isInit ? Type.INIT : Type.TRANSACTION;
      this.#send({ type, payload: input, txid: txId, channelId, proposal });
    });
    this.#running.delete(key);
    await Promise.all([...invocation.queries.values()].map((query) => query.close()));
    invocation.queries.clear();
    if (outcome instanceof PeerError) throw outcome;
    return outcome;
  }

  #register(packageId: string, message: ChaincodeMessage): void {
    if (message.type !== Type.REGISTER) {
      throw new PeerError(
        "CHAINCODE_UNAVAILABLE",
        `chaincode began with ${typeName(message.type)}; only REGISTER can be first`,
      );
    }
    const { name } = ChaincodeID.decode(message.payload);
    if (name !== packageId) {
      throw new PeerError(
        "CHAINCODE_UNAVAILABLE",
        `the server registered as "${name}"; start it with CHAINCODE_ID=${packageId}`,
      );
    }
    this.#send({ type: Type.REGISTERED });
    this.#send({ type: Type.READY, payload: ADDITIONAL_PARAMS });
  }

  #receive(message: ChaincodeMessage): void {
    const running = this.#running.get(keyOf(message.channelId, message.txid));
    if (message.type === Type.COMPLETED || message.type === Type.ERROR) {
      running?.settle({ type: message.type, payload: message.payload, event: message.chaincodeEvent });
      return;
    }
    if (running === undefined) {
      this.#refuse(message, new PeerError("SIMULATION", "no ledger context"));
      return;
    }
    if (running.busy) {
      this.#log.error(
        { txId: message.txid, type: typeName(message.type) },
        "another request of this transaction is pending; dropped",
      );
      return;
    }
    running.busy = true;
    this.#handle(message.type, message.payload, running.invocation).then(
      (payload) => {
        running.busy = false;
        this.#send({ type: Type.RESPONSE, payload, txid: message.txid, channelId: message.channelId });
      },
      (error: unknown) => {
        running.busy = false;
        this.#refuse(message, error);
      },
    );
  }

  #refuse({ type, txid, channelId }: ChaincodeMessage, error: unknown): void {
    const text = `${typeName(type)} failed: transaction ID: ${txid}: ${messageOf(error)}`;
    this.#log.warn({ txId: txid, error: messageOf(error) }, `${typeName(type)} refused`);
    this.#send({ type: Type.ERROR, payload: new TextEncoder().encode(text), txid, channelId });
  }

  /** A message that cannot be sent is of no consequence by itself: the stream then ends, and everything that runs with it. */
  #send(message: Outgoing): void {
    if (this.#ended) return;
    this.#call.send(message).catch((error: unknown) => {
      this.#log.debug({ error: messageOf(error) }, "chaincode stream is not writable");
      this.#call.cancel();
    });
  }
}

const keyOf = (channelId: string, txId: string): string => `${channelId}\0${txId}`;
