import { createHash } from "node:crypto";
import { canonicalJson } from "@wanlian/model/canonical.js";
import type { DatasetId, Digest, MspId } from "@wanlian/model/identifiers.js";
import type { CaseState } from "@wanlian/model/kernel/act.js";
import type { Model } from "@wanlian/model/kernel/model.js";
import { closed } from "@wanlian/model/kernel/schema.js";
import { type Static, Type } from "typebox";
import { Compile } from "typebox/schema";
import { ExchangeError } from "../core/index.js";
import { type CaseSummary, type Db, everyCase, findCase } from "../read/index.js";

/** A thousand rules with five rows each, of a few hundred characters, take less. */
export const MAX_REPORT_BYTES = 4 * 1024 * 1024;

/** What is looked at in a report; what else it says is for people. */
const ReportForm = Type.Object({
  format: Type.String({ maxLength: 100 }),
  results: Type.Array(Type.Object({ sample: Type.Array(Type.Array(Type.Unknown())) })),
});
const form = Compile(ReportForm);

/** As it goes from node to node. */
export const GivenReport = closed({ report: ReportForm });
export type GivenReport = Static<typeof GivenReport>;

/** An assessment, and the digest of its report. */
export interface StatedReport {
  readonly assessment: CaseSummary;
  readonly author: MspId;
  readonly digest: Digest;
}

/**
 * Asks another department's node for a report; undefined where it has none.
 * @throws ExchangeError; LedgerError NOT_PERMITTED where it is not for this department
 */
export type AskForReport = (department: MspId, assessment: string) => Promise<unknown>;

/** What the ledger says of an assessment's report; undefined where there is no such assessment. */
export async function statedReport(db: Db, id: string): Promise<StatedReport | undefined> {
  const assessment = await findCase(db, { noun: "assessment", case: id });
  if (assessment === undefined) return undefined;
  const act = await db
    .selectFrom("acts")
    .select(["department", "body"])
    .where("noun", "=", "assessment")
    .where("case_id", "=", id)
    .where("transaction_id", "=", id)
    .where("counted", "=", 1)
    .executeTakeFirst();
  if (act === undefined) return undefined;
  const { report } = JSON.parse(act.body) as { readonly report: Digest };
  return { assessment, author: act.department as MspId, digest: report };
}

/** Canonical JSON of the report with this digest, if it is here. */
export async function findReport(db: Db, digest: Digest): Promise<string | undefined> {
  const row = await db.selectFrom("local.reports").select("content").where("digest", "=", digest).executeTakeFirst();
  return row?.content;
}

/** Keeps a report that an assessment states. @throws RangeError unless it is a report and gives the digest */
export async function keepReport(db: Db, digest: Digest, report: unknown): Promise<string> {
  if (!form.Check(report)) throw new RangeError("it is no report of a check");
  const content = canonicalJson(report);
  if (createHash("sha256").update(content).digest("hex") !== digest) {
    throw new RangeError(`it is not the report with the digest ${digest}`);
  }
  await db
    .insertInto("local.reports")
    .values({ digest, content, kept: new Date().toISOString() })
    .onConflict((conflict) => conflict.column("digest").doNothing())
    .execute();
  return content;
}

/**
 * The report of an assessment, asked of its author's node and kept where it is not here.
 * @param ask undefined where there is nobody to ask
 * @returns undefined where it is neither here nor at its author's node, or nobody is asked
 * @throws ExchangeError BAD_ANSWER: what came is another report; what `ask` throws
 */
export async function reportOf(
  db: Db,
  { author, assessment, digest }: StatedReport,
  ask: AskForReport | undefined,
): Promise<string | undefined> {
  const kept = await findReport(db, digest);
  if (kept !== undefined || ask === undefined) return kept;
  const report = await ask(author, assessment.case);
  if (report === undefined) return undefined;
  try {
    return await keepReport(db, digest, report);
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    throw new ExchangeError("BAD_ANSWER", `${author} hands over something else: ${cause.message}`, { cause });
  }
}

/** Who asks for a report, and by which rules. */
export interface AskingDepartment {
  readonly department: MspId;
  readonly model: Model;
  /** The ledger's time. */
  readonly time: string | undefined;
}

/** Whether the rules in force let a department have a report. @param content canonical JSON */
export async function mayHave(
  db: Db,
  { assessment }: StatedReport,
  content: string,
  { department, model, time }: AskingDepartment,
): Promise<boolean> {
  const policy = await findCase(db, { noun: "policy", case: "policy" });
  if (policy === undefined || time === undefined) return false;
  const { dataset } = assessment.state as { readonly dataset: DatasetId };
  const { results } = JSON.parse(content) as Static<typeof ReportForm>;
  const { bureau } = policy.state as { readonly bureau: MspId };
  return model.reading.mayHaveReport(assessment.state as never, {
    department,
    isBureau: bureau === department,
    applications: await grantedTo(db, department, dataset),
    entry: (await findCase(db, { noun: "dataset", case: dataset }))?.state as CaseState | undefined,
    showsRows: results.some(({ sample }) => sample.length > 0),
    time: time as never,
  });
}

/** A department's applications on a dataset that were granted: whether one still holds, the rules say. */
async function grantedTo(db: Db, department: MspId, dataset: DatasetId): Promise<CaseState[]> {
  const wanted = { granting: dataset, party: department, relation: "consumer", status: "granted" };
  return (await everyCase(db, "application", wanted)).map(({ state }) => state as CaseState);
}
