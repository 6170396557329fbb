/** Asking other departments for data, serving it, and countersigning what was got. */

export { type CellSearch, OwnCells, type OwnRelease } from "./cells/own-cells.js";
export { type CellShown, type KeptAnswer, shownCells } from "./cells/shown-cells.js";
export { comparedColumns, compareWithRelease } from "./comparison/compare-with-release.js";
export { type ComparedRecord, compareRecord } from "./consumer/compare-record.js";
export { type Accessed, type Ask, ConsumerDesk } from "./consumer/consumer-desk.js";
export { MissedRecords } from "./consumer/missed-records.js";
export { OpenRequests } from "./consumer/open-requests.js";
export { ReceivedRecords } from "./consumer/received-records.js";
export { fetchKept } from "./kept/kept-records.js";
export { exchangeRoutes } from "./provider/exchange-routes.js";
export { KeyRuns } from "./provider/key-runs.js";
export { type ChangedSource, ProvenSources } from "./provider/proven-sources.js";
export { ProviderDesk } from "./provider/provider-desk.js";
export { Quotas } from "./provider/quota.js";
export { RecordFinder } from "./provider/record-finder.js";
export { RecordKeeper } from "./provider/record-keeper.js";
export { Pseudonyms } from "./provider/shown/pseudonyms.js";
export { AwaitedReceipts, type MissingReceipts } from "./receipts/awaited-receipts.js";
export { Deliveries } from "./receipts/deliveries.js";
export { fetchLostReceipts, type LostParts } from "./receipts/lost-receipts.js";
export { ReceiptDesk } from "./receipts/receipt-desk.js";
export { ReceiptSender } from "./receipts/receipt-sender.js";
export { Undelivered } from "./receipts/undelivered.js";
export { InterruptedStreams } from "./streams/interrupted-streams.js";
export { type DownloadPart, downloadRelease } from "./streams/release-download.js";
export { ReleaseStream } from "./streams/release-stream.js";
