import { type Static, Type } from "typebox";
import { DatasetCode, Day, LegalBasisId, MspId } from "../../identifiers.js";
import {
  closed,
  FieldName,
  FieldNames,
  MAX_FIELDS,
  MAX_NAME,
  MAX_PARAGRAPH,
  MAX_SENTENCE,
  Text,
  text,
} from "../limits.js";
import { QualityDimension, Ratio } from "../quality.js";

/** 共享属性: 无条件, 有条件, 不予共享. */
export const ShareClass = Type.Enum(["unconditional", "conditional", "withheld"]);
/** 分级: 1 is the least sensitive. */
export const Grade = Type.Integer({ minimum: 1, maximum: 4 });

const Field = closed({
  name: FieldName,
  /** As GB/T 21063 has it: 字符型, 数值型, 日期型, …; short, free of choice. */
  type: text(32),
  meaning: text(MAX_SENTENCE),
  sensitivity: Grade,
});

/** What of a share class rules read. The legal basis is demanded where not unconditional (R2). */
const share = {
  class: ShareClass,
  basis: Type.Optional(LegalBasisId),
  conditions: Type.Optional(text(MAX_PARAGRAPH)),
  mode: Type.Enum(["interface", "file", "query", "platform"]),
};

const content = {
  name: text(MAX_NAME),
  abstract: text(MAX_PARAGRAPH),
  /** 类, 项, 目, 细目 (GB/T 21063.4): from the widest to the narrowest. */
  category: Type.Array(text(MAX_NAME), { minItems: 1, maxItems: 4 }),
  sourceSystem: text(MAX_NAME),
  format: text(MAX_NAME),
  fields: Type.Array(Field, { minItems: 1, maxItems: MAX_FIELDS }),
  share: closed(share),
  open: closed({
    class: Type.Enum(["unconditional", "conditional", "closed"]),
    conditions: Type.Optional(text(MAX_SENTENCE)),
  }),
  grade: Grade,
  updateCycle: Type.Enum(["realTime", "daily", "weekly", "monthly", "quarterly", "halfYearly", "yearly", "irregular"]),
  quality: Type.Array(closed({ dimension: QualityDimension, atLeast: Ratio, rule: text(MAX_SENTENCE) }), {
    maxItems: 50,
  }),
  published: Day,
  relatedCode: Type.Optional(DatasetCode),
};

export const RegisterDataset = closed({ code: DatasetCode, ...content });
export type RegisterDataset = Static<typeof RegisterDataset>;
export const ReviseDataset = closed({ ...content, changes: text(MAX_SENTENCE) });
export type ReviseDataset = Static<typeof ReviseDataset>;
export const WithdrawDataset = closed({ reasons: Type.Optional(Text) });

export const DatasetState = closed({
  status: Type.Enum(["registered", "withdrawn"]),
  provider: MspId,
  name: text(MAX_NAME),
  /** The number of the act whose body is the current catalogue entry: its version. */
  version: Type.Integer({ minimum: 1 }),
  share: closed({ class: ShareClass, basis: Type.Optional(LegalBasisId) }),
  grade: Grade,
  fields: FieldNames,
});
export type DatasetState = Static<typeof DatasetState>;
