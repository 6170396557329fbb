import { type CaseSummary, type Db, everyCase, findAct, findCase, listCases } from "../../read/index.js";

/** What a check of a release came to in all, as it stands on the ledger. */
export interface StatedTotal {
  readonly assessment: string;
  readonly kind: string;
  readonly author: string;
  readonly passed: boolean;
  /** In ten-thousandths; absent where no rule had anything to look at. */
  readonly total?: number;
}

/** The same by dimension. */
export interface StatedScore extends StatedTotal {
  readonly scores: readonly { readonly dimension: string; readonly ratio: number }[];
}

/** A release with the checks of its very data. */
export interface ReleaseScores {
  readonly release: string;
  readonly status: string;
  /** By the ledger's clock. */
  readonly registered: string;
  readonly checks: readonly StatedScore[];
}

/** Five years of a monthly list; older ones have left the trend. */
export const MAX_SCORED_RELEASES = 60;

interface Assessed {
  readonly kind: string;
  readonly author: string;
  readonly root: string;
  readonly release?: string;
  readonly passed: boolean;
  readonly total?: number;
}

/**
 * The trend of a dataset's scores: its newest releases in the order of their registration, each with the checks that
 * stand of it. A self-check from before the registration is of a release where both have the same root.
 */
export async function scoresOf(db: Db, dataset: string): Promise<ReleaseScores[]> {
  const about = { noun: "dataset", case: dataset };
  const releases = await listCases(db, "release", { about, limit: MAX_SCORED_RELEASES });
  const assessments = inOrder(await statedOf(db, dataset));
  const trend: ReleaseScores[] = [];
  for (const { case: release, status, opened, state } of inOrder(releases.items)) {
    const own = assessments.filter((one) => isOf(one, release, state));
    trend.push({
      ...{ release, status, registered: opened.time },
      checks: await Promise.all(own.map((one) => scoreOf(db, one))),
    });
  }
  return trend;
}

/** The check of a release that was stated last and stands; undefined where there is none. */
export async function latestCheckOf(db: Db, dataset: string, release: string): Promise<StatedTotal | undefined> {
  const registered = await findCase(db, { noun: "release", case: release });
  const [latest] = (await statedOf(db, dataset)).filter((one) => isOf(one, release, registered?.state));
  return latest && totalOf(latest);
}

const statedOf = (db: Db, dataset: string): Promise<readonly CaseSummary[]> =>
  everyCase(db, "assessment", { about: { noun: "dataset", case: dataset }, status: "stated" });

/** Whether a check is of a release: it names it, or it names none and is of that very data (decision 365). */
function isOf({ state }: CaseSummary, release: string, registered: unknown): boolean {
  const assessed = state as Assessed;
  if (assessed.release !== undefined) return assessed.release === release;
  return assessed.root === (registered as { readonly root: string } | undefined)?.root;
}

function totalOf({ case: assessment, state }: CaseSummary): StatedTotal {
  const { kind, author, passed, total } = state as Assessed;
  return { assessment, kind, author, passed, ...(total === undefined ? {} : { total }) };
}

async function scoreOf(db: Db, assessment: CaseSummary): Promise<StatedScore> {
  const body = (await findAct(db, assessment, 1))?.body as Pick<StatedScore, "scores"> | undefined;
  return { ...totalOf(assessment), scores: body?.scores ?? [] };
}

/** The oldest first; lists come with the last first, also of those in one block. */
const inOrder = (cases: readonly CaseSummary[]): CaseSummary[] =>
  [...cases].reverse().sort((a, b) => a.opened.block - b.opened.block);
