import { headerHash } from "@wanlian/protocol/block.js";
import { Block, type BlockHeader } from "@wanlian/protocol/messages/common.js";
import { TxValidationCode } from "@wanlian/protocol/messages/transaction.js";
import { indexedTransactionId } from "@wanlian/protocol/transaction/envelope.js";
import {
  blockHashKey,
  blockKey,
  CONFIG_BLOCK,
  commitHashKey,
  HEIGHT,
  historyKey,
  stateKey,
  transactionKey,
  uint64,
} from "./keys.js";
import type { Write } from "./store.js";
import type { ValidatedBlock } from "./validator.js";
import { encodePosition, encodeState } from "./values.js";

const put = (key: Uint8Array, value: Uint8Array): Write => ({ type: "put", key, value });

/** Everything that a block changes in the database but private data; of the genesis block there is no validation. */
export function blockWrites(
  block: Block,
  header: BlockHeader,
  validated: ValidatedBlock | undefined,
  commitHash: Uint8Array | undefined,
): Write[] {
  const { number } = header;
  const writes = [
    put(blockKey(number), Block.encode(block)),
    put(blockHashKey(headerHash(header)), uint64(number)),
    put(HEIGHT, uint64(number + 1n)),
  ];
  if (validated === undefined || validated.bundle !== undefined) writes.push(put(CONFIG_BLOCK, uint64(number)));
  if (commitHash !== undefined) writes.push(put(commitHashKey(number), commitHash));
  const transactions = validated?.transactions ?? genesisTransactions(block);
  writes.push(...transactionWrites(number, transactions));
  if (validated !== undefined) writes.push(...stateWrites(validated), ...historyWrites(number, validated));
  return writes;
}

const genesisTransactions = (
  block: Block,
): { readonly txId: string; readonly code: number; readonly known: boolean }[] =>
  (block.data?.data ?? []).map((bytes) => ({
    txId: indexedTransactionId(bytes),
    code: TxValidationCode.VALID,
    known: false,
  }));

/** Each id where it stands first. */
function transactionWrites(
  block: bigint,
  transactions: readonly { readonly txId: string; readonly code: number; readonly known: boolean }[],
): Write[] {
  const seen = new Set<string>([""]);
  const writes: Write[] = [];
  transactions.forEach(({ txId, code, known }, index) => {
    if (known || seen.has(txId)) return;
    seen.add(txId);
    writes.push(put(transactionKey(txId), encodePosition({ block, index, code })));
  });
  return writes;
}

function stateWrites({ updates }: ValidatedBlock): Write[] {
  return [...updates.public].flatMap(([namespace, keys]) =>
    [...keys].map(([name, { value, metadata, version }]): Write => {
      const key = stateKey(namespace, name);
      return value === undefined ? { type: "del", key } : put(key, encodeState({ value, metadata, version }));
    }),
  );
}

function historyWrites(block: bigint, { transactions }: ValidatedBlock): Write[] {
  return transactions.flatMap(({ code, namespaces }, index) =>
    code === TxValidationCode.VALID
      ? namespaces.flatMap(({ namespace, kv }) =>
          kv.writes.map(({ key }) => put(historyKey(namespace, key, block, BigInt(index)), new Uint8Array(0))),
        )
      : [],
  );
}
