import { canonicalBytes } from "@wanlian/model/canonical.js";
import { readEntry, readRecord } from "@wanlian/verify/records/log-entry.js";
import { expect } from "chai";

const ID = "ab".repeat(32);
const TIME = "2026-03-02T01:00:00Z";
const parties = { provider: "CivilMSP", consumer: "PoliceMSP", dataset: "CivilMSP/births", way: "lookup" };
const signature = "AAAA";

const request = {
  ...{ schema: 1, channel: "pilot", officer: "0102", certificate: ID, release: ID, grant: ID, fields: ["name"] },
  ...{ purpose: "lookup", scenario: "window", road: "gateway", nonce: ID, ...parties },
  ledger: { height: 9, block: ID, time: TIME },
};
const record = {
  ...{ kind: "access", schema: 1, request, requestSignature: signature, objections: [], certificate: ID, nonce: ID },
  ...{ checked: { act: 1, height: 9, block: ID, time: TIME, policy: 1 }, result: "served", rows: 1, bytes: 9 },
};
const question = {
  ...{ schema: 1, kind: "audit", channel: "pilot", node: "CivilMSP", department: "BureauMSP", officer: "0104" },
  ...{ certificate: ID, mandate: ID, filter: {}, asks: { what: "entries" }, nonce: ID },
  ledger: { height: 9, block: ID, time: TIME },
};
const filing = {
  ...{ schema: 1, kind: "filing", channel: "pilot", department: "CivilMSP", officer: "0202", noun: "dataset" },
  ...{ case: "CivilMSP/births", command: "change", body: ID, code: "NOT_OWNER", ledger: { height: 9 } },
};
const { provider, consumer, dataset, way } = parties;
const call = {
  ...{ schema: 1, kind: "call", channel: "pilot", department: "CivilMSP", details: {}, source: ID, taken: TIME },
  facts: {
    ...{ road: "platform", platform: "city exchange", call: "1", time: TIME, provider, consumer, dataset, way },
    ...{ result: "served", rows: 1 },
  },
  ...{ checked: { height: 9, block: ID, time: TIME }, nonce: ID },
};

describe("an entry of a log", () => {
  const ENTRIES: readonly (readonly [kind: string, entry: Readonly<Record<string, unknown>>])[] = [
    ["access", { record, signature }],
    ["question", { question, signature }],
    ["filing", { filing }],
    ["call", { call }],
  ];
  for (const [kind, entry] of ENTRIES) {
    it(`is read as what it is, in one form only: ${kind}`, () => {
      const bytes = canonicalBytes(entry);
      expect(readEntry(bytes)?.kind).to.equal(kind);
      expect(readRecord(bytes) !== undefined).to.equal(kind === "access");
      const [name = "", value] = Object.entries(entry)[0] ?? [];
      const others: [string, Uint8Array][] = [
        ["with a member more", canonicalBytes({ ...entry, more: 1 })],
        ["with a member more within", canonicalBytes({ ...entry, [name]: { ...(value as object), more: 1 } })],
        ["without what it says", canonicalBytes({ ...entry, [name]: {} })],
        ["beside another", canonicalBytes({ ...entry, [kind === "filing" ? "call" : "filing"]: {} })],
        ["with a space", Buffer.concat([bytes, Buffer.from(" ")])],
      ];
      for (const [how, other] of others) expect(readEntry(other), how).to.equal(undefined);
    });
  }

  for (const none of ["null", "1", '"record"', "[]", "{}", "", "{"]) {
    it(`is none: ${none === "" ? "nothing" : none}`, () => expect(readEntry(Buffer.from(none))).to.equal(undefined));
  }
});
