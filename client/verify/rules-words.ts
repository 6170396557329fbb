import { LedgerError, type LedgerErrorCode } from "@wanlian/model/errors.js";
import { ProtocolError, type ProtocolErrorCode } from "@wanlian/protocol/errors.js";
import type { Words } from "@wanlian/protocol/language.js";

/** What Fabric's rules find wrong, in Chinese; English has the rule's own sentence. */
const PROTOCOL: Readonly<Record<ProtocolErrorCode, string>> = {
  MALFORMED: "内容无法解读",
  INVALID_IDENTITY: "签署人的证书不被通道认可",
  INVALID_POLICY: "背书策略无法解读",
  POLICY_NOT_SATISFIED: "签名不满足策略的要求",
  INVALID_CONFIGURATION: "通道配置不合规则，或与自存的不一致",
  UPDATE_REFUSED: "通道配置的变更未经规定的部门同意",
  INVALID_BLOCK: "区块不完整、不连续，或与其摘要不符",
  INVALID_TRANSACTION: "交易不合规则",
};

/** Of the model's refusals those that a verification can come by; the others say of themselves no more than this. */
const MODEL: Readonly<Partial<Record<LedgerErrorCode, string>>> = {
  BAD_SIGNATURE: "签名不是所列签署人的，或其证书不被通道认可",
  NOT_A_CLIENT: "签署人的证书不是经办人的证书",
  TOO_LARGE: "内容超出限度",
};
const AGAINST_THE_RULES = "内容不合规则";

/** A refusal by rules that know one language; undefined for whatever is none. */
export function wordsOfRules(error: unknown): Words | undefined {
  if (error instanceof ProtocolError) return { zh: `${PROTOCOL[error.code]}（${error.code}）`, en: error.message };
  if (!(error instanceof LedgerError)) return undefined;
  return { zh: `${MODEL[error.code] ?? AGAINST_THE_RULES}（${error.code}）`, en: error.message };
}
