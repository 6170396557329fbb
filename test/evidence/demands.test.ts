import { LedgerError } from "@wanlian/model/errors.js";
import type { Instant } from "@wanlian/model/identifiers.js";
import type { Bundle } from "@wanlian/protocol/configuration/bundle.js";
import { demandsGrant, demandsOf, keptClosed } from "@wanlian/verify/demands.js";
import { parseEvidence } from "@wanlian/verify/evidence-file.js";
import { type AccessRecord, foundNothing, type SignedRecord } from "@wanlian/verify/records/access-record.js";
import { parseSignedRequest } from "@wanlian/verify/records/access-request.js";
import { parseAuditPageRequest, parseAuditRequest } from "@wanlian/verify/records/audit-request.js";
import { parseShownAnswer, type ShownAnswer } from "@wanlian/verify/records/shown-answer.js";
import { STEPS, type StepName } from "@wanlian/verify/step.js";
import { parseTrustFile } from "@wanlian/verify/trust.js";
import { endorsersIn, witnessesNeeded } from "@wanlian/verify/witness-rule.js";
import { timeWords } from "@wanlian/verify/words.js";
import { expect } from "chai";

/** A record, so far as what it demands is told by it. */
function record(more: object = {}, request: object = {}): AccessRecord {
  return {
    ...{ kind: "access", result: "served", rows: 1, bytes: 40, response: "ab".repeat(32) },
    ...more,
    request: { way: "lookup", road: "gateway", ...request },
  } as unknown as AccessRecord;
}
const NOTHING = { rows: 0, bytes: 0, response: undefined };
const ANSWER = {} as ShownAnswer;

describe("what the kind of record demands to be proven", () => {
  const grants: [title: string, record: AccessRecord, demanded: boolean][] = [
    ["what was served", record(), true],
    ["what was served, of which nothing is said", record(NOTHING), true],
    ["a refusal", record({ ...NOTHING, result: "refused" }), false],
    ["a failure before anything went out", record({ ...NOTHING, result: "failed" }), false],
    ["a failure after one row", record({ ...NOTHING, result: "failed", rows: 1 }), true],
    ["a failure after one byte", record({ ...NOTHING, result: "failed", bytes: 1 }), true],
    ["a failure after what has a digest", record({ ...NOTHING, result: "failed", response: "ab".repeat(32) }), true],
    ["a transfer that begins", record({ ...NOTHING, kind: "opening", result: "opened" }), true],
    ["a transfer that failed", record({ ...NOTHING, kind: "closing", result: "failed" }), true],
  ];
  for (const [title, one, demanded] of grants) {
    it(`${title}: ${demanded ? "a" : "no"} grant`, () => expect(demandsGrant(one)).to.equal(demanded));
  }

  const steps: [title: string, record: AccessRecord, answer: ShownAnswer | undefined, not: StepName[]][] = [
    ["a look-up", record(), undefined, ["opening", "answer"]],
    ["a look-up whose answer is shown", record(), ANSWER, ["opening"]],
    ["a refusal", record({ ...NOTHING, result: "refused" }), undefined, ["opening", "grant", "grantStood", "answer"]],
    ["a transfer's beginning", record({ kind: "opening" }), undefined, ["opening", "answer"]],
    ["a transfer's end", record({ kind: "closing" }), undefined, ["answer"]],
  ];
  for (const [title, one, answer, not] of steps) {
    it(`${title}: all steps but ${not.join(", ")}`, () => {
      const demanded = demandsOf({ record: one } as SignedRecord, answer);
      expect(STEPS.filter((name) => !demanded.has(name))).to.have.members(not);
    });
  }

  const closed: [title: string, record: AccessRecord, answer: ShownAnswer | undefined, isKept: boolean][] = [
    ["what a look-up brought", record(), undefined, true],
    ["what a check brought", record({}, { way: "verification" }), undefined, true],
    ["nothing of what is shown", record(), ANSWER, false],
    ["nothing of a refusal", record({ result: "refused" }), undefined, false],
    ["nothing of a download", record({}, { way: "download" }), undefined, false],
    ["nothing of what came by another road", record({}, { road: "file" }), undefined, false],
    ["nothing of a transfer", record({ kind: "closing" }), undefined, false],
  ];
  for (const [title, one, answer, isKept] of closed) {
    it(`keeps closed ${title}`, () => {
      expect([...keptClosed({ record: one } as SignedRecord, answer)]).to.deep.equal(isKept ? ["answer"] : []);
    });
  }
});

describe("an access that found nothing", () => {
  const NO = JSON.stringify({ match: false }).length;
  const table: [title: string, record: AccessRecord, nothing: boolean][] = [
    ["a look-up of no row", record({ rows: 0 }), true],
    ["a look-up of one row", record({ rows: 1 }), false],
    ["a look-up that was refused", record({ rows: 0, result: "refused" }), false],
    ["a look-up by another road", record({ rows: 0 }, { road: "platform" }), false],
    ["a transfer of no row", record({ rows: 0, kind: "closing" }), false],
    ["a check with a no", record({ rows: 0, bytes: NO }, { way: "verification" }), true],
    ["a check with a yes", record({ rows: 0, bytes: NO - 1 }, { way: "verification" }), false],
    ["a download of no row", record({ rows: 0, bytes: NO }, { way: "download" }), false],
  ];
  for (const [title, one, nothing] of table) {
    it(`${nothing ? "is" : "is not"} ${title}`, () => expect(foundNothing(one)).to.equal(nothing));
  }
});

describe("how many witnesses it takes", () => {
  for (const [k, impartial, needed] of [
    [1, 1, 1],
    [2, 1, 1],
    [2, 2, 2],
    [2, 3, 2],
    [3, 0, 1],
    [0, 4, 1],
  ] as const) {
    it(`${needed}, where ${k} endorse and ${impartial} are no party`, () => {
      expect(witnessesNeeded(k, impartial)).to.equal(needed);
    });
  }

  it("is not said by a configuration without the policy Records, or of another form", () => {
    const withPolicies = (policies: Map<string, unknown>) =>
      ({ group: { groups: new Map([["Application", { policies }]]) } }) as unknown as Bundle;
    expect(endorsersIn({ group: { groups: new Map() } } as unknown as Bundle)).to.equal(undefined);
    expect(endorsersIn(withPolicies(new Map()))).to.equal(undefined);
    expect(endorsersIn(withPolicies(new Map([["Records", { policy: undefined }]])))).to.equal(undefined);
  });
});

describe("what is read of others", () => {
  for (const [what, parse] of [
    ["a request", parseSignedRequest],
    ["an auditor's question", parseAuditRequest],
    ["an auditor's page", parseAuditPageRequest],
    ["an answer that is shown", parseShownAnswer],
    ["evidence", parseEvidence],
    ["roots", parseTrustFile],
  ] as const) {
    it(`is refused where it is not ${what}`, () => {
      for (const value of [{}, null, [], "text", { more: 1 }]) {
        expect(() => parse(value), JSON.stringify(value))
          .to.throw(LedgerError)
          .with.property("code", "INVALID_INPUT");
      }
    });
  }
});

describe("an instant in words", () => {
  it("is in Beijing's time, in any month", () => {
    const words = Array.from({ length: 12 }, (_, month) =>
      timeWords(`2026-${String(month + 1).padStart(2, "0")}-02T01:05:00Z` as Instant),
    );
    const months = ["January", "February", "March", "April", "May", "June", "July", "August", "September"];
    expect(words.map(({ en }) => en)).to.deep.equal(
      [...months, "October", "November", "December"].map((name) => `2 ${name} 2026, 09:05 Beijing time`),
    );
    expect(words.map(({ zh }) => zh)).to.deep.equal(
      Array.from({ length: 12 }, (_, month) => `北京时间2026年${month + 1}月2日 09:05`),
    );
    expect(timeWords("2026-12-31T16:00:00Z" as Instant).en).to.equal("1 January 2027, 00:00 Beijing time");
    expect(timeWords("2026-12-31T15:59:59Z" as Instant).en).to.equal("31 December 2026, 23:59 Beijing time");
  });
});
