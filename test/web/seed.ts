import { createHash } from "node:crypto";
import { canonicalJson } from "@wanlian/model/canonical.js";
import type { Digest } from "@wanlian/model/identifiers.js";
import { releaseRoot } from "@wanlian/model/release/release-root.js";
import { type ApiWorld, CIVIL, DATASET, ENTRY, HEALTH, objectionTo } from "../client/api/world.js";

export { CIVIL, DATASET, ENTRY, HEALTH };

/** What the seeded ledger holds, by case id. */
export interface Seeded {
  readonly release: string;
  readonly application: string;
  readonly objection: string;
  /** A self-check, whose report is at the node. */
  readonly assessment: string;
}

/** A dataset with a release, an application that awaits the reply, an objection that awaits its verification. */
export async function seed(world: ApiWorld): Promise<Seeded> {
  const steward = await world.logIn("CA-1");
  await filed(world, steward, "/datasets", { ...ENTRY, code: "divisions" });
  const digests = [
    { name: "code", digest: "a".repeat(64) as Digest },
    { name: "name", digest: "b".repeat(64) as Digest },
  ];
  const release = await filed(world, steward, "/releases", {
    dataset: DATASET,
    root: releaseRoot(digests),
    rowRoot: "c".repeat(64),
    fields: digests,
    rows: 3,
    period: { from: "2022-01-01", to: "2022-12-31" },
    derivedFrom: [],
    selfCheck: [],
  });
  const stated = { ...CHECKED, root: releaseRoot(digests), release };
  const assessment = await filed(world, steward, "/assessments", stated);
  await world.call("POST", `/assessments/${assessment}/report`, { token: steward, body: { report: REPORT } });
  const { ledger } = world;
  const applied = await ledger.act(HEALTH, ["user"], { noun: "application", type: "apply", body: wish() });
  const raised = await ledger.act(HEALTH, ["user"], { noun: "objection", type: "raise", body: objectionTo(release) });
  return { release, application: applied.case, objection: raised.case, assessment };
}

const rule = (id: string, failing: number, sample: readonly (readonly (string | null)[])[]) => ({
  ...{ id, check: "notNull", columns: ["name"], dimension: "completeness", severity: "error", weight: 1 },
  ...{ checked: 3, failing, rate: failing === 0 ? 10_000 : 6_666, passed: failing === 0, sample },
  sampleColumns: ["code", "name"],
});

/** A report in which one rule fails, and shows the row that does. */
export const REPORT = {
  format: "wanlian-quality-report/1",
  engine: "wanlian-quality/1",
  rules: { id: "divisions", revision: 1, digest: "d".repeat(64) },
  table: { digest: "f".repeat(64), rows: 3 },
  tables: {},
  asOf: "2026-09-21",
  verdict: "failed",
  scores: { total: 9_812, dimensions: { completeness: 9_667 } },
  results: [rule("name-there", 1, [["411302", null]]), rule("code-there", 0, [])],
};

/** A self-check of the release, in which one rule failed. */
const CHECKED = {
  kind: "selfCheck",
  dataset: DATASET,
  rows: 3,
  rules: { id: "divisions", revision: 1, digest: "d".repeat(64) },
  report: createHash("sha256").update(canonicalJson(REPORT)).digest("hex"),
  engine: "wanlian-quality/1",
  outcomes: { rules: 7, failed: 1, errors: 1 },
  scores: [{ dimension: "completeness", ratio: 9_667 }],
  total: 9_812,
  shortfall: { text: "一行缺名称，正在补" },
};

/** What a department applies for. */
export const wish = (scenario = "结算核对") => ({
  dataset: DATASET,
  fields: ["code", "name"],
  purpose: "verification",
  scenario,
  duty: "医疗保障",
  from: "2026-09-21",
  to: "2026-12-31",
  frequency: { calls: 100, per: "day" },
  kind: "ordinary",
});

async function filed(world: ApiWorld, token: string, path: string, body: unknown): Promise<string> {
  const answer = await world.file(token, path, body);
  if (answer.status !== 201) throw new Error(`${path}: ${JSON.stringify(answer.body)}`);
  return String(answer.get("act.case"));
}
