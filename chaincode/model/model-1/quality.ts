import { Type } from "typebox";

/** GB/T 36344-2018: 规范性, 完整性, 准确性, 一致性, 时效性, 可访问性. */
export const QUALITY_DIMENSIONS = [
  "compliance",
  "completeness",
  "accuracy",
  "consistency",
  "timeliness",
  "accessibility",
] as const;
export const QualityDimension = Type.Enum([...QUALITY_DIMENSIONS]);
/** A ratio in ten-thousandths: 9,950 is 99.5 %. The ledger holds whole numbers. */
export const Ratio = Type.Integer({ minimum: 0, maximum: 10_000 });
