import type { Digest } from "@wanlian/model/identifiers.js";
import { releaseRoot } from "@wanlian/model/release/release-root.js";

/** Inputs that the model accepts, for tests to vary. */
export const BUREAU = "BureauMSP";
export const CIVIL = "CivilMSP";
export const POLICE = "PoliceMSP";
export const HEALTH = "HealthMSP";
export const FOUNDERS = [BUREAU, CIVIL, POLICE, HEALTH];

export const digest = (character: string) => character.repeat(64) as Digest;
export const note = { digest: digest("a") };

const article = "as the tests have it";

/** Made up for tests; the real calendar is tested in calendar.test.ts. */
export const POLICY_1 = {
  profile: "nanyang-2022",
  model: 1,
  endorsers: "majority",
  deadlines: [
    { kind: "applicationReply", workingDays: 5, article },
    { kind: "derivedAuthorization", workingDays: 10, article },
    { kind: "supplement", workingDays: 10, article },
    { kind: "objectionVerification", workingDays: 5, article },
    { kind: "objectionCorrection", workingDays: 5, article },
    { kind: "objectionConfirmation", workingDays: 5, article },
    { kind: "disputeSettlement", workingDays: 10, article },
    { kind: "emergencyReview", workingDays: 5, article },
    { kind: "renewalReply", workingDays: 5, article },
    { kind: "suggestionReply", workingDays: 5, article },
    { kind: "demandReply", workingDays: 5, article },
  ],
  emergency: { maxCalendarDays: 7, article },
  purposes: ["verification", "lookup", "analysis", "collaboration"],
  legalBases: [
    { id: "data-security-law-21", title: "data classification", article },
    { id: "pipl-28", title: "sensitive personal information", article },
  ],
  laterNotices: "stand",
};

/** The same as the State Council's for the rest of the year, as far as the tests count. */
export const YEAR_2026 = {
  year: 2026,
  notice: "as the tests have it",
  holidays: ["2026-10-01", "2026-10-02", "2026-10-05", "2026-10-06", "2026-10-07"],
  makeUpDays: ["2026-10-10"],
};

export const founding = {
  bureau: BUREAU,
  founders: FOUNDERS,
  demo: true,
  opened: "2026-09-28T00:00:00Z",
  calendar: [YEAR_2026],
};

export const officers = { name: "a department", level: "municipal", head: "1", deputy: "2", stewards: ["3"] };

export const DIVISIONS = `${CIVIL}/divisions`;

const field = (name: string) => ({ name, type: "字符型", meaning: `the division's ${name}`, sensitivity: 1 });

export const divisions = {
  code: "divisions",
  name: "administrative division codes",
  abstract: "the divisions of the country down to the county",
  category: ["基础信息", "区划"],
  sourceSystem: "division register",
  format: "CSV",
  fields: [field("code"), field("name"), field("level")],
  share: { class: "conditional", basis: "data-security-law-21", conditions: "for public duties", mode: "file" },
  open: { class: "closed" },
  grade: 2,
  updateCycle: "yearly",
  quality: [{ dimension: "accuracy", atLeast: 9950, rule: "codes exist" }],
  published: "2026-09-28",
};

export const open = {
  ...divisions,
  code: "holidays",
  name: "holidays",
  share: { class: "unconditional", mode: "file" },
};
export const HOLIDAYS = `${CIVIL}/holidays`;

const digests = divisions.fields.map(({ name }, at) => ({ name, digest: digest(String(at + 1)) }));

export const release = {
  dataset: DIVISIONS,
  root: releaseRoot(digests),
  fields: digests,
  rows: 3000,
  rowRoot: digest("8"),
  period: { from: "2022-01-01", to: "2022-12-31" },
  derivedFrom: [],
  selfCheck: [{ dimension: "completeness", ratio: 10_000 }],
};

export const application = {
  dataset: DIVISIONS,
  kind: "ordinary",
  fields: ["code", "name"],
  purpose: "verification",
  scenario: "registration of births",
  duty: "the birth registration rules",
  from: "2026-09-28",
  to: "2026-12-31",
  frequency: { calls: 1000, per: "day" },
};

export const grant = {
  dataset: DIVISIONS,
  fields: ["code", "name"],
  from: "2026-09-28",
  to: "2026-12-31",
  frequency: { calls: 100, per: "day" },
};

export const claim = (dataset: string) => {
  const { kind: _kind, ...wish } = application;
  return { ...wish, dataset };
};

export const objection = (releaseId: string) => ({
  dataset: DIVISIONS,
  release: releaseId,
  dimension: "accuracy",
  fields: ["code"],
  rowCount: 2,
  rows: [7, 8],
  evidence: digest("e"),
  claim: note,
});
