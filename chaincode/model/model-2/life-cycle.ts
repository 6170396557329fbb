import { type Static, Type } from "typebox";
import { ensure } from "../errors.js";
import { MspId, TransactionId } from "../identifiers.js";
import { closed } from "../kernel/schema.js";
import { MAX_NAME, MAX_SENTENCE, text } from "../model-1/limits.js";

/** 采集, 存储, 供给, 汇聚, 共享, 应用 (requirement R4), in the order in which data passes them. */
export const STAGES = ["collection", "storage", "provision", "aggregation", "sharing", "application"] as const;
export const Stage = Type.Enum([...STAGES]);
export type Stage = (typeof STAGES)[number];

/** 各环节责任: for stages of a dataset's life cycle, who is responsible and which standard applies. */
export const LifeCycle = Type.Array(
  closed({
    stage: Stage,
    responsible: MspId,
    /** 责任处室: within the department; never a person's name. */
    unit: Type.Optional(text(MAX_NAME)),
    standard: text(MAX_SENTENCE),
  }),
  { minItems: 1, maxItems: STAGES.length },
);
export type LifeCycle = Static<typeof LifeCycle>;

/** What of it rules read. */
export const Responsible = Type.Array(closed({ stage: Stage, responsible: MspId }), { maxItems: STAGES.length });
export type Responsible = Static<typeof Responsible>;

/** 已过环节: the stages that a release's data passed, under whose responsibility, with which check of it there. */
export const PassedStages = Type.Array(
  closed({ stage: Stage, responsible: MspId, assessment: Type.Optional(TransactionId) }),
  { minItems: 1, maxItems: STAGES.length },
);
export type PassedStages = Static<typeof PassedStages>;

/** Each stage once, in their order. @throws LedgerError INVALID_INPUT */
export function checkStages(stages: readonly { readonly stage: Stage }[]): void {
  const places = stages.map(({ stage }) => STAGES.indexOf(stage));
  const inOrder = places.every((place, at) => at === 0 || place > (places[at - 1] ?? 0));
  ensure(inOrder, "INVALID_INPUT", `stages stand once each, in this order: ${STAGES.join(", ")}`);
}
