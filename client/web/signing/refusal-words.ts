import type { Words } from "@wanlian/protocol/language.js";
import type { SigningRefusalCode } from "@wanlian/signing/index.js";

/** What differed from what the officer decided; a code without words does not compile. */
export const REFUSAL_WORDS: Readonly<Record<SigningRefusalCode, Words>> = {
  UNREADABLE: { zh: "内容无法解读", en: "It cannot be read." },
  OTHER_CHANNEL: { zh: "属于另一通道", en: "It is for another channel." },
  OTHER_CONTRACT: { zh: "属于另一套合约", en: "It is for other contracts." },
  OTHER_CREATOR: { zh: "署的是他人的名", en: "It is in another's name." },
  OTHER_COMMAND: { zh: "是另一项操作", en: "It is another command." },
  OTHER_CASE: { zh: "是另一个事项", en: "It is about another case." },
  OTHER_CONTENT: { zh: "内容与所填不同", en: "Its content is not what was decided." },
  OTHER_TIME: { zh: "事项在决定之后已有变动", en: "The case has moved since it was decided." },
  HIDDEN_CONTENT: { zh: "夹带了没有显示过的内容", en: "Something travels along that was not shown." },
  OTHER_PROPOSAL: { zh: "交易不属于已签名的提案", en: "The transaction is not that of the proposal that was signed." },
  OTHER_ACT: {
    zh: "将要写入的不是规则由此得出的行为",
    en: "What would be written is not what the rules make of the decision.",
  },
  NOT_ENDORSED: {
    zh: "没有部门背书，或背书签名不符",
    en: "Nobody endorsed it, or an endorsement is not signed by whom it names.",
  },
  OTHER_REQUEST: { zh: "索取的数据与所见不同", en: "Data is asked for in another way than was shown." },
  DECLINED: { zh: "您在签名页上没有同意", en: "You declined it in the signing page." },
  STRANGER: {
    zh: "打开本页的窗口尚未用密钥登录；请从签名页重新打开",
    en: "The window that opened this page has logged nobody in; open this page from the signing page again.",
  },
};
