import { text } from "@wanlian/protocol/bytes.js";
import { messageOf } from "@wanlian/protocol/errors.js";
import { Block } from "@wanlian/protocol/messages/common.js";
import { Config } from "@wanlian/protocol/messages/configuration.js";
import type { Response } from "@wanlian/protocol/messages/proposal.js";
import { ChannelQueryResponse } from "@wanlian/protocol/messages/query.js";
import { type AccessControl, signedDataOf } from "../access.js";
import type { Channels } from "../channels.js";
import type { ProposalContext } from "../dialogue/invocation.js";
import { failure, type SystemChaincode, success } from "./chaincode.js";

type Operation = (argument: Uint8Array, context: ProposalContext) => Promise<Response>;

/** `cscc`: joins this peer to channels and hands out their configuration (Fabric's core/scc/cscc/configure.go). */
export class ConfigurationChaincode implements SystemChaincode {
  readonly name = "cscc";
  readonly #channels: Channels;
  readonly #access: AccessControl;
  readonly #operations: ReadonlyMap<string, Operation>;

  constructor(channels: Channels, access: AccessControl) {
    this.#channels = channels;
    this.#access = access;
    this.#operations = new Map<string, Operation>([
      ["JoinChain", (argument, context) => this.#join(argument, context)],
      ["GetConfigBlock", (argument, context) => this.#configBlock(argument, context)],
      ["GetChannelConfig", (argument, context) => this.#channelConfig(argument, context)],
      ["GetChannels", (_, context) => this.#list(context)],
    ]);
  }

  async invoke(args: readonly Uint8Array[], context: ProposalContext): Promise<Response> {
    const [first, argument] = args;
    if (first === undefined) return failure(`Incorrect number of arguments, ${args.length}`);
    const name = text(first);
    if (name !== "GetChannels" && argument === undefined)
      return failure(`Incorrect number of arguments, ${args.length}`);
    const { chaincode } = context.proposal;
    if (chaincode !== this.name) {
      return failure(`Rejecting invoke of CSCC from another chaincode, original invocation for '${chaincode}'`);
    }
    const operation = this.#operations.get(name);
    if (operation === undefined) return failure(`Requested function ${name} not found.`);
    return operation(argument ?? new Uint8Array(0), context);
  }

  async #join(argument: Uint8Array, { proposal }: ProposalContext): Promise<Response> {
    let block: Block;
    try {
      block = Block.decode(argument);
    } catch (error) {
      return failure(`Failed to reconstruct the genesis block, ${messageOf(error)}`);
    }
    try {
      await this.#access.checkLocal("Admins", signedDataOf(proposal));
    } catch (error) {
      return failure(`access denied for [JoinChain]: [${messageOf(error)}]`);
    }
    await this.#channels.join(block);
    return success();
  }

  async #configBlock(argument: Uint8Array, { proposal }: ProposalContext): Promise<Response> {
    const channelId = text(argument);
    try {
      await this.#access.check("cscc/GetConfigBlock", channelId, signedDataOf(proposal));
    } catch (error) {
      return failure(`access denied for [GetConfigBlock][${channelId}]: ${messageOf(error)}`);
    }
    const ledger = this.#channels.get(channelId)?.ledger;
    const block = await ledger?.block(ledger.configBlock);
    return block === undefined ? failure(`Unknown channel ID, ${channelId}`) : success(Block.encode(block));
  }

  async #channelConfig(argument: Uint8Array, { proposal }: ProposalContext): Promise<Response> {
    const channelId = text(argument);
    if (channelId === "") return failure("empty channel name provided");
    try {
      await this.#access.check("cscc/GetChannelConfig", channelId, signedDataOf(proposal));
    } catch (error) {
      return failure(`access denied for [GetChannelConfig][${channelId}]: ${messageOf(error)}`);
    }
    const config = this.#channels.get(channelId)?.ledger.config.config;
    return config === undefined ? failure(`unknown channel ID, ${channelId}`) : success(Config.encode(config));
  }

  async #list({ proposal }: ProposalContext): Promise<Response> {
    try {
      await this.#access.checkLocal("Members", signedDataOf(proposal));
    } catch (error) {
      return failure(`access denied for [GetChannels]: ${messageOf(error)}`);
    }
    const channels = this.#channels.all().map(({ id }) => ({ channelId: id }));
    return success(ChannelQueryResponse.encode({ channels }));
  }
}
