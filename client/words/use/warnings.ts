import type { Words } from "@wanlian/protocol/language.js";

/**
 * A kind of warning, and why it is given: names in braces stand for its figures; what stands in brackets behind a
 * figure's name is left out where that is nought, since nothing of nothing tells nobody anything.
 */
export interface WarningWords {
  readonly name: Words;
  readonly why: Words;
}

/** 预警 */
export const WARNINGS: Readonly<Record<string, WarningWords>> = {
  VOLUME: {
    name: { zh: "调用次数突增", en: "Many accesses" },
    why: {
      zh: "当日{accesses}次，超过{days}个有调用日中位数{usual}次的{times}倍",
      en: "{accesses} on this day, more than {times} times the median of {usual} on {days} days of use",
    },
  },
  ROWS: {
    name: { zh: "取数行数突增", en: "Many rows" },
    why: {
      zh: "当日{rows}行，超过{days}个有调用日中位数{usual}行的{times}倍",
      en: "{rows} rows on this day, more than {times} times the median of {usual} on {days} days of use",
    },
  },
  QUIET_HOURS: {
    name: { zh: "非工作时段调用", en: "At unusual hours" },
    why: {
      zh: "{from}时至{to}时调用{accesses}次（达{fewest}次即预警）；此前{days}个有调用日中有{quietDays}日如此",
      en: "{accesses} from {from}:00 to {to}:00, where {fewest} are enough; before, on {quietDays} of {days} days of use",
    },
  },
  SCANNING: {
    name: { zh: "疑似遍历查询", en: "Keys gone through" },
    why: {
      zh: "[lookups:查询{lookups}次中{empty}次查无结果（达{emptyShare}%即预警，平时{usual}%）。][asked:本节点所答{asked}次中{following}次的键值前后相连（达{runShare}%即预警）。]",
      en: "[lookups:{empty} of {lookups} look-ups found nothing ({emptyShare}% are enough; usual: {usual}%). ][asked:Of {asked} that this node answered, {following} had keys next to others ({runShare}% are enough).]",
    },
  },
  NEGATIVES: {
    name: { zh: "核验多为不符", en: "Many checks answered no" },
    why: {
      zh: "核验{checks}次中{no}次不符（达{noShare}%即预警，平时{usual}%）",
      en: "{no} of {checks} checks were answered no ({noShare}% are enough; usual: {usual}%)",
    },
  },
  REFUSALS: {
    name: { zh: "被拒过多", en: "Many refusals" },
    why: {
      zh: "{accesses}次中{refused}次被拒（达{refusedShare}%即预警），多因：{reason}",
      en: "{refused} of {accesses} were refused ({refusedShare}% are enough), most for: {reason}",
    },
  },
  PURPOSE_DRIFT: {
    name: { zh: "用途改变", en: "Purposes have changed" },
    why: {
      zh: "当日{accesses}次中有{drift}%与平时不同（达{driftShare}%即预警），最多的是：{purpose}，{scenario}，{way}",
      en: "{drift}% of {accesses} are other than usual ({driftShare}% are enough), most of them: {purpose}, {scenario}, {way}",
    },
  },
  FIELD_DRIFT: {
    name: { zh: "首次使用的字段", en: "Fields never used before" },
    why: {
      zh: "此前{days}个有调用日从未取用的字段，当日取用{accesses}次：{fields}",
      en: "Asked for {accesses} times, and never on {days} days of use before: {fields}",
    },
  },
  ENDING: {
    name: { zh: "到期前突增", en: "Much use before the end" },
    why: {
      zh: "授权{end}到期；当日{accesses}次，超过中位数{usual}次的{times}倍",
      en: "The grant ends on {end}; {accesses} on this day, more than {times} times the median of {usual}",
    },
  },
  UNLIKE_PEERS: {
    name: { zh: "与同类经办人不同", en: "Unlike the other officers" },
    why: {
      zh: "当日{accesses}次，超过其他{peers}名经办人中位数{usual}次的{times}倍；本人平时{own}次",
      en: "{accesses} on this day, more than {times} times the median of {usual} of {peers} others; one's own is {own}",
    },
  },
};
