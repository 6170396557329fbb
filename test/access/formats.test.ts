import { readFile } from "node:fs/promises";
import {
  DeliveredAnswer,
  DeliveredReceipt,
  DeliveredReceipts,
  FoundReceipts,
  FoundRecords,
  LostReceipts,
  LostRequests,
  ReceiptAnswer,
} from "@wanlian/client/access/answer.js";
import { Head } from "@wanlian/client/audit/answering/page.js";
import { CertificatesAsked, CertificatesShown, RecordShown } from "@wanlian/client/audit/answering/shown-record.js";
import { ToldCalls, WordsOnCalls } from "@wanlian/client/calls/confirming.js";
import { KeptRecords, LostRecords } from "@wanlian/client/exchange/kept/kept-records.js";
import { SeenLogs } from "@wanlian/client/ledger-tree/log-witness.js";
import { HandedText } from "@wanlian/client/running/desks/ask-departments.js";
import { expect } from "chai";
import type { TSchema } from "typebox";
import { boundsOf, endless } from "../formats.js";

/** What one node sends another, by its name; requests and records are held by test/evidence/formats.test.ts. */
const FORMATS: Readonly<Record<string, TSchema>> = {
  ...{ DeliveredAnswer, DeliveredReceipt, ReceiptAnswer, LostReceipts, FoundReceipts, LostRequests, FoundRecords },
  ...{ LostRecords, KeptRecords, SeenLogs, HandedText, ToldCalls, WordsOnCalls },
  ...{ AuditPageHead: Head, CertificatesAsked, CertificatesShown, RecordShown },
};

/** Texts whose end is that of the message around them: values as they stand in a source. */
const BY_THEIR_MESSAGE = /^DeliveredAnswer\.payload\.(fields|rows)/;

describe("what another node sends", () => {
  for (const [name, schema] of Object.entries(FORMATS)) {
    it(`has an end at every place of its format: ${name}`, () => {
      expect(endless(schema, name).filter((place) => !BY_THEIR_MESSAGE.test(place))).to.deep.equal([]);
    });
  }

  it("is bounded where it was, neither tighter nor wider: nodes of two versions talk to each other (formats.json)", async () => {
    const file = new URL("../../access/formats.json", import.meta.url);
    const frozen = JSON.parse(await readFile(file, "utf8")) as Readonly<Record<string, unknown>>;
    const bounds = Object.entries({ ...FORMATS, DeliveredReceipts }).flatMap(([name, schema]) => [
      ...boundsOf(schema, name),
    ]);
    expect(Object.fromEntries(bounds)).to.deep.equal(frozen);
  });
});
