/** Blocks and transactions as a peer delivers them, and what any connector to a ledger does. */

export type { LedgerBlock } from "./block.js";
export { blockFeed, inBatches } from "./block-feed.js";
export { type EndorsedTransaction, LedgerAccessError, type LedgerConnector } from "./connector.js";
export { actorOf } from "./creator.js";
export { creatorOf } from "./deliver.js";
export type { LedgerLocation } from "./peer-blocks.js";
export { contractWords } from "./refusal.js";
export { type EndorsedAction, readAction, readHeaders, type TransactionHeaders } from "./transaction.js";
