/** Reading the ledger: cases, acts, pages, the past, the channel's configuration. */

export { type ActQuery, pageOfActs } from "./act-page.js";
export { anchorsOf, logOnLedger } from "./anchors.js";
export {
  type CaseFilter,
  type CaseName,
  contextOf,
  everyAct,
  everyCase,
  findAct,
  findCase,
  listActs,
  listCases,
} from "./cases.js";
export { ChannelConfiguration, ConfigurationHistory } from "./channel-configuration.js";
export { FollowedCase } from "./followed-case.js";
export type {
  Anchor,
  Case,
  LedgerPast,
  LedgerPosition,
  LedgerPresent,
  LedgerReader,
  RuleAt,
  RuledUse,
  RulesAt,
} from "./ledger-reader.js";
export { NodeLedger } from "./node-ledger.js";
export { DEFAULT_PAGE, decodeCursor, MAX_PAGE, type Page, type PageRequest, pageOf, pageParameters } from "./paging.js";
export { type CaseAt, findCaseAt, lastActs, listCasesAt } from "./past/cases-at.js";
export { type CaseChange, type ChangedMember, listChanges } from "./past/changes.js";
export { AT, isBlock, type Place, placeAt } from "./past/place.js";
export { RememberedHistory } from "./past/remembered-history.js";
export { actOf, type CaseSummary, caseOf, type Db, type DeadlineEntry, deadlineOf } from "./rows.js";
