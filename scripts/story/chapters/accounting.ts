import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describeStep, parseAnyFile, readTrustFile, trustOf, verifyFile } from "@wanlian/client/evidence";
import { CODE_WORDS } from "@wanlian/words/index.js";
import { refusalCode } from "../../host/desk.js";
import { type Patience, until } from "../../host/until.js";
import type { Told } from "../narrator.js";
import type { NetworkAccess } from "../network-access.js";
import { passTimeTo, type Stage } from "../stage.js";
import { datasetOf, type OfferedDataset } from "./catalogue.js";
import { claimUnconditional } from "./granting.js";

/** Where the story stands: a grant begins today at the earliest. */
const TODAY = "2026-10-13";
/** A log is anchored a minute after it has grown; another department's anchor has to follow. */
const ANCHORED: Patience = {
  withinMs: 240_000,
  otherwise: "the departments' logs were not anchored in time; see the nodes' logs",
};

interface Finding {
  readonly event: "finding";
  readonly kind: string;
  readonly department: string;
  readonly message: Told;
}

interface SeenRecord {
  readonly event: "record";
  /** In whose log it was seen first. */
  readonly department: string;
  readonly record: string;
  readonly position: number;
  readonly dataset: string;
  readonly result: string;
}

/** What else an audit says. */
interface Other {
  readonly event: "begun" | "progress" | "end";
}

/** The dishonest department looks something up, and then puts an older copy of its log in the place of the true one. */
export async function dropARecord(
  stage: Stage,
  access: NetworkAccess,
  { dataset, release }: OfferedDataset,
): Promise<void> {
  const { dishonest, provider } = stage.cast;
  await access.offer(provider.mspId, { dataset, ...release });
  const claim = await claimUnconditional(stage, dishonest, dataset, TODAY);
  await access.withOldLog(dishonest.mspId, async () => {
    const ask = { grant: claim.case, release: release.id, way: "lookup", subject: { code: "110000" } };
    await dishonest.user.ask("accesses", ask);
    stage.narrator.step(dishonest.name, { zh: "查询了一条数据", en: "looks one row up" });
  });
  stage.narrator.step(dishonest.name, {
    zh: "用旧副本换掉本节点的访问日志，抹去这条记录",
    en: "puts an old copy of its access log in the place of the true one, without the record",
  });
}

/** The auditor has the departments' logs compared; the questions are on the record like everything else. */
export async function findWhatIsMissing({ cast, narrator }: Stage, mandate: string): Promise<void> {
  const parties = new Set([cast.provider, cast.consumer, cast.dishonest].map(({ mspId }) => mspId));
  const question = { mandate, departments: [...parties] };
  const events = await cast.auditor.askLines<Finding | Other>("audits", question);
  const findings = events.filter((event): event is Finding => event.event === "finding");
  if (!findings.some(({ kind, department }) => kind === "RECORD_DROPPED" && department === cast.dishonest.mspId)) {
    throw new Error("the audit did not find the record that was dropped");
  }
  narrator.step(AUDITOR, { zh: "比对各部门日志", en: "compares the departments' logs" });
  narrator.note({
    zh: "（演示时钟一次跳过数日，锚定因此显得迟；正常通道每五分钟一拍）",
    en: "(the demo clock jumps over days, so anchors look late; a real channel's ticks every five minutes)",
  });
  for (const { kind, department, message } of findings)
    narrator.refused({ zh: department, en: department }, { zh: kind, en: kind }, narrator.text(message));
}

/** The auditor takes the evidence of one access home, and checks it while every node is stopped. */
export async function takeProofHome(stage: Stage, access: NetworkAccess, mandate: string): Promise<void> {
  const { cast, narrator, handover } = stage;
  const { auditor, provider } = cast;
  const question = { mandate, departments: [provider.mspId], show: "records" };
  const seen = (await auditor.askLines<SeenRecord | Other>("audits", question)).filter(
    (event): event is SeenRecord => event.event === "record",
  );
  const record = seen.find(
    ({ department, dataset, result }) =>
      department === provider.mspId && dataset === datasetOf(provider) && result === "served",
  );
  if (record === undefined) throw new Error("the provider's log shows no access that was served");
  narrator.note({
    zh: "等待日志锚定上链，再等其他部门的锚定见证（各约一分钟）……",
    en: "waiting until the log is anchored, then until another department's anchor witnesses it, about a minute each …",
  });
  await until(async () => {
    const { case: log } = await auditor.get<{ case: { state: { size: number } } }>(`logs/${provider.mspId}`);
    return log.state.size > record.position;
  }, ANCHORED);
  // An anchor witnesses the ledger up to the tick before it, and is made when its log has grown: by the auditor's question.
  await passTimeTo(stage, "2026-10-13T02:00:00Z");
  await auditor.askLines("audits", { mandate, departments: cast.all.map(({ mspId }) => mspId) });
  let evidence: object | undefined;
  await until(async () => {
    evidence = await unlessTooEarly(
      auditor.ask<object>("audits/evidence", { mandate, department: provider.mspId, record: record.record }),
    );
    return evidence !== undefined;
  }, ANCHORED);
  const [file, roots] = [join(handover, "evidence.json"), join(handover, "roots.json")];
  await writeFile(file, JSON.stringify(withoutDemo(evidence)));
  await writeFile(roots, JSON.stringify(withoutDemo(await auditor.get<object>("roots"))));
  narrator.step(AUDITOR, { zh: `带走证据文件 ${file}`, en: `takes home the evidence file ${file}` });
  await access.withNodesStopped(async () => {
    const trust = trustOf(await readTrustFile(roots));
    const verification = await verifyFile(parseAnyFile(JSON.parse(await readFile(file, "utf8"))), trust, CODE_WORDS);
    for (const step of verification.steps) narrator.note(describeStep(step));
    if (verification.verdict !== "proven") throw new Error("the evidence does not prove what it has to");
    for (const sentence of verification.explanation.proven) narrator.note(sentence);
    narrator.step(AUDITOR, {
      zh: "所有节点都已停止；仅凭自存的首个区块摘要和根证书验证：已证明",
      en: "with every node stopped, against the first block and the roots that were kept: proven",
    });
  });
}

/** What a demo channel's node says of every answer is no part of a file. */
function withoutDemo(answer: object | undefined): object {
  const { demo: _demo, ...content } = { demo: undefined, ...answer };
  return content;
}

const AUDITOR = { zh: "审计", en: "auditor" } as const;

/** Undefined where the ledger does not have yet what the answer needs. */
async function unlessTooEarly<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (refusalCode(error) === "NOT_YET") return undefined;
    throw error;
  }
}
