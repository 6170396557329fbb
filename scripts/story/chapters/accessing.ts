import { CliError } from "@wanlian/client/cli";
import { refusalCode } from "../../host/desk.js";
import type { Player } from "../cast.js";
import type { NetworkAccess } from "../network-access.js";
import type { Stage } from "../stage.js";
import { datasetOf, LEGAL_BASES, type RegisteredRelease } from "./catalogue.js";
import { type UsedGrant, WANTED } from "./granting.js";

interface Accessed {
  readonly record: string;
  readonly payload: { readonly match?: boolean } | null;
}

/** The provider's node learns where the release's file lies; the consumer verifies rows within its grant, and asks for more than it has. */
export async function verifyWithinGrant(
  stage: Stage,
  access: NetworkAccess,
  { holder, application }: UsedGrant,
  release: RegisteredRelease,
): Promise<void> {
  const { cast, narrator, lists } = stage;
  await access.offer(cast.provider.mspId, { dataset: datasetOf(cast.provider), ...release });
  const grant = { grant: application, release: release.id, way: "verification" };
  const [known] = lists.of2022.filter(({ code }) => code.startsWith("5404"));
  const doubtful = lists.of2024.find(({ code }) => !lists.of2022.some((row) => row.code === code));
  for (const row of [known, doubtful]) {
    if (row === undefined) throw new Error("the lists hold no rows to verify");
    const answer = await holder.user.ask<Accessed>("accesses", {
      ...grant,
      subject: { code: row.code, name: row.name },
    });
    const said = answer.payload?.match === true ? { zh: "相符", en: "yes" } : { zh: "不符", en: "no" };
    narrator.step(holder.name, {
      zh: `在授权内核验“${row.code} ${row.name}”：${said.zh}（记录 ${answer.record.slice(0, 12)}…，双方签名）`,
      en: `verifies "${row.code} ${row.name}" within its grant: ${said.en} (record ${answer.record.slice(0, 12)}…, signed by both)`,
    });
  }
  await refusedAccess(
    stage,
    holder,
    { ...grant, fields: [...WANTED, "level"], subject: { code: "110101" } },
    {
      zh: "核验未获授权的字段",
      en: "asks for a field that was not granted",
    },
  );
  await refusedAccess(
    stage,
    holder,
    { ...grant, purpose: "analysis", subject: { code: "110101" } },
    {
      zh: "改作数据分析之用",
      en: "asks for another purpose",
    },
  );
}

/** A grant is revoked; what is asked for afterwards is refused, and on the record like everything else. */
export async function useAfterRevocation(
  stage: Stage,
  { holder, application }: UsedGrant,
  release: RegisteredRelease,
): Promise<void> {
  const { provider } = stage.cast;
  const revoked = await provider.steward.file(`applications/${application}/revoke`, {
    reasons: { text: "参保登记改用其他来源。" },
    basis: LEGAL_BASES.sharing,
  });
  stage.narrator.step(
    provider.name,
    { zh: `撤销${holder.name.zh}的授权`, en: `revokes the grant of ${holder.name.en}` },
    revoked,
  );
  const ask = { grant: application, release: release.id, way: "verification", subject: { code: "110101" } };
  await refusedAccess(stage, holder, ask, { zh: "撤销后仍来核验", en: "asks all the same" });
}

/** The provider sees who used its data, for what, and what was refused. */
export async function showUse({ cast, narrator }: Stage): Promise<void> {
  const { provider } = cast;
  const records = await provider.user.all<SeenAccess>("accesses", { dataset: datasetOf(provider) });
  narrator.step(provider.name, {
    zh: `查看谁用了本部门的数据：${records.length} 条记录`,
    en: `sees who used its data: ${records.length} records`,
  });
  for (const { consumer, officer, purpose, result, reason } of records) {
    const outcome = reason === undefined ? result : `${result} (${reason})`;
    narrator.note({
      zh: `${consumer} ${officer} ${purpose}：${outcome}`,
      en: `${consumer} ${officer} ${purpose}: ${outcome}`,
    });
  }
}

interface SeenAccess {
  readonly consumer: string;
  readonly officer: string;
  readonly purpose: string;
  readonly result: string;
  readonly reason?: string;
}

async function refusedAccess(
  { narrator }: Stage,
  holder: Player,
  body: unknown,
  told: { zh: string; en: string },
): Promise<void> {
  try {
    await holder.user.ask("accesses", body);
  } catch (error) {
    const code = refusalCode(error);
    if (code === undefined) throw error;
    narrator.refused(holder.name, told, providersReason(error) ?? code);
    return;
  }
  throw new Error(`${told.en}: it was served, against the grant`);
}

/** Why the provider's record refuses, where it was the provider. */
function providersReason(error: unknown): string | undefined {
  if (!(error instanceof CliError)) return undefined;
  const { problem } = error.details as { readonly problem?: { readonly details?: { readonly reason?: string } } };
  return problem?.details?.reason;
}
