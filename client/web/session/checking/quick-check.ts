import { verifyRecord } from "@wanlian/client/sheets/index.js";
import { type SignedAccess, signing } from "../access.ts";
import { callRoute, Refusal, type Schemas } from "../api.ts";
import { newestRelease, type OwnGrant } from "../grants.ts";
import type { Session } from "../session.tsx";

/** What is to be checked, and by what. */
export interface QuickQuestion {
  /** By column; null: the value is missing. */
  readonly record: Readonly<Record<string, string | null>>;
  /** YAML or JSON. */
  readonly rules?: string;
  /** Grants, each with the columns that name the row. */
  readonly sources: readonly QuickSource[];
}

interface QuickSource {
  readonly grant: OwnGrant;
  readonly by: readonly string[];
}

export type RuleOutcome = Schemas["RuleOutcome"];
export type SourceOutcome = Schemas["SourceOutcome"];
export type Checked = Schemas["QuickCheckAnswer"];

/**
 * One call where the node keeps the officer's key. With a key of the own, the node says what rules say, and each
 * verification is asked from here, since it takes a signature of its own.
 * @throws Refusal; SigningRefusal
 */
export async function quickCheck(question: QuickQuestion, officer: Session): Promise<Checked> {
  const { sources, ...byRules } = question;
  if (officer.key === "node") {
    return ask({ ...byRules, sources: sources.map(({ grant, by }) => ({ grant: grant.case, by })) });
  }
  const { rules, passed } = byRules.rules === undefined ? { rules: [], passed: true } : await ask(byRules);
  const asked: SourceOutcome[] = [];
  for (const source of sources) asked.push(await bySource(source, question.record, officer));
  return { passed: passed && asked.every(({ outcome }) => outcome === "agrees"), rules, sources: asked };
}

const ask = (question: object): Promise<Checked> => callRoute<Checked>("POST", "/quick-checks", question);

async function bySource(
  { grant: { case: grant, state }, by }: QuickSource,
  record: QuickQuestion["record"],
  officer: Session,
): Promise<SourceOutcome> {
  const fields = state.grant?.fields ?? [];
  const granted = (field: string) => (fields.some((name) => name === field) ? (record[field] ?? undefined) : undefined);
  const missing = by.find((field) => granted(field) === undefined);
  if (missing !== undefined) {
    throw new Refusal("BAD_REQUEST", "", `the record has no value of "${missing}", or it is not granted`);
  }
  const others = Object.keys(record).filter((field) => !by.includes(field) && granted(field) !== undefined);
  try {
    const release = await newestRelease(state.dataset);
    if (release === undefined) throw new Refusal("NO_SUCH_CASE", "", `${state.dataset} has no release`);
    const verified = await verifyRecord<string, string>(by, others, async (fields) => {
      const subject = Object.fromEntries(fields.map((field) => [field, granted(field) ?? ""]));
      return verify({ grant, state, release, way: "verification", fields }, subject, officer);
    });
    return { grant, ...verified, differing: [...verified.differing], records: [...verified.records] };
  } catch (error) {
    // One that gives no answer keeps no other from it.
    if (error instanceof Refusal) return { grant, outcome: "noAnswer", code: error.code };
    throw error;
  }
}

/** One verification, signed. A refusal that is on record says nothing of the record, and is no failure. */
async function verify(access: SignedAccess, subject: Readonly<Record<string, string>>, officer: Session) {
  const { grant, release, way, fields, state } = access;
  const body = { grant, dataset: state.dataset, release, fields, way, subject };
  try {
    const { record, payload } = await signing(access, officer, (headers) =>
      callRoute<{ record: string; payload: { match?: boolean } | null }>("POST", "/accesses", body, headers),
    );
    return { record, match: payload?.match === true };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const { record, reason } = error.details;
    if (typeof record !== "string" || typeof reason !== "string") throw error;
    return { record, match: false, reason };
  }
}
