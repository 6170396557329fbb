import type { ColumnType } from "kysely";

/** Written as number or bigint, read as number: block numbers stay far below 2^53. */
type BlockNumber = ColumnType<number, number | bigint, number | bigint>;
/** Canonical JSON text. */
type Json = string;
type Flag = 0 | 1;

/** One row a block: what the ledger tree's leaf is made of. */
export interface BlockTable {
  number: BlockNumber;
  /** Header hash, hex. */
  hash: string;
  previous_hash: string;
  data_hash: string;
  /** A byte a transaction, hex, as the own peer states it. */
  codes: string;
  /** Hex, empty where the peer gives none (block 0). */
  commit_hash: string;
  /** The fold's verdicts: canonical JSON, one entry for each transaction that touched the chaincode's namespace. */
  verdicts: Json;
  /** Ledger time after the block; empty before clock 1. */
  time: string;
}

/** One row a transaction, valid or not. */
export interface TransactionTable {
  block: BlockNumber;
  tx: number;
  /** As claimed in the channel header; not unique. */
  id: string;
  code: number;
  type: number;
  /** MSP id of the creator, empty if unreadable. */
  department: string;
}

/** One row an act or attempt at one: every write in the namespace by a valid transaction. */
export interface ActTable {
  block: BlockNumber;
  tx: number;
  noun: string;
  case_id: string;
  number: number;
  /** The version of the model that gave it; 0 for void ones. */
  model: number;
  counted: Flag;
  /** Why it is void; empty when counted. */
  reason: string;
  type: string;
  department: string;
  officer: string;
  /** Ledger time. */
  time: string;
  claimed_time: string;
  transaction_id: string;
  basis: Json;
  body: Json;
  state: Json;
  /** MSP ids, JSON array, sorted. */
  endorsers: Json;
}

/** One row a case with at least one valid act. */
export interface CaseTable {
  noun: string;
  case_id: string;
  /** v */
  act: number;
  /** m */
  next: number;
  status: string;
  state: Json;
  opened_time: string;
  opened_block: BlockNumber;
  changed_time: string;
  changed_block: BlockNumber;
  changed_tx: number;
  /** After which it no longer holds (grants, mandates); empty where nothing ends. */
  expires: string;
  /** Normalised by searchable(). */
  search_text: string;
}

/** Numbers that void acts have used up. */
export interface VoidTable {
  noun: string;
  case_id: string;
  number: number;
  block: BlockNumber;
  tx: number;
}

export interface PartyTable {
  noun: string;
  case_id: string;
  department: string;
  relation: string;
}

export interface DeadlineTable {
  noun: string;
  case_id: string;
  kind: string;
  start: string;
  /** 0 for what is not counted in working days. */
  working_days: number;
  /** By the calendar as it is now; if `provisional`, the earliest that it can become. */
  due: string;
  /** 1 while the working days to `due` have not all been announced: then it cannot be overdue. */
  provisional: number;
  /** 1 if later notices on the days that it counts move it. */
  follows_notices: number;
  /** Empty while it runs. Overdue: running, firm, and due < the ledger's time. */
  ended: string;
  /** Department that has to act. */
  owner: string;
}

export interface ReferenceTable {
  noun: string;
  case_id: string;
  to_noun: string;
  to_case: string;
}

/** Whom an act concerns: the parties of its case and those who hold grants on its dataset, its author excepted. */
export interface NoticeTable {
  department: string;
  noun: string;
  case_id: string;
  number: number;
  block: BlockNumber;
  tx: number;
}

export interface AlarmTable {
  block: BlockNumber;
  tx: number;
  ordinal: number;
  kind: string;
  message: string;
  /** MSP ids, JSON array. */
  departments: Json;
  detail: Json;
  /** What a difference of configuration is about; empty for alarms of one event. */
  topic: string;
  /** Block in which a difference of configuration ended; -1 while it stands and for alarms of one event. */
  ended_block: BlockNumber;
}

/** Configuration blocks and committed contract definitions, in order. */
export interface ConfigurationTable {
  block: BlockNumber;
  tx: number;
  kind: "channel" | "definition";
  /** The channel's configuration (proto Config) or the definition (JSON), base64. */
  content: string;
}

/** One row: the fold's checkpoint, written in the same SQL transaction as the block's rows. */
export interface CheckpointTable {
  id: 1;
  height: BlockNumber;
  hash: string;
  schema: number;
}

/** Local: one row a filing. */
export interface SubmissionTable {
  /** `MSPID/officer number`. */
  officer: string;
  key: string;
  /** SHA-256 of the command, hex. */
  digest: string;
  command: Json;
  /** The own case's act when the officer decided. */
  seen: number;
  /** `parked`: nothing of it can count any more, and the same key may make it anew. */
  status: "open" | "counted" | "parked" | "failed";
  failure: Json | null;
  created: string;
}

/** Local: one row an envelope, stored before it is submitted. */
export interface EnvelopeTable {
  transaction_id: string;
  officer: string;
  key: string;
  attempt: number;
  /** proto common.Envelope; emptied once it counts. */
  content: Uint8Array;
  /** Number of the clock act in its basis: once a later one counted, this envelope never can. */
  clock: number;
  fate: "open" | "settled";
  stored: string;
}

/** Local: how far a case's notices were opened by an officer. */
export interface ReadMarkTable {
  noun: string;
  case_id: string;
  number: number;
  officer: string;
  time: string;
}

/** Local: free text, of which the ledger has the salted digest. */
export interface TextTable {
  /** Hex SHA-256 as on the ledger. */
  digest: string;
  salt: string;
  content: string;
  noun: string;
  case_id: string;
  number: number;
  time: string;
}

/** Local: one row a record of the node's own access log, read from the log, so it can be thrown away. */
export interface AccessTable {
  /** Index in the log. */
  position: number;
  /** Leaf hash, hex. */
  id: string;
  kind: "access" | "opening" | "closing" | "audit" | "other";
  /** Id of the opening, of a closing; else empty. */
  opening: string;
  provider: string;
  consumer: string;
  officer: string;
  dataset: string;
  release: string;
  grant_case: string;
  grant_act: number;
  purpose: string;
  scenario: string;
  way: string;
  road: string;
  result: string;
  reason: string;
  row_count: number;
  /** Ledger time. */
  time: string;
  /** In China Standard Time. */
  day: string;
  height: number;
  nonce: string;
}

export interface NodeDatabase {
  blocks: BlockTable;
  transactions: TransactionTable;
  acts: ActTable;
  cases: CaseTable;
  voids: VoidTable;
  parties: PartyTable;
  deadlines: DeadlineTable;
  case_references: ReferenceTable;
  notices: NoticeTable;
  alarms: AlarmTable;
  configurations: ConfigurationTable;
  checkpoint: CheckpointTable;
  "local.submissions": SubmissionTable;
  "local.envelopes": EnvelopeTable;
  "local.read_marks": ReadMarkTable;
  "local.texts": TextTable;
  "local.accesses": AccessTable;
}
