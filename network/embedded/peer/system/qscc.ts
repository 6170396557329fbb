import { text } from "@wanlian/protocol/bytes.js";
import { messageOf } from "@wanlian/protocol/errors.js";
import { Block, BlockchainInfo } from "@wanlian/protocol/messages/common.js";
import type { Response } from "@wanlian/protocol/messages/proposal.js";
import { ProcessedTransaction } from "@wanlian/protocol/messages/transaction.js";
import type { Ledger } from "../../ledger/ledger.js";
import { type AccessControl, isResource, signedDataOf } from "../access.js";
import type { Channels } from "../channels.js";
import type { ProposalContext } from "../dialogue/invocation.js";
import { failure, type SystemChaincode, success } from "./chaincode.js";

/** The number that stands for the newest block. */
const NEWEST = 2n ** 64n - 1n;

type Query = (ledger: Ledger, argument: Uint8Array) => Promise<Response>;

const QUERIES: Readonly<Record<string, Query>> = {
  GetChainInfo: async (ledger) => {
    const newest = await ledger.block(ledger.height - 1n);
    return success(
      BlockchainInfo.encode({
        height: ledger.height,
        currentBlockHash: ledger.lastBlockHash,
        previousBlockHash: newest?.header?.previousHash,
      }),
    );
  },
  GetBlockByNumber: async (ledger, argument) => {
    const asked = text(argument);
    if (!/^\d+$/.test(asked) || BigInt(asked) > NEWEST) {
      const reason = `strconv.ParseUint: parsing ${JSON.stringify(asked)}: invalid syntax`;
      return failure(`Failed to parse block number with error ${reason}`);
    }
    const number = BigInt(asked) === NEWEST ? ledger.height - 1n : BigInt(asked);
    return blockOr(
      await ledger.block(number),
      `Failed to get block number ${asked}, error no such block number [${asked}] in index`,
    );
  },
  GetBlockByHash: async (ledger, hash) => {
    const missing = `Failed to get block hash ${text(hash)}, error no such block hash [${Buffer.from(hash).toString("hex")}] in index`;
    return blockOr(await ledger.blockByHash(hash), missing);
  },
  GetBlockByTxID: async (ledger, argument) => {
    const txId = text(argument);
    return blockOr(await ledger.blockByTxId(txId), `Failed to get block for txID ${txId}, error ${unknownTx(txId)}`);
  },
  GetTransactionByID: async (ledger, argument) => {
    const txId = text(argument);
    const found = await ledger.transaction(txId);
    if (found === undefined) return failure(`Failed to get transaction with id ${txId}, error ${unknownTx(txId)}`);
    return success(ProcessedTransaction.encode({ transactionEnvelope: found.envelope, validationCode: found.code }));
  },
};

/** `qscc`: hands out blocks and transactions of a channel to its readers (Fabric's core/scc/qscc/query.go). */
export class QueryChaincode implements SystemChaincode {
  readonly name = "qscc";
  readonly #channels: Channels;
  readonly #access: AccessControl;

  constructor(channels: Channels, access: AccessControl) {
    this.#channels = channels;
    this.#access = access;
  }

  async invoke(args: readonly Uint8Array[], { proposal }: ProposalContext): Promise<Response> {
    const [first, second, argument] = args;
    if (first === undefined || second === undefined) return failure(`Incorrect number of arguments, ${args.length}`);
    const name = text(first);
    const channelId = text(second);
    if (proposal.chaincode !== this.name) {
      const reason = `original invocation for '${proposal.chaincode}'`;
      return failure(`Rejecting invoke of QSCC from another chaincode because of potential for deadlocks, ${reason}`);
    }
    if (name !== "GetChainInfo" && argument === undefined) return failure(`missing 3rd argument for ${name}`);
    const ledger = this.#channels.get(channelId)?.ledger;
    if (ledger === undefined) return failure(`Invalid chain ID, ${channelId}`);
    const resource = `qscc/${name}`;
    const query = QUERIES[name];
    if (query === undefined || !isResource(resource)) return failure(`Requested function ${name} not found.`);
    try {
      await this.#access.check(resource, channelId, signedDataOf(proposal));
    } catch (error) {
      return failure(`access denied for [${name}][${channelId}]: [${messageOf(error)}]`);
    }
    return query(ledger, argument ?? new Uint8Array(0));
  }
}

const unknownTx = (txId: string): string => `no such transaction ID [${txId}] in index`;

const blockOr = (block: Block | undefined, missing: string): Response =>
  block === undefined ? failure(missing) : success(Block.encode(block));
