import { createHash } from "node:crypto";
import type { Stage } from "../stage.js";
import type { RegisteredRelease } from "./catalogue.js";
import type { UsedGrant } from "./granting.js";

const REPORT = "按行政区划统计的年度出生人口";
/** What the report's numbers were counted by. */
const QUERY = "select code, count(*) as births from registrations group by code order by code";

/** The consumer counts births by division, under its grant, and says on what its report rests. @returns the product */
export async function countOnDivisions(stage: Stage, grant: UsedGrant, release: RegisteredRelease): Promise<string> {
  const { narrator } = stage;
  const registered = await register(grant, release);
  narrator.step(
    grant.holder.name,
    {
      zh: `登记数据产品“${REPORT}”：按批次 ${release.id.slice(0, 12)} 的 code 字段汇总`,
      en: `registers a product, births by division, aggregated by the field code of release ${release.id.slice(0, 12)}`,
    },
    registered,
  );
  return registered.case;
}

interface Lineage {
  readonly releases: readonly {
    readonly release: string;
    readonly mark: string;
    readonly outstanding: boolean;
    readonly madeAnewBy?: string;
  }[];
}
interface Affected {
  readonly items: readonly { readonly case: string; readonly causes: readonly string[] }[];
}

/** From the corrected codes to the statistics counted on them: the owner is told, counts anew, and nothing is left to do. */
export async function followTheCorrection(
  stage: Stage,
  grant: UsedGrant,
  releases: { readonly wrong: RegisteredRelease; readonly corrected: RegisteredRelease },
  report: string,
): Promise<void> {
  const { cast, narrator } = stage;
  const { holder } = grant;
  const ofReport = async () => {
    const { releases: shown } = await cast.auditor.get<Lineage>(`releases/${releases.wrong.id}/lineage?field=code`);
    return shown.find(({ release }) => release === report);
  };
  const before = await ofReport();
  if (before?.mark !== "affected" || !before.outstanding)
    throw new Error("the report is not marked as resting on wrong data");
  narrator.step(
    { zh: "审计", en: "auditor" },
    {
      zh: `从更正前的区划代码查到据以统计的“${REPORT}”：${holder.name.zh}的产品，依据有误，尚未重做`,
      en: "follows the codes that were corrected to the births counted on them: a product that rests on wrong data, not made anew yet",
    },
  );
  const { items } = await holder.user.get<Affected>("tasks/affected");
  const told = items.find((one) => one.case === report);
  if (told === undefined) throw new Error("the report's owner was not told");
  narrator.step(holder.name, {
    zh: `待办中列出该产品，事由：异议 ${told.causes.map((cause) => cause.slice(0, 12)).join("、")}`,
    en: `has it in its to-do, because of objection ${told.causes.map((cause) => cause.slice(0, 12)).join(", ")}`,
  });
  const anew = await register(grant, releases.corrected, report);
  narrator.step(
    holder.name,
    {
      zh: "按更正后的批次重新统计，登记替代的产品",
      en: "counts anew on the corrected release; the new product takes its place",
    },
    anew,
  );
  const after = await ofReport();
  if (after?.madeAnewBy !== anew.case) throw new Error("the report is not shown as made anew");
  narrator.note({ zh: "该产品已重做，没有遗留", en: "it was made anew; nothing is left to do" });
}

const register = ({ holder, application }: UsedGrant, release: RegisteredRelease, revises?: string) =>
  holder.user.file("products", {
    ...{ kind: "report", name: REPORT, use: "卫生统计年报" },
    ...(revises === undefined ? {} : { revises }),
    sources: [
      {
        ...{ source: release.id, grant: application, how: "aggregated" },
        fields: [{ field: "code", as: "births" }],
        program: createHash("sha256").update(QUERY).digest("hex"),
      },
    ],
  });
