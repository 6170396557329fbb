import { type Static, Type } from "typebox";
import { Digest, MspId, OfficerNumber, TransactionId } from "../../identifiers.js";
import { closed, text } from "../../kernel/schema.js";
import { MAX_NAME, MAX_SENTENCE, Text } from "../../model-1/limits.js";
import { Derivation, Explained } from "../derivation.js";

/** Releases that a product is made from, once for each way; with its grant each is two cases in the basis. */
const MAX_SOURCES = 16;

/** 报告, 模型, 服务 */
export const PRODUCT_KINDS = ["report", "model", "service"] as const;

/** What was made of one release, and the grant under which its fields were got; of one's own data there is none. */
const ProductSource = closed({ ...Derivation.properties, grant: Type.Optional(TransactionId) });
export type ProductSource = Static<typeof ProductSource>;

export const RegisterProduct = closed({
  kind: Type.Enum([...PRODUCT_KINDS]),
  name: text(MAX_NAME),
  /** 用于: in what business. */
  use: text(MAX_SENTENCE),
  /** Of the report's file, the model's weights, the service's description. */
  digest: Type.Optional(Digest),
  sources: Type.Array(ProductSource, { minItems: 1, maxItems: MAX_SOURCES }),
  /** The earlier product that it takes the place of: it was made anew. */
  revises: Type.Optional(TransactionId),
});
export type RegisterProduct = Static<typeof RegisterProduct>;

export const WithdrawProduct = closed({ reasons: Type.Optional(Text) });

export const ProductState = closed({
  status: Type.Enum(["registered", "withdrawn"]),
  kind: Type.Enum([...PRODUCT_KINDS]),
  name: text(MAX_NAME),
  /** The department that made it and answers for it. */
  author: MspId,
  officer: OfficerNumber,
  derivedFrom: Type.Array(TransactionId, { minItems: 1, maxItems: MAX_SOURCES }),
  grants: Type.Array(TransactionId, { maxItems: MAX_SOURCES }),
  revises: Type.Optional(TransactionId),
  explained: Type.Optional(Explained),
});
export type ProductState = Static<typeof ProductState>;
