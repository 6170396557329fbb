import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { canonicalBytes, canonicalJson } from "@wanlian/model/canonical.js";
import type { Digest } from "@wanlian/model/identifiers.js";
import { encodeEntry, recordId, responseOf, type SignedRecord } from "@wanlian/verify/records/access-record.js";
import { keyedDigest, type Subject, subjectDigest } from "@wanlian/verify/records/access-request.js";
import type { AuditEntry } from "@wanlian/verify/records/audit-request.js";
import { readEntry, readRecord } from "@wanlian/verify/records/log-entry.js";
import { readSignature, type StatementKind, statementBytes } from "@wanlian/verify/records/statement.js";
import { expect } from "chai";

interface Entry<T> {
  title: string;
  value: T;
  canonical: string;
  leaf: string;
}
interface Vectors {
  key: Digest;
  subject: Subject;
  payload: unknown;
  statements: { kind: StatementKind; value: unknown; digest: string }[];
  entries: Entry<SignedRecord>[];
  questions: Entry<AuditEntry>[];
}

const vectors = JSON.parse(
  readFileSync(new URL("../../vectors/access-record/vectors.json", import.meta.url), "utf8"),
) as Vectors;

describe("access record (docs/formats/access-record.md)", () => {
  for (const { title, value, canonical, leaf } of vectors.entries) {
    it(`agrees with the second implementation: ${title}`, () => {
      expect(Buffer.from(encodeEntry(value)).toString()).to.equal(canonical);
      expect(recordId(value)).to.equal(leaf);
      expect(readEntry(Buffer.from(canonical))).to.deep.equal({ kind: value.record.kind, signed: value });
    });
  }

  for (const { title, value, canonical } of vectors.questions) {
    it(`agrees with the second implementation: ${title}`, () => {
      expect(readEntry(Buffer.from(canonical))).to.deep.equal({ kind: "question", asked: value });
      expect(readRecord(Buffer.from(canonical)), "no access").to.equal(undefined);
    });
  }

  it("takes a refused filing for itself alone, and for none that lacks a member or has one too many", () => {
    const filing = {
      ...{ schema: 1, kind: "filing", channel: "pilot", department: "CivilMSP", officer: "0202" },
      ...{ noun: "demand", case: null, command: "publish", body: "cd".repeat(32), code: "INVALID_INPUT" },
      ledger: { height: 7, time: "2026-09-28T17:00:00Z" },
    };
    const read = (value: object) => readEntry(canonicalBytes(value));
    expect(read({ filing })).to.deep.equal({ kind: "filing", filing });
    expect(readRecord(canonicalBytes({ filing })), "no access").to.equal(undefined);
    const { code: _, ...without } = filing;
    expect(read({ filing: without })).to.equal(undefined);
    expect(read({ filing: { ...filing, message: "" } })).to.equal(undefined);
    expect(read({ filing, signature: "AAAA" })).to.equal(undefined);
    expect(readEntry(Buffer.from(JSON.stringify({ filing }))), "not canonical").to.equal(undefined);
  });

  for (const { kind, value, digest } of vectors.statements) {
    it(`signs ${kind} over the same bytes`, () => {
      expect(createHash("sha256").update(statementBytes(kind, value)).digest("hex")).to.equal(digest);
    });
  }

  it("digests what was looked up and what came back under the access's key", () => {
    const { key, subject, payload, entries } = vectors;
    const record = entries[0]?.value.record;
    expect(subjectDigest(key, subject)).to.equal(record?.request.subject);
    expect(keyedDigest(key, canonicalBytes(payload))).to.equal(record && responseOf(record));
  });

  it("takes no record that is spelled another way, lacks a member or has one too many", () => {
    const [{ value, canonical }] = vectors.entries as [Entry<SignedRecord>];
    const variants = [
      canonical.replace('{"record"', '{ "record"'),
      canonical.replace('"rows":1', '"rows":1.0'),
      canonical.replace('"rows":1', '"rows":-1'),
      canonicalJson({ ...value, more: 1 }),
      canonicalJson({ ...value, record: { ...value.record, schema: 2 } }),
      canonicalJson({ ...value, record: { ...value.record, nonce: undefined } }),
      canonicalJson({ ...value, record: { ...value.record, reason: "BECAUSE" } }),
      "[]",
      "",
    ];
    expect(variants.map((text) => readEntry(Buffer.from(text)))).to.deep.equal(variants.map(() => undefined));
  });

  describe("takes each kind in its own form only", () => {
    const [{ value }] = vectors.entries as [Entry<SignedRecord>];
    const {
      reason: _,
      response,
      rows: __,
      bytes: ___,
      ...common
    } = { reason: "", ...value.record } as Record<string, unknown>;
    const opening = { ...common, kind: "opening", result: "opened", rows: 0, bytes: 0 };
    const given = { rows: 3, bytes: 9, response };
    const closing = { ...common, ...given, kind: "closing", result: "served", opening: "ab".repeat(32) };
    const cases: [string, object, string | undefined][] = [
      ["an opening", opening, "opening"],
      ["an opening that says what went out", { ...opening, rows: 1 }, undefined],
      ["an opening with a digest of what went out", { ...opening, response }, undefined],
      ["an opening that was served", { ...opening, result: "served" }, undefined],
      ["a closing", closing, "closing"],
      ["a closing of nothing", { ...closing, opening: undefined }, undefined],
      ["a closing that refuses", { ...closing, result: "refused" }, undefined],
      ["a closing that opens", { ...closing, result: "opened" }, undefined],
      ["an access", value.record, "access"],
      ["an access that closes something", { ...value.record, opening: "ab".repeat(32) }, undefined],
      ["an access that was stopped", { ...value.record, result: "stopped" }, undefined],
      ["a kind that nobody knows", { ...value.record, kind: "transfer" }, undefined],
    ];
    for (const [what, record, kind] of cases) {
      it(what, () => {
        expect(readEntry(canonicalBytes({ record, signature: value.signature }))?.kind).to.equal(kind);
      });
    }

    it("an entry that is two at once", () => {
      const [question] = vectors.questions as [Entry<AuditEntry>];
      expect(readEntry(canonicalBytes({ ...value, question: question.value.question }))).to.equal(undefined);
      expect(readEntry(canonicalBytes({ ...question.value, statement: {} }))).to.equal(undefined);
    });
  });

  describe("knows one spelling of a signature", () => {
    const der = Buffer.from("3006020101020101", "hex");
    const cases: [string, string, boolean][] = [
      ["as it was made", der.toString("base64"), true],
      ["with bytes after it", Buffer.concat([der, Buffer.of(0)]).toString("base64"), false],
      ["with bytes after S", Buffer.from("300702010102010100", "hex").toString("base64"), false],
      ["in the alphabet for addresses", Buffer.from("3006020101020101fbff", "hex").toString("base64url"), false],
      ["without its padding", der.toString("base64").replaceAll("=", ""), false],
      ["with bits set that mean nothing", "MAYCAQECAQF=", false],
      ["with a line feed", `${der.toString("base64")}\n`, false],
      ["that is no signature", "AAAA", false],
    ];
    for (const [what, text, known] of cases) {
      it(what, () => expect(readSignature(text) !== undefined).to.equal(known));
    }

    it("in the schema of whatever carries one", () => {
      const [{ value }] = vectors.entries as [Entry<SignedRecord>];
      const spelled = (signature: string) => readEntry(canonicalBytes({ ...value, signature })) !== undefined;
      expect(["MEQCIA==", "MEQCIB==", "MEQCIA=", "MEQ CIA==", "MEQCIA-_"].map(spelled)).to.deep.equal([
        true,
        false,
        false,
        false,
        false,
      ]);
    });
  });
});
