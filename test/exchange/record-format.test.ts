import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { decodeEntry, encodeEntry, recordId, type SignedRecord } from "@wanlian/client/access/access-record.js";
import { keyedDigest, type Subject, subjectDigest } from "@wanlian/client/access/access-request.js";
import { type AuditEntry, decodeAuditEntry } from "@wanlian/client/access/audit-request.js";
import { type StatementKind, statementBytes } from "@wanlian/client/access/statement.js";
import { canonicalBytes, canonicalJson } from "@wanlian/model/canonical.js";
import type { Digest } from "@wanlian/model/identifiers.js";
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
      expect(decodeEntry(Buffer.from(canonical))).to.deep.equal(value);
    });
  }

  for (const { title, value, canonical } of vectors.questions) {
    it(`agrees with the second implementation: ${title}`, () => {
      expect(decodeAuditEntry(Buffer.from(canonical))).to.deep.equal(value);
      expect(decodeEntry(Buffer.from(canonical)), "no access").to.equal(undefined);
    });
  }

  for (const { kind, value, digest } of vectors.statements) {
    it(`signs ${kind} over the same bytes`, () => {
      expect(createHash("sha256").update(statementBytes(kind, value)).digest("hex")).to.equal(digest);
    });
  }

  it("digests what was looked up and what came back under the access's key", () => {
    const { key, subject, payload, entries } = vectors;
    const record = entries[0]?.value.record;
    expect(subjectDigest(key, subject)).to.equal(record?.request.subject);
    expect(keyedDigest(key, canonicalBytes(payload))).to.equal(record?.response);
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
    expect(variants.map((text) => decodeEntry(Buffer.from(text)))).to.deep.equal(variants.map(() => undefined));
  });
});
