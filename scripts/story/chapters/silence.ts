import type { ApplicationState } from "@wanlian/model/model-1/application/application-schema.js";
import type { Filed } from "../../host/desk.js";
import { basisOf } from "../basis.js";
import { chinaTime } from "../narrator.js";
import type { NetworkAccess } from "../network-access.js";
import type { HeldTransaction, Operator } from "../operator.js";
import { passTimeTo, type Stage } from "../stage.js";
import { wish } from "./granting.js";

/** An application that its provider leaves unanswered, and the timely reply that it keeps back. */
export interface Silence {
  readonly application: Filed<ApplicationState>;
  readonly due: string;
  readonly operator: Operator;
  readonly heldReply: HeldTransaction;
}

/** The consumer applies; the provider has a reply endorsed in time, by all the rules, and keeps it. */
export async function applyInVain(
  stage: Stage,
  access: NetworkAccess,
  dataset: string,
  fields: readonly string[],
): Promise<Silence> {
  const { petitioner, dishonest } = stage.cast;
  const application = await petitioner.user.file<ApplicationState>("applications", {
    ...wish(dataset, fields, "卫生机构分布核验"),
    kind: "ordinary",
  });
  const due = dueOf(application);
  stage.narrator.step(
    petitioner.name,
    {
      zh: `申请${dishonest.name.zh}的数据；答复期限 ${chinaTime(due)}`,
      en: `applies for data of ${dishonest.name.en}; the reply is due ${chinaTime(due)}`,
    },
    application,
  );
  const operator = await access.operator(dishonest.mspId, "steward");
  const { from, to, frequency } = wish(dataset, fields, "");
  const basis = await basisOf(dishonest.steward, [
    { noun: "application", case: application.case },
    { noun: "member", case: dishonest.mspId },
    { noun: "dataset", case: dataset },
  ]);
  const heldReply = await operator.prepare(
    stage.cast.all.map(({ mspId }) => access.peer(mspId)),
    "application:grant",
    [JSON.stringify({ case: application.case, body: { dataset, fields, from, to, frequency }, basis })],
  );
  stage.narrator.step(dishonest.name, {
    zh: "在期限内取得对答复的背书，却扣住不提交",
    en: "has a reply endorsed in time, and keeps it back",
  });
  return { application, due, operator, heldReply };
}

/** The deadline passes: overdue on every node, with nobody's act; and what was kept back is worth nothing now. */
export async function passDeadline(stage: Stage, access: NetworkAccess, silence: Silence): Promise<void> {
  const { cast, narrator } = stage;
  await passTimeTo(stage, "2026-10-13T01:00:00Z");
  for (const { name, user } of cast.all) {
    const items = await user.all<{ case: string }>("overdue");
    if (!items.some((entry) => entry.case === silence.application.case)) {
      throw new Error(`the node of ${name.en} does not show the application as overdue`);
    }
  }
  narrator.note({
    zh: `期限已过（${chinaTime(silence.due)}）：${cast.all.length} 个节点都显示逾期，无需任何人操作`,
    en: `the deadline has passed (${chinaTime(silence.due)}): all ${cast.all.length} nodes show it as overdue, by nobody's act`,
  });
  const fate = await silence.operator.submit(silence.heldReply, access.peer(cast.dishonest.mspId));
  if (fate.code === "VALID") throw new Error("a reply that was kept back counted after its deadline");
  narrator.refused(
    cast.dishonest.name,
    { zh: `此时提交扣住的答复（区块 ${fate.block}）`, en: `now submits the reply it kept back (block ${fate.block})` },
    fate.code,
  );
  const urged = await cast.bureau.steward.file(`applications/${silence.application.case}/urge`, {
    reasons: { text: "答复逾期，请即办理。" },
  });
  narrator.step(
    cast.bureau.name,
    { zh: "逾期上报至本局，予以催办", en: "sees it escalated, and urges the reply" },
    urged,
  );
}

function dueOf({ state }: Filed<ApplicationState>): string {
  const deadline = state.deadlines.find(({ kind }) => kind === "applicationReply");
  if (deadline === undefined) throw new Error("the policy in force gives no deadline for a reply");
  return deadline.due;
}
