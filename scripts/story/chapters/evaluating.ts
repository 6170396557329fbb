import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { wordsIn } from "@wanlian/words/index.js";
import type { Player } from "../cast.js";
import { passTimeTo, type Stage } from "../stage.js";

const QUARTER = { from: "2026-10-01", to: "2026-12-31" } as const;
const MONTH = "2026-10";
const AFTERWARDS = "2027-01-04T01:00:00Z";
const PERIOD = `from=${QUARTER.from}&to=${QUARTER.to}`;

/** The indicator that the bureau makes better than it is. */
const FALSIFIED = "replied";

interface Figures {
  readonly department: string;
  readonly met: readonly number[];
  readonly total: readonly number[];
}

interface Computed {
  readonly body: { readonly figures: readonly Figures[] };
  readonly items: readonly { readonly department: string; readonly indicator: string }[];
}

interface Checked {
  readonly same: boolean;
  readonly digest: string;
  readonly items: readonly {
    readonly department: string;
    readonly indicator: string;
    readonly published?: readonly [number, number];
    readonly computed?: readonly [number, number];
  }[];
}

/** Both sides state a month from their own logs; the bureau publishes a quarter with a false figure, and a node contests it. */
export async function evaluateTheQuarter(stage: Stage): Promise<void> {
  const { cast } = stage;
  await passTimeTo(stage, AFTERWARDS);
  for (const department of [cast.provider, cast.consumer]) await stateTheMonth(stage, department);
  await showDifferences(stage);

  const honest = await cast.bureau.steward.get<Computed>(`indicators?${PERIOD}`);
  const doubtful = await publish(stage, falsified(stage, honest), {
    zh: "公布第四季度督查评价",
    en: "publishes the evaluation of the fourth quarter",
  });
  await contest(stage, cast.consumer, doubtful);
  const withdrawn = await cast.bureau.steward.file(`evaluations/${doubtful}/withdraw`, {
    reasons: { text: "有一项数字与账本不符。" },
  });
  stage.narrator.step(
    cast.bureau.name,
    { zh: "撤回；公布过的和各部门的意见仍在账本上", en: "takes it back; what was published and said of it stays" },
    withdrawn,
  );
  const sound = await publish(stage, honest.body, {
    zh: "按账本重新公布",
    en: "publishes it anew, as the ledger has it",
  });
  for (const department of [cast.consumer, cast.provider]) await confirm(stage, department, sound);
  await takeReportHome(stage);
}

async function stateTheMonth({ narrator }: Stage, { name, steward, mspId }: Player): Promise<void> {
  const draft = await steward.get<{ readonly bodies: readonly object[]; readonly lines: readonly unknown[] }>(
    `usage-draft?month=${MONTH}`,
  );
  for (const body of draft.bodies) {
    const route = "code" in body ? "usages" : `usages/${mspId}/${MONTH}/amend`;
    const stated = await steward.file(route, body);
    narrator.step(
      name,
      {
        zh: `按本节点日志填报${MONTH}用数：${draft.lines.length}项，无人录入数字`,
        en: `states its use of ${MONTH} from its own log (lines: ${draft.lines.length}), and nobody has typed a figure`,
      },
      stated,
    );
  }
}

async function showDifferences({ cast, narrator }: Stage): Promise<void> {
  const { items } = await cast.bureau.steward.get<{ items: readonly unknown[] }>(`usage-differences?month=${MONTH}`);
  narrator.step(cast.bureau.name, {
    zh: `比对双方填报：${items.length}处不一致`,
    en: `compares what both sides state: ${items.length} differences`,
  });
}

/** Replies that never came are made to have come in time: the dishonest department's. */
function falsified({ cast }: Stage, { body, items }: Computed): object {
  const { mspId } = cast.dishonest;
  const at = items
    .filter(({ department }) => department === mspId)
    .findIndex(({ indicator }) => indicator === FALSIFIED);
  const figures = body.figures.map((own) =>
    own.department === mspId
      ? { ...own, met: own.met.map((met, place) => (place === at ? (own.total[at] ?? met) : met)) }
      : own,
  );
  if (JSON.stringify(figures) === JSON.stringify(body.figures)) throw new Error("there is no figure to falsify");
  return { ...body, figures };
}

async function publish({ cast, narrator }: Stage, body: object, told: { zh: string; en: string }): Promise<string> {
  const published = await cast.bureau.steward.file("evaluations", body);
  narrator.step(cast.bureau.name, told, published);
  return published.case;
}

async function contest({ narrator }: Stage, { name, steward }: Player, evaluation: string): Promise<void> {
  const checked = await steward.get<Checked>(`evaluations/${evaluation}/check`);
  const [first] = checked.items;
  if (checked.same || first === undefined) throw new Error("the falsified figure was not found");
  const [met, total] = first.computed ?? [0, 0];
  const { department, indicator, published } = first;
  const contested = await steward.file(`evaluations/${evaluation}/contest`, {
    ...{ digest: checked.digest, department, indicator, met, total },
  });
  const said = (language: "zh" | "en") =>
    `${department} ${wordsIn(language).value("indicator", indicator)} ${published?.join("/")} → ${met}/${total}`;
  narrator.step(
    name,
    {
      zh: `重新计算，质疑一项数字：${said("zh")}`,
      en: `computes it anew and contests a figure: ${said("en")}`,
    },
    contested,
  );
}

async function confirm({ narrator }: Stage, { name, steward }: Player, evaluation: string): Promise<void> {
  const { same, digest } = await steward.get<Checked>(`evaluations/${evaluation}/check`);
  if (!same) throw new Error("what was published honestly is not what a node computes");
  narrator.step(
    name,
    { zh: "重新计算，一致，认可", en: "computes it anew, finds the same, and confirms" },
    await steward.file(`evaluations/${evaluation}/confirm`, { digest }),
  );
}

async function takeReportHome({ cast, narrator, handover }: Stage): Promise<void> {
  const { consumer } = cast;
  const file = join(handover, `supervision-${consumer.mspId}.pdf`);
  const report = await consumer.steward.bytes(`supervision-report/pdf?${PERIOD}&department=${consumer.mspId}`);
  await writeFile(file, report);
  narrator.step(consumer.name, { zh: `保存督查报告：${file}`, en: `keeps its supervision report: ${file}` });
}
