import { createHash } from "node:crypto";
import type { Filed } from "../../host/desk.js";
import type { Cast, Player } from "../cast.js";
import { bornOut, type Finding, findOutdated, inListedProvinces, newDivision } from "../comparison.js";
import { countsAsCsv, countyCounts, type Division } from "../divisions.js";
import { chinaTime } from "../narrator.js";
import { passTimeTo, type Stage } from "../stage.js";
import { datasetOf, type RegisteredRelease, registerRelease, releaseFile } from "./catalogue.js";
import { WANTED } from "./granting.js";

/** What a comparison finds release 1 to lack, and how it ends: with release 2, confirmed. @param lacking in release 1 */
export async function objectToOutdatedRows(
  stage: Stage,
  first: RegisteredRelease,
  lacking: readonly Division[],
): Promise<RegisteredRelease> {
  const { cast, lists, narrator } = stage;
  const { consumer, provider } = cast;
  const absent = new Set(lacking.map(({ code }) => code));
  const findings = findOutdated(lists.of2022, lists.independent).filter((one) => absent.has(newDivision(one).code));
  for (const finding of findings) narrator.note(tell(finding));
  const rows = findings.flatMap(({ kind, row }) => (kind === "superseded" ? [lists.of2022.indexOf(row)] : []));
  const objection = await raise(stage, {
    release: first.id,
    dimension: "timeliness",
    rows,
    rowCount: findings.length,
    evidence: findings,
    claim: "与独立来源比对，下列行政区划已变更或缺失。",
  });
  narrator.note({
    zh: `核查期限（五个工作日，跨国庆假期及调休）：${dueOf(objection)}`,
    en: `verification is due in five working days, across the National Day holiday: ${dueOf(objection)}`,
  });

  await passTimeTo(stage, "2026-10-08T01:30:00Z");
  const accepted = await provider.steward.file(`objections/${objection.case}/accept`);
  narrator.step(provider.name, { zh: "受理异议，开始核查", en: "takes up the objection" }, accepted);

  await passTimeTo(stage, "2026-10-09T02:00:00Z");
  const confirmed = bornOut(findings, lists.of2024);
  const outcome =
    confirmed.length === findings.length ? "substantiated" : confirmed.length > 0 ? "partly" : "unsubstantiated";
  await conclude(stage, objection, outcome, {
    zh: `对照民政部 2024 年名单核查：${findings.length} 条中 ${confirmed.length} 条属实`,
    en: `checks them against the ministry's list of 2024: ${confirmed.length} of ${findings.length} hold`,
  });
  const second = await registerRelease(stage, {
    rows: lists.of2024,
    file: "divisions-2024.csv",
    period: { from: "2024-01-01", to: "2024-12-31" },
    told: {
      zh: "登记第 2 批次（2024 年名单），修订第 1 批次并注明所依异议",
      en: "registers release 2, which revises release 1 and cites the objection",
    },
    revises: first.id,
    objection: objection.case,
  });
  const corrected = await provider.steward.file(`objections/${objection.case}/correct`, { release: second.id });
  narrator.step(provider.name, { zh: "以第 2 批次更正", en: "corrects by release 2" }, corrected);

  await passTimeTo(stage, "2026-10-10T01:00:00Z");
  const closed = await consumer.user.file(`objections/${objection.case}/confirm`);
  narrator.step(consumer.name, { zh: "确认更正，异议闭环", en: "confirms; the objection is closed" }, closed);
  await showNotices(stage, closed);
  return second;
}

/** The second objection: codes that only the other source has, as a comparison with release 2 shows. They are no administrative divisions. */
export async function objectToExtraCodes(
  stage: Stage,
  second: RegisteredRelease,
  lacking: readonly Division[],
): Promise<void> {
  const { cast, lists, narrator } = stage;
  const extra = inListedProvinces(lists.of2024, lacking);
  const objection = await raise(stage, {
    release: second.id,
    dimension: "completeness",
    rows: [],
    rowCount: extra.length,
    evidence: extra,
    claim: "另一来源列有而本批次没有的代码。",
  });
  const accepted = await cast.provider.steward.file(`objections/${objection.case}/accept`);
  narrator.step(cast.provider.name, { zh: "受理异议", en: "takes up the objection" }, accepted);
  const listed = new Set(lists.of2024.map(({ code }) => code));
  const missing = extra.filter(({ code }) => listed.has(code));
  await conclude(stage, objection, missing.length === 0 ? "unsubstantiated" : "partly", {
    zh: `民政部名单中没有这 ${extra.length} 个代码：属开发区、功能区等，不是行政区划`,
    en: `the ministry lists none of the ${extra.length} codes: they are development zones and the like, no divisions`,
  });
  const closed = await cast.consumer.user.file(`objections/${objection.case}/confirm`);
  narrator.step(cast.consumer.name, { zh: "接受结论，异议闭环", en: "accepts the outcome; it is closed" }, closed);
}

/**
 * The dishonest department counts the divisions of each province by the old list; human resources, which holds release 2,
 * counts again and objects to the rows that differ.
 */
export async function objectAgainstCounts(stage: Stage, dataset: string): Promise<Filed> {
  const { cast, lists, narrator } = stage;
  const { claimant, dishonest } = cast;
  const stated = countyCounts(lists.of2022);
  const release = await releaseFile(stage, dishonest, {
    dataset,
    file: "county-counts.csv",
    content: countsAsCsv(stated),
    period: { from: "2026-01-01", to: "2026-12-31" },
    told: { zh: "登记批次：各省县级区划数", en: "registers a release: divisions of county level by province" },
  });
  const counted = new Map(countyCounts(lists.of2024).map(({ province, counties }) => [province, counties]));
  const differing = stated.flatMap((row, at) => (counted.get(row.province) === row.counties ? [] : [at]));
  const evidence = differing.map((at) => ({ ...stated[at], counted: counted.get(stated[at]?.province ?? "") }));
  const objection = await claimant.user.file("objections", {
    dataset,
    ...{
      release: release.id,
      dimension: "accuracy",
      fields: ["counties"],
      rows: differing,
      rowCount: differing.length,
    },
    evidence: digestOf(evidence),
    claim: { text: "按现行名单重新计数，下列省份的县级区划数不符。" },
  });
  narrator.step(
    claimant.name,
    {
      zh: `按第 2 批次重新计数，对其中 ${differing.length} 行提出异议`,
      en: `counts again by release 2, and objects to ${differing.length} of its rows`,
    },
    objection,
  );
  return objection;
}

interface Claim {
  readonly release: string;
  readonly dimension: string;
  readonly rows: readonly number[];
  readonly rowCount: number;
  readonly evidence: unknown;
  readonly claim: string;
}

async function raise({ cast, narrator }: Stage, { evidence, claim, ...claimed }: Claim): Promise<Filed> {
  const { consumer, provider } = cast;
  const digest = digestOf(evidence);
  const objection = await consumer.user.file("objections", {
    dataset: datasetOf(provider),
    ...claimed,
    fields: WANTED,
    evidence: digest,
    claim: { text: claim },
  });
  narrator.step(
    consumer.name,
    {
      zh: `对 ${claimed.rowCount} 行提出异议，证据摘要 ${digest.slice(0, 12)}…`,
      en: `objects to ${claimed.rowCount} rows; evidence ${digest.slice(0, 12)}…`,
    },
    objection,
  );
  return objection;
}

async function conclude(
  { cast, narrator }: Stage,
  objection: Filed,
  outcome: "substantiated" | "partly" | "unsubstantiated",
  reasons: { readonly zh: string; readonly en: string },
): Promise<void> {
  const concluded = await cast.provider.steward.file(`objections/${objection.case}/conclude`, {
    outcome,
    reasons: { text: reasons.zh },
  });
  const words = {
    substantiated: { zh: "属实", en: "substantiated" },
    partly: { zh: "部分属实", en: "partly substantiated" },
    unsubstantiated: { zh: "不属实", en: "unsubstantiated" },
  }[outcome];
  narrator.step(
    cast.provider.name,
    { zh: `${reasons.zh}；结论：${words.zh}`, en: `${reasons.en}; outcome: ${words.en}` },
    concluded,
  );
}

/** Every holder of a grant on the dataset has the objection among its unread notices until an officer opens it. */
async function showNotices({ cast, narrator }: Stage, closed: Filed): Promise<void> {
  for (const holder of holders(cast)) {
    const unread = await unreadOf(holder, closed);
    if (unread === 0) throw new Error(`${holder.mspId} was not told of objection ${closed.case}`);
    await holder.user.mark("notices/read", { noun: "objection", case: closed.case, number: closed.number });
    narrator.step(holder.name, {
      zh: `本节点有 ${unread} 条关于该异议的未读通知，经办人打开`,
      en: `has ${unread} unread notices of it; an officer opens them`,
    });
  }
}

function holders({ consumer, claimant }: Cast): readonly Player[] {
  return [...new Set([consumer, claimant])];
}

async function unreadOf({ user }: Player, objection: Filed): Promise<number> {
  const items = await user.all<{ case: string }>("notices");
  return items.filter((notice) => notice.case === objection.case).length;
}

function dueOf(filed: Filed): string {
  const { deadlines } = filed.state as { deadlines?: readonly { kind: string; due: string }[] };
  const deadline = deadlines?.find(({ kind }) => kind === "objectionVerification");
  return deadline === undefined ? "–" : chinaTime(deadline.due);
}

function tell(finding: Finding): { zh: string; en: string } {
  const { code, name } = finding.row;
  return finding.kind === "superseded"
    ? {
        zh: `${code} ${name}：另一来源为 ${finding.by.code} ${finding.by.name}`,
        en: `${code} ${name}: the other source has ${finding.by.code} ${finding.by.name}`,
      }
    : { zh: `${code} ${name}：批次中缺失`, en: `${code} ${name}: missing from the release` };
}

/** Evidence stays with the objector; the ledger has its digest. */
function digestOf(evidence: unknown): string {
  return createHash("sha256").update(JSON.stringify(evidence)).digest("hex");
}
