import type { Digest } from "@wanlian/model/identifiers.js";
import { releaseRoot } from "@wanlian/model/release/release-root.js";
import { type ApiWorld, BUREAU, CIVIL, ENTRY, HEALTH } from "./world.js";

/** A dataset whose entry names who is responsible for stages of its life. */
export const BIRTHS = `${CIVIL}/births`;

export const LIFE_CYCLE = [
  { stage: "collection", responsible: CIVIL, unit: "区划地名处", standard: "GB/T 2260" },
  { stage: "aggregation", responsible: BUREAU, standard: "DB41/T 2400" },
];

/** Cases of {@link seedQuality}: three releases and the checks of them. */
export interface SeededQuality {
  readonly releases: readonly string[];
  readonly selfChecks: readonly string[];
  readonly acceptance: string;
  /** Health's, on its fields. */
  readonly grant: string;
}

const digest = (digit: string) => digit.repeat(64) as Digest;

const fieldsOf = (digit: string) => ["code", "name"].map((name) => ({ name, digest: digest(digit) }));

/** What a check states, but for its data. */
export const CHECKED = {
  ...{ kind: "selfCheck", scores: [], rows: 3, report: digest("b"), engine: "wanlian-quality/1" },
  rules: { id: "births", revision: 1, digest: digest("c") },
  outcomes: { rules: 4, failed: 1, errors: 0 },
};

const scored = (completeness: number, accuracy: number) => ({
  scores: [
    { dimension: "completeness", ratio: completeness },
    { dimension: "accuracy", ratio: accuracy },
  ],
  total: (completeness + accuracy) / 2,
});

/**
 * Births: a release that was checked before it was registered, one that was checked afterwards, by its consumer too, and one
 * that nobody has checked. The second passed its first stage.
 */
export async function seedQuality(world: ApiWorld): Promise<SeededQuality> {
  const steward = await world.logIn("CA-1");
  const file = async (path: string, body: unknown): Promise<string> => {
    const answer = await world.file(steward, path, body);
    if (answer.status !== 201) throw new Error(`${path}: ${JSON.stringify(answer.body)}`);
    return String(answer.get("act.case"));
  };
  const register = (digit: string, more: object = {}) =>
    file("/releases", {
      ...{
        dataset: BIRTHS,
        fields: fieldsOf(digit),
        root: releaseRoot(fieldsOf(digit)),
        rows: 3,
        rowRoot: digest("e"),
      },
      ...{ period: { from: "2025-01-01", to: "2025-12-31" }, derivedFrom: [], selfCheck: [], ...more },
    });
  const state = (digit: string, more: object) =>
    file("/assessments", {
      dataset: BIRTHS,
      root: releaseRoot(fieldsOf(digit)),
      ...CHECKED,
      ...more,
    });
  await file("/datasets", { ...ENTRY, code: "births", name: "出生登记", lifeCycle: LIFE_CYCLE });
  const before = await state("1", scored(9000, 9500));
  const first = await register("1", { assessment: before });
  const atCollection = await state("2", scored(9600, 9800));
  const stages = [{ stage: "collection", responsible: CIVIL, assessment: atCollection }];
  const second = await register("2", { stages });
  const { ledger } = world;
  const applied = await ledger.act(HEALTH, ["user"], { noun: "application", type: "apply", body: WISH });
  const { scenario: _, purpose: _purpose, duty: _duty, kind: _kind, ...grant } = WISH;
  await world.file(steward, `/applications/${applied.case}/grant`, grant);
  const acceptance = {
    ...{ ...CHECKED, ...scored(9300, 9800), outcomes: { rules: 4, failed: 2, errors: 1 } },
    ...{ kind: "acceptance", dataset: BIRTHS, root: releaseRoot(fieldsOf("2")), release: second, grant: applied.case },
  };
  const accepted = await ledger.act(HEALTH, ["user"], { noun: "assessment", type: "state", body: acceptance });
  const third = await register("3");
  return {
    releases: [first, second, third],
    selfChecks: [before, atCollection],
    acceptance: accepted.case,
    grant: applied.case,
  };
}

const WISH = {
  ...{ dataset: BIRTHS, fields: ["code", "name"], purpose: "verification", scenario: "出生核对", duty: "医疗保障" },
  ...{ from: "2026-09-21", to: "2026-12-31", frequency: { calls: 100, per: "day" }, kind: "ordinary" },
};
