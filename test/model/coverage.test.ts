import type { DatasetId, Instant, MspId, OfficerNumber, TransactionId } from "@wanlian/model/identifiers.js";
import { quotaStart, refusalOfUse, type UseCases } from "@wanlian/model/model-1/application/coverage.js";
import type { GrantRefusal, Use, UseMoment } from "@wanlian/model/reading.js";
import { expect } from "chai";

const CONSUMER = "PoliceMSP" as MspId;
const PRINCIPAL = "HealthMSP" as MspId;
const DATASET = "CivilMSP/divisions" as DatasetId;
const id = (digit: string) => digit.repeat(64) as TransactionId;
const at = (time: string) => `2026-03-${time}Z` as Instant;

const USE: Use = {
  consumer: CONSUMER,
  provider: "CivilMSP" as MspId,
  dataset: DATASET,
  release: id("a"),
  fields: ["code", "name"],
  purpose: "verification",
  scenario: "household registration",
  way: "lookup",
};
const PROXY: Use = { ...USE, principal: PRINCIPAL, mandate: id("b") };

const frequency = { calls: 10, per: "day" as const };
const period = { from: at("02T00:00:00"), to: at("20T15:59:59") };
const application: NonNullable<UseCases["application"]> = {
  status: "granted",
  kind: "ordinary",
  dataset: DATASET,
  provider: USE.provider,
  consumer: CONSUMER,
  applicant: "3001" as OfficerNumber,
  purpose: USE.purpose as "lookup",
  scenario: USE.scenario,
  wish: { fields: ["code", "name", "id"], ...period, frequency },
  grant: { fields: ["code", "name", "gone"], ...period, frequency, act: 2 },
  times: { questions: 0, notReceived: 0, suspensions: 0, reports: 0, renewals: 0 },
  deadlines: [],
};
const release: NonNullable<UseCases["release"]> = {
  status: "registered",
  dataset: DATASET,
  provider: USE.provider,
  version: 1,
  root: "c".repeat(64) as NonNullable<UseCases["release"]>["root"],
  fields: ["code", "name", "id"],
  rows: 3,
  rowRoot: "d".repeat(64) as NonNullable<UseCases["release"]>["rowRoot"],
  derivedFrom: [],
};
const member: NonNullable<UseCases["member"]> = {
  ...{ status: "active", name: "police", level: "municipal" },
  ...{ head: "1" as OfficerNumber, deputy: "2" as OfficerNumber, stewards: ["3" as OfficerNumber] },
  operators: [
    {
      ...{ code: "91410000000000000X", name: "Data Company", scope: [DATASET] },
      ...{ from: at("01T00:00:00"), to: at("15T00:00:00") },
    },
  ],
};
const mandate: NonNullable<UseCases["mandate"]> = {
  ...{ status: "inForce", kind: "proxy", principal: PRINCIPAL, department: CONSUMER },
  ...{ datasets: [DATASET], departments: [], purposes: ["verification"] },
  ...{ from: at("02T00:00:00"), to: at("10T00:00:00") },
};
const CASES: UseCases = { application, release, member, mandate: undefined };
const DERIVED: UseCases = {
  ...CASES,
  application: { ...application, principal: PRINCIPAL, mandate: id("b") },
  mandate,
};
const NOON: UseMoment = { time: at("05T04:00:00") };

describe("what a grant covers", () => {
  it("is a use within it, in one's own right or in another's stead", () => {
    expect(refusalOfUse(USE, CASES, NOON)).to.equal(undefined);
    expect(refusalOfUse(PROXY, DERIVED, NOON)).to.equal(undefined);
    for (const operator of ["91410000000000000X", "Data Company"]) {
      expect(refusalOfUse({ ...USE, operator }, CASES, NOON)).to.equal(undefined);
    }
    expect(refusalOfUse(USE, CASES, { ...NOON, calls: 9 })).to.equal(undefined);
    for (const time of [period.from, period.to]) expect(refusalOfUse(USE, CASES, { time })).to.equal(undefined);
  });

  const with_ = (changes: Partial<UseCases["application"]>) => ({
    ...CASES,
    application: { ...application, ...changes },
  });
  const table: [GrantRefusal, string, Use, UseCases, UseMoment?][] = [
    ["UNKNOWN_GRANT", "there is no such case", USE, { ...CASES, application: undefined }],
    ["GRANT_NOT_GIVEN", "it awaits its reply", USE, with_({ status: "applied", grant: undefined })],
    ["GRANT_NOT_GIVEN", "it was taken back", USE, with_({ status: "withdrawn" })],
    ["GRANT_SUSPENDED", "it is suspended", USE, with_({ status: "suspended" })],
    ["GRANT_REVOKED", "it was revoked", USE, with_({ status: "revoked" })],
    ["GRANT_NOT_YET", "it has not begun", USE, CASES, { time: at("01T23:59:59") }],
    ["GRANT_EXPIRED", "it has ended", USE, CASES, { time: at("20T16:00:00") }],
    ["WRONG_CONSUMER", "it is another's", { ...USE, consumer: PRINCIPAL }, CASES],
    ["WRONG_PROVIDER", "it is another's to give", { ...USE, provider: PRINCIPAL }, CASES],
    ["WRONG_DATASET", "it is of other data", { ...USE, dataset: "CivilMSP/other" as DatasetId }, CASES],
    ["UNKNOWN_RELEASE", "there is no such release", USE, { ...CASES, release: undefined }],
    [
      "UNKNOWN_RELEASE",
      "the release is of other data",
      USE,
      { ...CASES, release: { ...release, dataset: "CivilMSP/other" as DatasetId } },
    ],
    ["RELEASE_WITHDRAWN", "the release is out of use", USE, { ...CASES, release: { ...release, status: "withdrawn" } }],
    ["FIELD_NOT_GRANTED", "a field was not granted", { ...USE, fields: ["code", "id"] }, CASES],
    ["FIELD_NOT_GRANTED", "the release lacks a field", { ...USE, fields: ["gone"] }, CASES],
    ["WRONG_PURPOSE", "it serves another purpose", { ...USE, purpose: "analysis" }, CASES],
    [
      "WRONG_PURPOSE",
      "what is compared serves anything but verification",
      { ...USE, way: "comparison", purpose: "analysis" },
      { ...CASES, application: { ...application, purpose: "analysis" } },
    ],
    ["WRONG_SCENARIO", "it serves another business", { ...USE, scenario: "marriage" }, CASES],
    ["QUOTA_EXCEEDED", "the calls are used up", USE, CASES, { ...NOON, calls: 10 }],
    ["NOT_A_MEMBER", "the consumer never joined", USE, { ...CASES, member: undefined }],
    ["NOT_A_MEMBER", "the consumer has left", USE, { ...CASES, member: { ...member, status: "departed" } }],
    ["OPERATOR_NOT_ENGAGED", "the operator is unknown", { ...USE, operator: "Nobody" }, CASES],
    [
      "OPERATOR_NOT_ENGAGED",
      "its work has ended",
      { ...USE, operator: "Data Company" },
      CASES,
      { time: at("15T00:00:00") },
    ],
    ["WRONG_MANDATE", "a mandate is cited that it does not rest on", PROXY, { ...CASES, mandate }],
    ["WRONG_MANDATE", "the mandate is not cited", USE, DERIVED],
    ["WRONG_MANDATE", "another principal is named", { ...PROXY, principal: CONSUMER }, DERIVED],
    ["WRONG_MANDATE", "there is no such mandate", PROXY, { ...DERIVED, mandate: undefined }],
    ["WRONG_MANDATE", "it is an auditor's", PROXY, { ...DERIVED, mandate: { ...mandate, kind: "audit" } }],
    ["WRONG_MANDATE", "it is another's", PROXY, { ...DERIVED, mandate: { ...mandate, department: PRINCIPAL } }],
    ["WRONG_MANDATE", "its principal is another", PROXY, { ...DERIVED, mandate: { ...mandate, principal: CONSUMER } }],
    ["WRONG_MANDATE", "it is for other data", PROXY, { ...DERIVED, mandate: { ...mandate, datasets: [] } }],
    [
      "WRONG_MANDATE",
      "it is for another purpose",
      PROXY,
      { ...DERIVED, mandate: { ...mandate, purposes: ["lookup"] } },
    ],
    ["MANDATE_ENDED", "the mandate was taken back", PROXY, { ...DERIVED, mandate: { ...mandate, status: "revoked" } }],
    ["MANDATE_ENDED", "the mandate's period is over", PROXY, DERIVED, { time: at("10T00:00:00") }],
  ];
  for (const [refusal, why, use, cases, moment = NOON] of table) {
    it(`is not where ${why}: ${refusal}`, () => expect(refusalOfUse(use, cases, moment)).to.equal(refusal));
  }

  it("is a comparison, where the grant is for verification", () => {
    expect(refusalOfUse({ ...USE, way: "comparison" }, CASES, NOON)).to.equal(undefined);
  });

  it("counts calls from the start of the day or month in China, or of the grant", () => {
    const grant = application.grant ?? expect.fail("no grant");
    const start = (per: "day" | "month" | "total") =>
      quotaStart({ ...grant, frequency: { ...frequency, per } }, at("05T17:00:00"));
    expect(start("day")).to.equal("2026-03-05T16:00:00Z");
    expect(start("month")).to.equal("2026-02-28T16:00:00Z");
    expect(start("total")).to.equal(period.from);
  });
});
