import type { Digest } from "@wanlian/model/identifiers.js";
import { releaseRoot } from "@wanlian/model/release/release-root.js";
import { type ApiWorld, CIVIL, DATASET, ENTRY, HEALTH, objectionTo } from "../client/api/world.js";

export { CIVIL, DATASET, ENTRY, HEALTH };

/** What the seeded ledger holds, by case id. */
export interface Seeded {
  readonly release: string;
  readonly application: string;
  readonly objection: string;
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
  await filed(world, steward, "/assessments", { ...CHECKED, root: releaseRoot(digests), release });
  const { ledger } = world;
  const applied = await ledger.act(HEALTH, ["user"], { noun: "application", type: "apply", body: wish() });
  const raised = await ledger.act(HEALTH, ["user"], { noun: "objection", type: "raise", body: objectionTo(release) });
  return { release, application: applied.case, objection: raised.case };
}

/** A self-check of the release, in which one rule failed. */
const CHECKED = {
  kind: "selfCheck",
  dataset: DATASET,
  rows: 3,
  rules: { id: "divisions", revision: 1, digest: "d".repeat(64) },
  report: "e".repeat(64),
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
