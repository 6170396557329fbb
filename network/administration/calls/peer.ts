import { equalBytes } from "@wanlian/protocol/bytes.js";
import { Block, BlockchainInfo, Status } from "@wanlian/protocol/messages/common.js";
import { SeekBehavior } from "@wanlian/protocol/messages/orderer.js";
import type { Endorsement, ProposalResponse } from "@wanlian/protocol/messages/proposal.js";
import { ChannelQueryResponse } from "@wanlian/protocol/messages/query.js";
import type { SigningIdentity } from "../../certificates/signing-identity.js";
import { NetworkError } from "../../error.js";
import { Deliver, Endorser } from "../../grpc/services.js";
import { type Connections, type Endpoint, endpointName } from "./connection.js";
import { hungUp, refusalOf, unreachable } from "./failure.js";
import { type Invocation, type PreparedProposal, propose } from "./proposal.js";
import { seek } from "./seek.js";

/** A peer simulates within seconds; a join replays nothing before it answers. */
const CALL_TIMEOUT_MS = 30_000;

/** A whole ledger can be many gigabytes. */
const STREAM_TIMEOUT_MS = 12 * 60 * 60_000;

/** Lowest response status that says no. */
const REFUSED = 400;

/** What an administrator asks of one peer. */
export class PeerClient {
  constructor(
    readonly endpoint: Endpoint,
    readonly connections: Connections,
    readonly identity: SigningIdentity,
  ) {}

  /** Channels that the peer has joined. */
  async channels(): Promise<string[]> {
    const payload = await this.query({ channel: "", chaincode: "cscc", args: [text("GetChannels")] });
    return ChannelQueryResponse.decode(payload).channels.map((channel) => channel.channelId);
  }

  /** Lets the peer join the channel that begins with this block. */
  async join(genesisBlock: Uint8Array): Promise<void> {
    await this.query({ channel: "", chaincode: "cscc", args: [text("JoinChain"), genesisBlock] });
  }

  /** Height and hashes of the peer's ledger of a channel. */
  async info(channel: string): Promise<BlockchainInfo> {
    const args = [text("GetChainInfo"), text(channel)];
    return BlockchainInfo.decode(await this.query({ channel, chaincode: "qscc", args }));
  }

  /** A block as the peer has it, its validation codes and commit hash included. */
  async block(channel: string, number: bigint): Promise<Block> {
    const args = [text("GetBlockByNumber"), text(channel), text(number.toString())];
    return Block.decode(await this.query({ channel, chaincode: "qscc", args }));
  }

  /** The blocks from one number to another, both included, as the peer has them. Throws `REFUSED` or `UNREACHABLE`. */
  async *blocks(channel: string, from: bigint, to: bigint): AsyncGenerator<Block> {
    const call = this.connections.to(this.endpoint).bidi(Deliver.deliver, { timeoutMs: STREAM_TIMEOUT_MS });
    try {
      const [start, stop] = [{ specified: { number: from } }, { specified: { number: to } }];
      await call.send(seek(channel, this.identity, { start, stop, behavior: SeekBehavior.FAIL_IF_NOT_READY }));
      for await (const { block, status } of call) {
        if (status === Status.SUCCESS) return;
        if (block === undefined) throw refusalOf(this.endpoint, `blocks of ${channel}`, status ?? 0);
        yield block;
      }
      throw hungUp(this.endpoint);
    } catch (cause) {
      throw cause instanceof NetworkError ? cause : unreachable(this.endpoint, this.endpoint.address, cause);
    } finally {
      call.cancel();
    }
  }

  /**
   * Whether the peer has the channel, asked by anybody: who is no member is refused, and of a channel that is not there everybody
   * hears that it is not. Undefined where it does not answer.
   */
  async hasChannel(channel: string): Promise<boolean | undefined> {
    try {
      for await (const _ of this.blocks(channel, 0n, 0n)) return true;
      return undefined;
    } catch (error) {
      if (!(error instanceof NetworkError)) throw error;
      return error.code === "REFUSED" ? error.details.status !== Status.NOT_FOUND : undefined;
    }
  }

  /** The block with the configuration in force. */
  async configBlock(channel: string): Promise<Block> {
    const args = [text("GetConfigBlock"), text(channel)];
    return Block.decode(await this.query({ channel, chaincode: "cscc", args }));
  }

  /** Calls a function and gives its answer; nothing is written. Throws `REFUSED` or `UNREACHABLE`. */
  async query(invocation: Invocation): Promise<Uint8Array> {
    const response = await this.process(propose(invocation, this.identity));
    return response.response?.payload ?? new Uint8Array();
  }

  /** Lets the peer simulate a proposal. Throws `REFUSED` where the answer is no, `UNREACHABLE` where there is none. */
  async process(proposal: PreparedProposal): Promise<ProposalResponse> {
    const answer = await this.connections
      .to(this.endpoint)
      .unary(Endorser.processProposal, proposal.signed, { timeoutMs: CALL_TIMEOUT_MS })
      .catch((cause: unknown) => {
        throw unreachable(this.endpoint, this.endpoint.address, cause);
      });
    const { response } = answer;
    if (!response) throw hungUp(this.endpoint);
    if (response.status >= REFUSED) throw refusalOf(this.endpoint, response.message, response.status);
    return answer;
  }
}

/** What the endorsers of a proposal agree on, and their signatures. Throws `REFUSED` if they do not agree. */
export async function endorse(
  proposal: PreparedProposal,
  peers: readonly PeerClient[],
): Promise<{ result: Uint8Array; endorsements: Endorsement[] }> {
  const responses = await Promise.all(peers.map((peer) => peer.process(proposal)));
  const [first] = responses;
  if (!first) throw new NetworkError("REFUSED", { zh: "没有可以背书的对等节点。", en: "There is no peer to endorse." });
  const other = responses.findIndex((response) => !equalBytes(response.payload, first.payload));
  if (other !== -1) {
    const names = [peers[0], peers[other]].flatMap((peer) => (peer ? [endpointName(peer.endpoint)] : []));
    throw new NetworkError("REFUSED", {
      zh: `${names.map(({ zh }) => zh).join("与")} 得出不同的结果；请比较二者的高度和版本。`,
      en: `${names.map(({ en }) => en).join(" and ")} come to different results; compare their heights and versions.`,
    });
  }
  return {
    result: first.payload,
    endorsements: responses.flatMap(({ endorsement }) => (endorsement ? [endorsement] : [])),
  };
}

/** An argument that is text. */
export function text(value: string): Uint8Array {
  return Buffer.from(value);
}
