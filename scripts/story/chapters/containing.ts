import { CliError } from "@wanlian/client/cli";
import { wordsIn } from "@wanlian/words/index.js";
import { type Desk, refusalCode } from "../../host/desk.js";
import { type Patience, until } from "../../host/until.js";
import type { Told } from "../narrator.js";
import type { NetworkAccess } from "../network-access.js";
import type { Stage } from "../stage.js";
import { datasetOf, type RegisteredRelease } from "./catalogue.js";
import type { UsedGrant } from "./granting.js";

/** The company that works for the consumer. */
const COMPANY = { code: "91411300MA0000000X", name: "宛数科技有限公司" } as const;
/** The end of its machine's number, after the department's. */
const MACHINE = "81";
const ENGAGED = { from: "2026-10-13T00:00:00Z", to: "2027-12-31T15:59:59Z" } as const;

/** Keys in a row that the machine goes through: more than the thirty of a day from which on nodes warn. */
const KEYS = 40;
const FIRST_KEY = 410_101;

const WARNED: Patience = {
  withinMs: 60_000,
  otherwise: "the provider's node did not warn of keys that are gone through one by one",
};

interface Warning {
  readonly kind: string;
  readonly consumer: string;
  readonly figures: Readonly<Record<string, number | string>>;
}

/** A company's machine goes through keys; the provider is warned, stops it at once, and the incident is followed to who answers for it. */
export async function followTheScan(
  stage: Stage,
  access: NetworkAccess,
  { holder, application }: UsedGrant,
  release: RegisteredRelease,
): Promise<void> {
  const { cast, narrator } = stage;
  const { provider, bureau } = cast;
  const dataset = datasetOf(provider);
  const machine = `${holder.user.officer.slice(0, -MACHINE.length)}${MACHINE}`;
  const job = await access.machine(holder.mspId, machine);
  const engaged = await holder.administrator.file(`members/${holder.mspId}/engage`, {
    ...{ ...COMPANY, ...ENGAGED, scope: [dataset], officers: [machine] },
  });
  narrator.step(
    holder.name,
    {
      zh: `登记运营企业“${COMPANY.name}”，写明其设备编号 ${machine}`,
      en: `engages the operator company ${COMPANY.code}, whose machine has the number ${machine}`,
    },
    engaged,
  );
  const ask = {
    ...{ grant: application, release: release.id, way: "verification", operator: COMPANY.code },
    subject: { code: String(FIRST_KEY), name: "中原区" },
  };
  for (let key = 0; key < KEYS; key++) {
    const code = String(FIRST_KEY + key);
    await job.ask("accesses", { ...ask, subject: { ...ask.subject, code } });
  }
  narrator.step(holder.name, {
    zh: `让设备 ${machine} 从 ${FIRST_KEY} 起逐号核验${KEYS}次`,
    en: `has its machine ${machine} verify ${KEYS} codes one by one, from ${FIRST_KEY} on`,
  });

  const warning = await warningOf(stage, holder.mspId);
  const why = (language: "zh" | "en") => wordsIn(language).whyWarned(warning.kind, warning.figures);
  narrator.step(provider.name, { zh: `收到预警：${why("zh")}`, en: `is warned: ${why("en")}` });

  const incident = await provider.steward.file("incidents", {
    ...{ kind: "probing", severity: 2, concerned: holder.mspId, dataset, grant: application },
    noticed: engaged.time,
    account: { text: `${holder.name.zh}的设备 ${machine} 逐号核验，本部门节点已预警。` },
  });
  narrator.step(provider.name, { zh: "报告安全事件：批量探测", en: "reports an incident: probing" }, incident);
  const restrained = await provider.steward.file(`members/${holder.mspId}/restrain`, {
    ...{ department: holder.mspId, incident: incident.case, grant: application, company: COMPANY.code },
    reasons: { text: "逐号探测，先行限制。" },
  });
  narrator.step(
    provider.name,
    { zh: "限制该运营企业调用本部门数据", en: "restrains the company from all of its data" },
    restrained,
  );
  await refusedNow(stage, holder.name, job, ask);
  await answerFor(stage, incident.case, holder, { officer: machine, company: COMPANY.code });
  narrator.note({
    zh: `（${bureau.name.zh}、${provider.name.zh}、${holder.name.zh}的节点都列出此事件的全过程）`,
    en: `(the nodes of ${bureau.name.en}, ${provider.name.en} and ${holder.name.en} show all of it)`,
  });
}

async function warningOf({ cast }: Stage, mspId: string): Promise<Warning> {
  const found: Warning[] = [];
  await until(async () => {
    const { items } = await cast.provider.steward.get<{ items: readonly Warning[] }>("warnings");
    found.push(...items.filter(({ kind, consumer }) => kind === "SCANNING" && consumer === mspId));
    return found.length > 0;
  }, WARNED);
  const [warning] = found;
  if (warning === undefined) throw new Error(WARNED.otherwise);
  return warning;
}

/** From the block of the restraint on. */
async function refusedNow({ narrator }: Stage, name: Told, job: Desk, ask: unknown): Promise<void> {
  try {
    await job.ask("accesses", ask);
  } catch (error) {
    if (refusalCode(error) === undefined || !(error instanceof CliError)) throw error;
    const { problem } = error.details as { readonly problem?: { readonly details?: { readonly reason?: string } } };
    narrator.refused(
      name,
      { zh: "让设备继续核验", en: "has its machine go on" },
      problem?.details?.reason ?? error.code,
    );
    return;
  }
  throw new Error("the company's machine was served, against the restraint");
}

/** The bureau finds who answers for it; the consumer ends the company's work, and the bureau closes. */
async function answerFor(
  { cast, narrator }: Stage,
  incident: string,
  holder: UsedGrant["holder"],
  named: { readonly officer: string; readonly company: string },
): Promise<void> {
  const { bureau } = cast;
  const at = (verb: string) => `incidents/${incident}/${verb}`;
  narrator.step(
    bureau.name,
    { zh: "开展调查", en: "takes up the investigation" },
    await bureau.steward.file(at("investigate")),
  );
  const assigned = await bureau.steward.file(at("assign"), {
    ...{ stage: "application", responsible: holder.mspId, principle: "uses", ...named },
    reasons: { text: "设备由运营企业操作，谁使用谁负责。" },
  });
  narrator.step(
    bureau.name,
    {
      zh: `认定责任：应用环节，${holder.name.zh}，运营企业 ${named.company}，设备 ${named.officer}；谁使用谁负责`,
      en: `assigns responsibility: ${holder.name.en}, for the company ${named.company} and its machine ${named.officer}; who uses it answers for it`,
    },
    assigned,
  );
  const dismissed = await holder.administrator.file(`members/${holder.mspId}/dismiss`, { code: named.company });
  narrator.step(holder.name, { zh: "终止该运营企业的工作", en: "ends the company's work" }, dismissed);
  const remedied = await holder.steward.file(at("remedy"), { measures: { text: "已终止该企业的工作，收回设备。" } });
  narrator.step(holder.name, { zh: "报告整改", en: "says what was done about it" }, remedied);
  const closed = await bureau.steward.file(at("close"), {
    outcome: "remedied",
    reasons: { text: "整改属实。" },
  });
  narrator.step(bureau.name, { zh: "办结安全事件：已整改", en: "closes the incident: remedied" }, closed);
}
