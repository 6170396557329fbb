import { bytes, int, json, orNull, table, text } from "./columns.js";

/** What only this node knows. Unlike the derived tables it cannot be made anew: a change of shape is a migration. */
export const localTables = {
  /** One row a filing. */
  "local.submissions": table(
    {
      /** `MSPID/officer number`. */
      officer: text(),
      key: text(),
      /** SHA-256 of the command, hex. */
      digest: text(),
      command: json(),
      /** The own case's act when the officer decided. */
      seen: int(),
      /** `parked`: nothing of it can count any more, and the same key may make it anew. */
      status: text<"open" | "counted" | "parked" | "failed">(),
      failure: orNull(json()),
      created: text(),
    },
    ["officer", "key"],
    ["status"],
  ),
  /** One row an envelope, stored before it is submitted. */
  "local.envelopes": table(
    {
      transaction_id: text(),
      officer: text(),
      key: text(),
      attempt: int(),
      /** proto common.Envelope; emptied once it counts. */
      content: bytes(),
      /** Number of the clock act in its basis: once a later one counted, this envelope never can. */
      clock: int(),
      fate: text<"open" | "settled">(),
      stored: text(),
    },
    ["transaction_id"],
    ["officer", "key"],
    ["fate"],
  ),
  /** How far a case's notices were opened by an officer. */
  "local.read_marks": table({ noun: text(), case_id: text(), number: int(), officer: text(), time: text() }, [
    "noun",
    "case_id",
  ]),
  /** Free text, of which the ledger has the salted digest. Which acts it belongs to stands in `text_digests`. */
  "local.texts": table(
    {
      /** Hex SHA-256 as on the ledger. */
      digest: text(),
      salt: text(),
      /** Empty once the filing that it was written for came to nothing. */
      content: text(),
      /** The filing that it was written for (officer and key); both empty for another department's. */
      officer: text(),
      filing: text(),
      /** When it came here. */
      kept: text(),
    },
    ["digest"],
    ["officer", "filing"],
  ),
  /** Reports of assessments, of which the ledger has the digest. */
  "local.reports": table(
    {
      /** Hex SHA-256 as on the ledger. */
      digest: text(),
      /** Canonical JSON. */
      content: text(),
      /** When it came here. */
      kept: text(),
    },
    ["digest"],
  ),
  /** One row a record of the node's own access log, read from the log, so it can be thrown away. */
  "local.accesses": table(
    {
      /** Index in the log. */
      position: int(),
      /** Leaf hash, hex. */
      id: text(),
      kind: text<"access" | "opening" | "closing" | "call" | "audit" | "filing" | "other">(),
      /** Id of the opening, of a closing; of a call over another road, the digest of what was said of it; else empty. */
      opening: text(),
      provider: text(),
      consumer: text(),
      officer: text(),
      /** 1 where it was a machine that asked. */
      machine: int<0 | 1>(),
      /** 平台运营企业, where one worked for the consumer. */
      operator: text(),
      dataset: text(),
      release: text(),
      grant_case: text(),
      grant_act: int(),
      /** Asked for, with commas between. */
      fields: text(),
      purpose: text(),
      scenario: text(),
      way: text(),
      road: text(),
      result: text(),
      reason: text(),
      row_count: int(),
      /** 1 where it was answered, and nothing was found: no row of a look-up, no of a check. */
      empty: int<0 | 1>(),
      /** Ledger time. */
      time: text(),
      /** In China Standard Time. */
      day: text(),
      /** The same with its hour: `2026-09-28T09`. */
      hour: text(),
      height: int(),
      /** Of a call over another road: what names it. */
      nonce: text(),
      /** Of a refused filing: `noun.command`, and its case. Of a call: platform and number. */
      filing: text(),
    },
    ["position"],
    ["id"],
    ["dataset", "position"],
    ["officer", "position"],
    ["grant_case", "time"],
    ["nonce"],
    ["opening"],
  ),
  /** What other departments say of calls over other roads: that they have them, and how, or that they lack them. */
  "local.call_words": table(
    {
      /** What names the call. */
      key: text(),
      department: text(),
      /** The digest of what was said of it there; empty where it is lacking, or where it only differs. */
      facts: text(),
      word: text<"has" | "differs" | "lacks">(),
      /** What it is, as the other department says; empty where this node asked. */
      said: text(),
      /** 1 where this log has the call, too. */
      here: int<0 | 1>(),
      /** Ledger time. */
      time: text(),
    },
    ["key", "department"],
    ["here", "word"],
  ),
  /** Up to which position of the log other departments were told of calls. */
  "local.calls_told": table({ department: text(), position: int() }, ["department"]),
  /** What came of another road and is no call, or not one as it should be: the last of it. */
  "local.call_notes": table(
    {
      number: int(),
      code: text(),
      /** Where it came from: a file and its line, or who pushed it. */
      source: text(),
      /** The call's number, where it has one. */
      call: text(),
      said: text(),
      /** Ledger time. */
      time: text(),
    },
    ["number"],
    ["code", "number"],
  ),
  /** How far files of calls were read. */
  "local.call_files": table(
    {
      name: text(),
      offset: int(),
      lines: int(),
      /** The headings of a CSV file, as they stand there. */
      headings: text(),
      /** The last serial number; -1: none yet. */
      serial: int(),
    },
    ["name"],
  ),
  /** The times within each span of positions of the accesses; made from them. */
  "local.access_spans": table(
    {
      /** Position divided by the rows of a span. */
      span: int(),
      first_time: text(),
      last_time: text(),
    },
    ["span"],
  ),
  /** Accesses by the hour, summed up from `local.accesses` in the SQL transactions that fill it. */
  "local.access_counts": table(
    {
      hour: text(),
      provider: text(),
      consumer: text(),
      officer: text(),
      /** 1 where it was a machine that asked. */
      machine: int<0 | 1>(),
      operator: text(),
      dataset: text(),
      grant_case: text(),
      purpose: text(),
      scenario: text(),
      way: text(),
      road: text(),
      result: text(),
      reason: text(),
      accesses: int(),
      row_count: int(),
      empty: int(),
    },
    [
      ...["hour", "provider", "consumer", "officer", "machine", "operator", "dataset", "grant_case"],
      ...["purpose", "scenario", "way", "road", "result", "reason"],
    ] as const,
    ["dataset", "consumer", "hour"],
  ),
  /** Fields that were asked for under grants, made with `local.access_counts`. */
  "local.field_uses": table(
    { provider: text(), consumer: text(), dataset: text(), field: text(), first_day: text(), uses: int() },
    ["provider", "consumer", "dataset", "field"],
  ),
  /** Look-ups and checks that this node answered, and those whose keys follow upon others': counts, and no keys. */
  "local.key_runs": table({ hour: text(), consumer: text(), dataset: text(), asked: int(), following: int() }, [
    "hour",
    "consumer",
    "dataset",
  ]),
  /** 预警: use that was unusual on a day. */
  "local.warnings": table(
    {
      /** SHA-256 of what it is about, hex: one a kind, a day and whom. */
      id: text(),
      kind: text(),
      day: text(),
      provider: text(),
      consumer: text(),
      /** These three are empty where it is about all of them. */
      dataset: text(),
      officer: text(),
      grant_case: text(),
      /** As they were when it was last looked at. */
      figures: json(),
      /** Ledger time. */
      raised: text(),
      /** Of the last record of the log that it was raised by. */
      position: int(),
    },
    ["id"],
    ["raised"],
  ),
  /** Who has looked into a warning, and why it is settled. */
  "local.warning_marks": table({ warning: text(), number: int(), officer: text(), time: text(), note: text() }, [
    "warning",
    "number",
  ]),
  /** One row: up to which position of the log was looked. */
  "local.warned_to": table({ id: int<1>(), position: int() }, ["id"]),
  /** One row: the version of these tables. */
  "local.version": table({ id: int<1>(), version: int() }, ["id"]),
};
