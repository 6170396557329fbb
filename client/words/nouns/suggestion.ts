import { type NounWords, said } from "../noun-words.js";

/** 建议 */
export const suggestion: NounWords = {
  noun: { zh: "建议", en: "suggestion" },
  states: {
    made: { zh: "待答复", en: "made" },
    adopted: { zh: "已采纳", en: "adopted" },
    declined: { zh: "未采纳", en: "declined" },
    withdrawn: { zh: "已撤回", en: "withdrawn" },
    discontinued: { zh: "已终止", en: "discontinued" },
  },
  commands: {
    make: said("提出建议", "Suggest", "Suggested", "已提出"),
    answer: said("答复建议", "Answer", "Answered"),
    withdraw: said("撤回建议", "Take back", "Took back"),
    urge: said("督办", "Urge", "Urged"),
    discontinue: said("终止办理", "Discontinue", "Discontinued"),
  },
  deadlines: {
    suggestionReply: { zh: "答复建议", en: "suggestion reply" },
  },
  members: {
    suggestion: { zh: "建议内容", en: "Suggestion" },
  },
};
