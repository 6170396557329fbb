import { type NounWords, said } from "../noun-words.js";

/** 需求 */
export const demand: NounWords = {
  noun: { zh: "需求", en: "demand" },
  states: {
    published: { zh: "待对接", en: "published" },
    matched: { zh: "已对接", en: "matched" },
    declined: { zh: "不能提供", en: "declined" },
    withdrawn: { zh: "已撤回", en: "withdrawn" },
    discontinued: { zh: "已终止", en: "discontinued" },
  },
  commands: {
    publish: said("发布需求", "Publish", "Published", "已发布"),
    match: said("对接需求", "Match", "Matched", "已对接"),
    decline: said("告知不能提供", "Decline", "Declined"),
    withdraw: said("撤回需求", "Take back", "Took back"),
    urge: said("督办", "Urge", "Urged"),
    discontinue: said("终止办理", "Discontinue", "Discontinued"),
  },
  deadlines: {
    demandReply: { zh: "答复需求", en: "demand reply" },
  },
  members: {
    addressee: { zh: "希望由谁提供", en: "Wanted from" },
    description: { zh: "说明", en: "Description" },
  },
};
