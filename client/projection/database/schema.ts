import type { RowOf } from "./columns.js";
import type { derivedTables } from "./derived-tables.js";
import type { localTables } from "./local-tables.js";

type Tables = typeof derivedTables & typeof localTables;

/** The node's database as kysely has it; it follows from the tables' descriptions. */
export type NodeDatabase = { [Name in keyof Tables]: RowOf<Tables[Name]> };

export type BlockTable = NodeDatabase["blocks"];
export type TransactionTable = NodeDatabase["transactions"];
export type ActTable = NodeDatabase["acts"];
export type CaseTable = NodeDatabase["cases"];
export type VoidTable = NodeDatabase["voids"];
export type LeftKeyTable = NodeDatabase["left_keys"];
export type DeadlineTable = NodeDatabase["deadlines"];
export type TextDigestTable = NodeDatabase["text_digests"];
export type NoticeTable = NodeDatabase["notices"];
export type AlarmTable = NodeDatabase["alarms"];
export type SubmissionTable = NodeDatabase["local.submissions"];
export type EnvelopeTable = NodeDatabase["local.envelopes"];
export type AccessTable = NodeDatabase["local.accesses"];
export type AccessCountTable = NodeDatabase["local.access_counts"];
export type WarningTable = NodeDatabase["local.warnings"];
