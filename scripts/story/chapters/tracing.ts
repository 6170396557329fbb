import type { TracedAct } from "../narrator.js";
import type { Stage } from "../stage.js";
import { datasetOf } from "./catalogue.js";

/** The bureau appoints an auditor (the mandate is returned), who reads a dataset's whole history: who, when, transaction and block. */
export async function traceDivisions(stage: Stage): Promise<string> {
  const { cast, narrator } = stage;
  const dataset = datasetOf(cast.provider);
  const auditor = cast.auditor;
  const mandate = await cast.bureau.administrator.file("mandates", {
    department: cast.bureau.mspId,
    officer: auditor.officer,
    scope: { datasets: [], departments: [cast.provider.mspId] },
    from: "2026-10-13T00:00:00Z",
    to: "2026-12-31T00:00:00Z",
    reason: "年度数据共享审计",
  });
  narrator.step(
    cast.bureau.name,
    { zh: "任命审计人员，写明范围与期限", en: "appoints an auditor, with scope and period" },
    mandate,
  );
  const history = await auditor.all<TracedAct>(`trace/datasets/${dataset}`);
  narrator.step(
    { zh: "审计", en: "auditor" },
    {
      zh: `查看数据集 ${dataset} 的全部经过（${history.length} 条行为）`,
      en: `reads all that happened to ${dataset} (${history.length} acts)`,
    },
  );
  for (const act of history) narrator.trace(act);
  return mandate.case;
}
