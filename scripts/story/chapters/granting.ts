import { digestCsv } from "@wanlian/client/tables";
import type { Filed } from "../../host/desk.js";
import type { Player } from "../cast.js";
import type { Stage } from "../stage.js";
import { datasetOf, type RegisteredRelease } from "./catalogue.js";

/** The two columns that the health commission needs. */
export const WANTED = ["code", "name"] as const;

const PERIOD = { from: "2026-09-29", to: "2026-12-31" } as const;
const FREQUENCY = { calls: 1000, per: "day" } as const;

/** A grant in use: by whom, on which application. */
export interface UsedGrant {
  readonly holder: Player;
  readonly application: string;
}

/** What an application asks for, with what the story does not care about filled in. */
export function wish(dataset: string, fields: readonly string[], scenario: string) {
  return {
    ...{ dataset, fields, scenario },
    purpose: "verification",
    duty: "履行部门法定职责",
    ...PERIOD,
    frequency: FREQUENCY,
  };
}

/** The health commission finds the list in the catalogue, applies for two of its fields, and gets them for a period. */
export async function grantDivisions(stage: Stage): Promise<{ consumer: UsedGrant; claimant: UsedGrant }> {
  const { consumer, provider, claimant } = stage.cast;
  const found = await consumer.user.get<{ items: readonly { case: string }[] }>("catalogue?text=行政区划");
  if (!found.items.some((entry) => entry.case === datasetOf(provider))) {
    throw new Error("the catalogue does not list the dataset that was just registered");
  }
  stage.narrator.step(consumer.name, {
    zh: "在目录中检索“行政区划”，找到该数据集",
    en: "searches the catalogue for 行政区划 and finds the dataset",
  });
  return {
    consumer: await applyAndGrant(stage, consumer, "出生登记地址核验"),
    claimant: await applyAndGrant(stage, claimant, "参保登记地址核验"),
  };
}

async function applyAndGrant({ cast, narrator }: Stage, applicant: Player, scenario: string): Promise<UsedGrant> {
  const { provider } = cast;
  const dataset = datasetOf(provider);
  const application = await applicant.user.file("applications", {
    ...wish(dataset, WANTED, scenario),
    kind: "ordinary",
  });
  narrator.step(
    applicant.name,
    {
      zh: `申请字段 ${WANTED.join("、")}，用途：信息核验`,
      en: `applies for ${WANTED.join(" and ")}, for verification`,
    },
    application,
  );
  const grant = await provider.steward.file(`applications/${application.case}/grant`, {
    ...{ dataset, fields: WANTED, ...PERIOD, frequency: FREQUENCY },
  });
  narrator.step(
    provider.name,
    { zh: `授权，期限 ${PERIOD.from} 至 ${PERIOD.to}`, en: `grants it from ${PERIOD.from} to ${PERIOD.to}` },
    grant,
  );
  return { holder: applicant, application: application.case };
}

/** The list is handed over as a file; the consumer compares its columns with the digests on the ledger. */
export async function checkHandedOverFile(stage: Stage, release: RegisteredRelease): Promise<void> {
  const { consumer } = stage.cast;
  const { root, fields } = await digestCsv(release.file);
  const history = await consumer.user.get<{ items: readonly { body: ReleaseBody }[] }>(`releases/${release.id}/acts`);
  const registered = history.items[0]?.body;
  const differing = fields.filter(
    ({ name, digest }) => registered?.fields.find((field) => field.name === name)?.digest !== digest,
  );
  if (registered?.root !== root || differing.length > 0) {
    throw new Error(`the file differs from its release in ${differing.map(({ name }) => name).join(", ")}`);
  }
  stage.narrator.step(consumer.name, {
    zh: `收到文件，核对 ${fields.length} 个字段摘要与根摘要，与账本一致`,
    en: `receives the file and checks ${fields.length} field digests and the root against the ledger: they agree`,
  });
}

interface ReleaseBody {
  readonly root: string;
  readonly fields: readonly { readonly name: string; readonly digest: string }[];
}

/** A department takes a grant on unconditional data with its own act. */
export async function claimUnconditional(
  stage: Stage,
  claimant: Player,
  dataset: string,
  from: string = PERIOD.from,
): Promise<Filed> {
  const body = { ...wish(dataset, WANTED, "省级行政区划核验"), from };
  const claim = await claimant.user.file("applications/claim", body);
  stage.narrator.step(
    claimant.name,
    { zh: "领取无条件共享数据的授权，当即生效", en: "takes a grant on unconditional data, in force at once" },
    claim,
  );
  return claim;
}
