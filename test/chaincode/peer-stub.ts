import { ChannelCredentials } from "@grpc/grpc-js";
import type { SigningIdentity } from "@wanlian/network/certificates/signing-identity.js";
import { type BidiCall, RpcClient } from "@wanlian/network/grpc/client.js";
import { Chaincode } from "@wanlian/network/grpc/services.js";
import { ChaincodeInput } from "@wanlian/protocol/messages/chaincode.js";
import { ChannelHeader, Header, SignatureHeader } from "@wanlian/protocol/messages/common.js";
import { ChaincodeProposalPayload, Proposal, Response, SignedProposal } from "@wanlian/protocol/messages/proposal.js";
import {
  type ChaincodeMessage,
  GetState,
  GetStateByRange,
  KV,
  PutState,
  PutStateMetadata,
  QueryResponse,
  ChaincodeMessageType as Type,
} from "@wanlian/protocol/messages/shim.js";
import { transactionId } from "@wanlian/protocol/transaction/ids.js";

const CHANNEL = "pilot";
const ENDORSER_TRANSACTION = 3;

/** One call to a contract, as a peer simulates it. */
export interface Simulation {
  readonly transaction: string;
  readonly status: number;
  readonly message: string;
  readonly payload: string;
  /** Keys asked for, in order. */
  readonly reads: readonly string[];
  /** Where the ranges asked for begin, in order. */
  readonly ranges: readonly string[];
  /** How many of them were closed before their end. */
  readonly closed: number;
  readonly writes: ReadonlyMap<string, Uint8Array>;
  readonly metadata: ReadonlyMap<string, { readonly name: string; readonly value: Uint8Array }>;
}

export interface Invocation {
  readonly creator: SigningIdentity;
  readonly contract: string;
  readonly args: readonly string[];
  readonly nonce?: Uint8Array;
}

/**
 * The peer's end of the conversation with a chaincode, and nothing else: answers what unmodified fabric-shim asks from
 * a map, and notes what was read and written. Nothing is in the state before `commit`.
 */
export class PeerStub {
  readonly state = new Map<string, Uint8Array>();
  readonly #client: RpcClient;
  readonly #stream: BidiCall<ChaincodeMessage, ChaincodeMessage>;
  readonly #messages: AsyncIterator<ChaincodeMessage>;

  private constructor(client: RpcClient) {
    this.#client = client;
    this.#stream = client.bidi(Chaincode.connect);
    this.#messages = this.#stream[Symbol.asyncIterator]();
  }

  /** Dials a chaincode service and takes its registration. */
  static async connect(address: string): Promise<PeerStub> {
    const peer = new PeerStub(new RpcClient(address, ChannelCredentials.createInsecure()));
    const registration = await peer.#next();
    if (registration.type !== Type.REGISTER) throw new Error(`the chaincode began with ${registration.type}`);
    await peer.#stream.send({ type: Type.REGISTERED });
    await peer.#stream.send({ type: Type.READY });
    return peer;
  }

  close(): void {
    this.#stream.cancel();
    this.#client.close();
  }

  /** Calls a contract. The conversation has one call at a time. */
  async simulate({ creator, contract, args, nonce = creator.nonce() }: Invocation): Promise<Simulation> {
    const transaction = transactionId(nonce, creator.creator);
    const payload = ChaincodeInput.encode({ args: [contract, ...args].map((arg) => Buffer.from(arg)) });
    const call = { txid: transaction, channelId: CHANNEL };
    const proposal = signedProposal(creator, nonce, transaction);
    await this.#stream.send({ ...call, type: Type.TRANSACTION, payload, proposal });

    const reads: string[] = [];
    const ranges: string[] = [];
    let closed = 0;
    const writes = new Map<string, Uint8Array>();
    const metadata = new Map<string, { name: string; value: Uint8Array }>();
    const respond = (response: Uint8Array = new Uint8Array()) =>
      this.#stream.send({ ...call, type: Type.RESPONSE, payload: response });

    for (;;) {
      const message = await this.#next();
      switch (message.type) {
        case Type.GET_STATE: {
          const { key } = GetState.decode(message.payload);
          reads.push(key);
          await respond(this.state.get(key));
          break;
        }
        case Type.GET_STATE_BY_RANGE: {
          const { startKey, endKey } = GetStateByRange.decode(message.payload);
          ranges.push(startKey);
          const found = [...this.state].filter(([key]) => key >= startKey && key < endKey).sort(byKey);
          const results = found.map(([key, value]) => ({ resultBytes: KV.encode({ key, value }) }));
          await respond(QueryResponse.encode({ results, id: startKey }));
          break;
        }
        case Type.QUERY_STATE_CLOSE:
          closed += 1;
          await respond(QueryResponse.encode({}));
          break;
        case Type.PUT_STATE: {
          const { key, value } = PutState.decode(message.payload);
          writes.set(key, value);
          await respond();
          break;
        }
        case Type.PUT_STATE_METADATA: {
          const put = PutStateMetadata.decode(message.payload);
          metadata.set(put.key, { name: put.metadata?.metakey ?? "", value: put.metadata?.value ?? new Uint8Array() });
          await respond();
          break;
        }
        case Type.COMPLETED: {
          const response = Response.decode(message.payload);
          const text = Buffer.from(response.payload).toString("utf8");
          const { status, message: why } = response;
          return { transaction, status, message: why, payload: text, reads, ranges, closed, writes, metadata };
        }
        case Type.ERROR:
          throw new Error(`the chaincode failed: ${Buffer.from(message.payload).toString("utf8")}`);
        default:
          throw new Error(`the chaincode sent a message of type ${message.type}`);
      }
    }
  }

  /** Takes the writes of a simulation into the state. */
  commit({ writes }: Simulation): void {
    for (const [key, value] of writes) this.state.set(key, value);
  }

  async #next(): Promise<ChaincodeMessage> {
    const { done, value } = await this.#messages.next();
    if (done) throw new Error("the chaincode ended the conversation");
    return value;
  }
}

const byKey = ([one]: readonly [string, unknown], [other]: readonly [string, unknown]) => (one < other ? -1 : 1);

function signedProposal(creator: SigningIdentity, nonce: Uint8Array, transaction: string): SignedProposal {
  const channelHeader = ChannelHeader.encode({
    type: ENDORSER_TRANSACTION,
    channelId: CHANNEL,
    txId: transaction,
    timestamp: { seconds: 1_790_000_000n, nanos: 0 },
  });
  const signatureHeader = SignatureHeader.encode({ creator: creator.creator, nonce });
  const header = Header.encode({ channelHeader, signatureHeader });
  const payload = ChaincodeProposalPayload.encode({ input: Uint8Array.of(0) }); // the shim wants it, and not what is in it
  const proposalBytes = Proposal.encode({ header, payload });
  return SignedProposal.decode(SignedProposal.encode({ proposalBytes, signature: creator.sign(proposalBytes) }));
}
