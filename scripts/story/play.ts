import { showUse, useAfterRevocation, verifyWithinGrant } from "./chapters/accessing.js";
import { dropARecord, findWhatIsMissing, takeProofHome } from "./chapters/accounting.js";
import { DIVISIONS, LEGAL_BASES, registerDataset, registerDivisions, registerProvinces } from "./chapters/catalogue.js";
import { absentRows, compareWithoutData } from "./chapters/comparing.js";
import { followTheScan } from "./chapters/containing.js";
import { countOnDivisions, followTheCorrection } from "./chapters/deriving.js";
import { actDishonestly } from "./chapters/dishonesty.js";
import { evaluateTheQuarter } from "./chapters/evaluating.js";
import { checkHandedOverFile, claimUnconditional, grantDivisions } from "./chapters/granting.js";
import { objectAgainstCounts, objectToExtraCodes, objectToOutdatedRows } from "./chapters/objecting.js";
import { refuseWithBasis } from "./chapters/refusing.js";
import { applyInVain, passDeadline } from "./chapters/silence.js";
import { traceDivisions } from "./chapters/tracing.js";
import { COUNT_COLUMNS } from "./divisions.js";
import type { NetworkAccess } from "./network-access.js";
import { passTimeTo, type Stage } from "./stage.js";

const text = (name: string, meaning: string) => ({ name, type: "字符型", meaning, sensitivity: 2 });

/** The further datasets of the story. */
const COUNTS = {
  code: "county-counts",
  name: "县级行政区划数",
  abstract: "各省、自治区、直辖市县级行政区划数",
  category: ["主题信息资源", "统计"],
  fields: [text("province", "省级行政区划代码"), text("counties", "县级行政区划数")],
  basis: LEGAL_BASES.sharing,
};
const RESIDENTS = {
  code: "resident-count",
  name: "常住人口登记数",
  abstract: "按行政区划汇总的常住人口登记数",
  category: ["基础信息资源", "人口"],
  fields: [text("code", "行政区划代码"), text("residents", "登记人数")],
  basis: LEGAL_BASES.sharing,
};
const PROVINCES = {
  code: "provinces",
  name: "省级行政区",
  abstract: "民政部公布的省级行政区名单",
  category: ["基础信息资源", "地名"],
  fields: [text("code", "行政区划代码"), text("name", "名称")],
};

/** Plays the whole story: from the catalogue to the auditor's trace. The channel has been opened at 09:00 on 28 September 2026. */
export async function playStory(stage: Stage, access: NetworkAccess): Promise<void> {
  const { cast, narrator } = stage;
  const { provider, refuser, dishonest } = cast;

  narrator.chapter({ zh: "一、目录与批次", en: "1. Catalogue and release" });
  await passTimeTo(stage, "2026-09-28T02:00:00Z");
  const first = await registerDivisions(stage);
  const provinces = await registerProvinces(stage, await registerDataset(stage, provider, PROVINCES));
  const counts = await registerDataset(stage, dishonest, COUNTS);
  const residents = await registerDataset(stage, refuser, RESIDENTS);

  narrator.chapter({ zh: "二、申请与授权", en: "2. Application and grant" });
  await passTimeTo(stage, "2026-09-29T01:00:00Z");
  const silence = await applyInVain(stage, access, counts.case, COUNT_COLUMNS);
  const grants = await grantDivisions(stage);
  await checkHandedOverFile(stage, first);
  await claimUnconditional(stage, cast.claimant, provinces.dataset);
  const refused = await refuseWithBasis(stage, residents.case, ["code", "residents"]);

  narrator.chapter({ zh: `三、对“${DIVISIONS.name}”的异议`, en: `3. Objections to "${DIVISIONS.name}"` });
  await passTimeTo(stage, "2026-09-30T01:00:00Z");
  await verifyWithinGrant(stage, access, grants.consumer, first);
  const report = await countOnDivisions(stage, grants.consumer, first);
  const compared = await compareWithoutData(stage, access, grants.consumer, first);
  const second = await objectToOutdatedRows(stage, first, absentRows(compared, stage.lists.independent));
  const again = await compareWithoutData(stage, access, grants.consumer, second);
  await objectToExtraCodes(stage, second, absentRows(again, stage.lists.independent));

  await useAfterRevocation(stage, grants.claimant, second);
  await showUse(stage);

  narrator.chapter({ zh: "四、沉默", en: "4. Silence" });
  await passDeadline(stage, access, silence);

  narrator.chapter({ zh: "五、不诚实的部门", en: "5. A dishonest department" });
  const objection = await objectAgainstCounts(stage, counts.case);
  await actDishonestly(stage, access, { refused, objection });

  narrator.chapter({ zh: "六、审计溯源", en: "6. The auditor's trace" });
  const mandate = await traceDivisions(stage);
  await followTheCorrection(stage, grants.consumer, { wrong: first, corrected: second }, report);

  narrator.chapter({ zh: "七、谁用了什么", en: "7. Who used what" });
  await dropARecord(stage, access, provinces);
  await findWhatIsMissing(stage, mandate);
  await takeProofHome(stage, access, mandate);

  narrator.chapter({ zh: "八、预警、事件与督查", en: "8. Warned, contained, evaluated" });
  await followTheScan(stage, access, grants.consumer, second);
  await evaluateTheQuarter(stage);
}
