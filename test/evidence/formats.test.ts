import { readFile } from "node:fs/promises";
import {
  AccessRecord,
  AccessRequest,
  AuditEntry,
  AuditPageRequest,
  ComparedRows,
  FilingEntry,
  ShownAnswer,
  SignedRecord,
  SignedRequest,
} from "@wanlian/verify";
import { AnswerFile } from "@wanlian/verify/answers/answer-file.js";
import { EvidenceFile } from "@wanlian/verify/evidence-file.js";
import { CallEntry } from "@wanlian/verify/records/platform-call.js";
import { TrustFile } from "@wanlian/verify/trust.js";
import { expect } from "chai";
import type { TSchema } from "typebox";
import { boundsOf, endless } from "../formats.js";

/** What others send, by its name. */
const FORMATS: Readonly<Record<string, TSchema>> = {
  AccessRequest,
  SignedRequest,
  AccessRecord,
  SignedRecord,
  AuditPageRequest,
  AuditEntry,
  FilingEntry,
  ComparedRows,
  ShownAnswer,
  EvidenceFile,
  AnswerFile,
  CallEntry,
};

/** Texts whose end is that of the message around them: values as they stand in a source. */
const BY_THEIR_MESSAGE = /^(ShownAnswer|(EvidenceFile|AnswerFile\.accesses)\.answer)\.payload\.(fields|rows)/;

describe("what others send", () => {
  for (const [name, schema] of Object.entries(FORMATS)) {
    it(`has an end at every place of its format: ${name}`, () => {
      expect(endless(schema, name).filter((place) => !BY_THEIR_MESSAGE.test(place))).to.deep.equal([]);
    });
  }

  it("is bounded where it was, neither tighter nor wider: whoever writes counts on it (formats.json)", async () => {
    const file = new URL("../../evidence/formats.json", import.meta.url);
    const frozen = JSON.parse(await readFile(file, "utf8")) as Readonly<Record<string, unknown>>;
    const kept = { EvidenceFile, AnswerFile, TrustFile, SignedRecord, AuditEntry, FilingEntry, CallEntry };
    const bounds = Object.entries(kept).flatMap(([name, schema]) => [...boundsOf(schema, name)]);
    expect(Object.fromEntries(bounds)).to.deep.equal(frozen);
  });
});
