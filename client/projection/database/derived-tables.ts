import { block, int, json, table, text } from "./columns.js";

/** Raised when a derived table changes shape: older ones are dropped and filled again from block 0. */
export const DERIVED_VERSION = 10;

const caseColumns = { noun: text(), case_id: text() };
const placeColumns = { block: block(), tx: int() };

/** Everything that the fold fills. The order is that of the digest. */
export const derivedTables = {
  /** One row a block: what the ledger tree's leaf is made of. */
  blocks: table(
    {
      number: block(),
      /** Header hash, hex. */
      hash: text(),
      previous_hash: text(),
      data_hash: text(),
      /** A byte a transaction, hex, as the own peer states it. */
      codes: text(),
      /** Hex, empty where the peer gives none (block 0). */
      commit_hash: text(),
      /** The fold's verdicts, one entry for each transaction that touched the chaincode's namespace. */
      verdicts: json(),
      /** Ledger time after the block; empty before clock 1. */
      time: text(),
    },
    ["number"],
  ),
  /** One row a transaction, valid or not. */
  transactions: table(
    {
      ...placeColumns,
      /** As claimed in the channel header; not unique. */
      id: text(),
      code: int(),
      type: int(),
      /** MSP id of the creator, empty if unreadable. */
      department: text(),
    },
    ["block", "tx"],
    ["id"],
  ),
  /** One row an act or attempt at one: every write in the namespace by a valid transaction. */
  acts: table(
    {
      ...placeColumns,
      ...caseColumns,
      number: int(),
      /** The version of the model that gave it; 0 for void ones. */
      model: int(),
      counted: int<0 | 1>(),
      /** Why it is void; empty when counted. */
      reason: text(),
      type: text(),
      department: text(),
      officer: text(),
      /** 1 where the officer's certificate is a machine's. */
      machine: int<0 | 1>(),
      /** Ledger time. */
      time: text(),
      claimed_time: text(),
      transaction_id: text(),
      basis: json(),
      body: json(),
      state: json(),
      /** MSP ids, JSON array, sorted. */
      endorsers: json(),
    },
    ["block", "tx", "noun", "case_id", "number"],
    ["noun", "case_id", "number"],
    ["noun", "case_id", "block", "tx", "number"],
    ["noun", "block", "tx"],
    ["department", "block"],
    ["transaction_id"],
  ),
  /** One row a case with at least one valid act. */
  cases: table(
    {
      ...caseColumns,
      /** v */
      act: int(),
      /** Of act v. */
      transaction_id: text(),
      /** m */
      next: int(),
      status: text(),
      state: json(),
      opened_time: text(),
      opened_block: block(),
      changed_time: text(),
      changed_block: block(),
      changed_tx: int(),
      /** After which it no longer holds (grants, mandates); empty where nothing ends. */
      expires: text(),
      /** Normalised by searchable(). */
      search_text: text(),
    },
    ["noun", "case_id"],
    ["noun", "status"],
    ["noun", "changed_block", "changed_tx"],
  ),
  /** Numbers that void acts have used up. */
  voids: table({ ...caseColumns, number: int(), ...placeColumns }, ["noun", "case_id", "number"]),
  /** Keys in numbers' ranges that void acts wrote, as they are now: what whoever endorses may take for acts. */
  left_keys: table(
    {
      /** SHA-256, hex. */
      key: text(),
      ...caseColumns,
      number: int(),
      /** Base64; empty where it is longer than any act. */
      content: text(),
    },
    ["key"],
    ["noun", "case_id", "number"],
  ),
  parties: table(
    { ...caseColumns, department: text(), relation: text() },
    ["noun", "case_id", "department", "relation"],
    ["department", "noun"],
  ),
  deadlines: table(
    {
      ...caseColumns,
      kind: text(),
      start: text(),
      /** 0 for what is not counted in working days. */
      working_days: int(),
      /** By the calendar as it is now; if `provisional`, the earliest that it can become. */
      due: text(),
      /** 1 while the working days to `due` have not all been announced: then it cannot be overdue. */
      provisional: int(),
      /** 1 if later notices on the days that it counts move it. */
      follows_notices: int(),
      /** Empty while it runs. Overdue: running, firm, and due < the ledger's time. */
      ended: text(),
      /** Department that has to act. */
      owner: text(),
    },
    ["noun", "case_id", "kind", "start"],
    ["ended", "due"],
  ),
  case_references: table(
    { ...caseColumns, to_noun: text(), to_case: text() },
    ["noun", "case_id", "to_noun", "to_case"],
    ["to_noun", "to_case"],
  ),
  /**
   * What releases and products say that they were made from, and whose place they take; and of which objections and
   * withdrawn releases their owners have explained that they stand all the same.
   */
  release_sources: table(
    { release: text(), source: text(), how: text<"derived" | "revised" | "corrected" | "explained">() },
    ["release", "source", "how"],
    ["source", "how"],
  ),
  /** Which acts state the digest of a text: the one place where a text is bound to its act. */
  text_digests: table(
    {
      digest: text(),
      ...caseColumns,
      number: int(),
      /** The member of the act's body, `.` between levels. */
      member: text(),
      /** The act's author. */
      department: text(),
    },
    ["digest", "noun", "case_id", "number", "member"],
  ),
  /** Whom an act concerns: the parties of its case and those who hold grants on its dataset, its author excepted. */
  notices: table(
    { department: text(), ...caseColumns, number: int(), ...placeColumns },
    ["department", "noun", "case_id", "number"],
    ["department", "block", "tx"],
  ),
  alarms: table(
    {
      ...placeColumns,
      ordinal: int(),
      kind: text(),
      message: text(),
      /** MSP ids, JSON array. */
      departments: json(),
      detail: json(),
      /** What a difference of configuration is about; empty for alarms of one event. */
      topic: text(),
      /** Block in which a difference of configuration ended; -1 while it stands and for alarms of one event. */
      ended_block: block(),
    },
    ["block", "tx", "ordinal"],
  ),
  /** Configuration blocks and committed contract definitions, in order. */
  configurations: table(
    {
      ...placeColumns,
      kind: text<"channel" | "definition">(),
      /** The channel's configuration (proto Config) or the definition (JSON), base64. */
      content: text(),
    },
    ["block", "tx", "kind"],
  ),
  /** One row: the fold's checkpoint, written in the same SQL transaction as the block's rows. */
  checkpoint: table({ id: int<1>(), height: block(), hash: text(), schema: int() }, ["id"]),
};
