import { type NounWords, said } from "../noun-words.js";

/** 联盟 */
export const consortium: NounWords = {
  noun: { zh: "联盟", en: "consortium" },
  states: {
    sitting: { zh: "存续", en: "standing" },
  },
  commands: {
    propose: said("提议接纳、移出或委任", "Propose", "Proposed", "已提议"),
    vote: said("表决", "Vote", "Voted"),
    withdraw: said("撤回提议", "Take back", "Took back"),
    leave: said("退出联盟", "Leave", "Left"),
    giveUpSeat: said("注销逾期席位", "Give up seat", "Gave up the seat"),
  },
  members: {
    votes: {
      zh: "表决（按成员顺序：f 赞成，a 反对，- 未表决）",
      en: "Votes (by seat: f in favour, a against, - none yet)",
    },
    admitted: { zh: "获准时间", en: "Admitted" },
    against: { zh: "反对", en: "Against" },
    awaited: { zh: "等待加入", en: "Awaited" },
    decided: { zh: "表决通过时间", en: "Decided" },
    inFavour: { zh: "赞成", en: "In favour" },
    motion: { zh: "提议", en: "Motion" },
    motions: { zh: "提议", en: "Motions" },
    moved: { zh: "提议时间", en: "Moved" },
    mover: { zh: "提议部门", en: "Proposer" },
    number: { zh: "编号", en: "Number" },
    roster: { zh: "成员名册", en: "Roster" },
    subject: { zh: "部门", en: "Department" },
    vote: { zh: "表决", en: "Vote" },
  },
  values: {
    kind: {
      admit: { zh: "接纳", en: "admit" },
      remove: { zh: "移出", en: "remove" },
      entrust: { zh: "委任为数据局", en: "entrust with the bureau's role" },
    },
  },
};
