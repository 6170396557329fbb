import type { Words } from "@wanlian/protocol/language.js";
import { type Explanation, VERDICTS } from "../explanation.js";
import { type AnswerStepName, describeStep } from "../step.js";
import { timeWords } from "../words.js";
import type { Said, SaidAct } from "./answer-file.js";
import type { Question } from "./question.js";
import type { AnswerVerification } from "./verify-answer.js";

/** What the names of the model's tables are called; each is itself where it is none of them. */
export interface CodeWords {
  noun(name: string): Words;
  /** A command as it was done, and as it is given. */
  done(noun: string, type: string): Words;
  command(noun: string, type: string): Words;
  member(name: string): Words;
}

/** The verification of an answer in plain words: what stands on the ledger, and what is the node's word alone. */
export function explainAnswer({ verdict, steps, said, accesses }: AnswerVerification, words: CodeWords): Explanation {
  const holding = new Set(steps.filter(({ outcome }) => outcome === "holds").map(({ name }) => name));
  const open = steps.filter(({ outcome }) => outcome === "fails" || outcome === "notProven").map(describeStep);
  const backed = SENTENCES.filter(({ by }) => by.every((name) => holding.has(name)));
  const records = holding.has("accesses")
    ? accesses.flatMap(({ record, explanation }) => [recordWords(record), ...explanation.proven])
    : [];
  return {
    verdict: VERDICTS[verdict],
    open,
    proven: [...backed.flatMap(({ say }) => say(said, words)), ...records],
    never: [...wordAlone(said, holding), TRUTH],
  };
}

interface Sentence {
  /** The steps that back it, every one. */
  readonly by: readonly AnswerStepName[];
  readonly say: (said: Said, words: CodeWords) => readonly Words[];
}

const SENTENCES: readonly Sentence[] = [
  { by: ["word"], say: sayQuestion },
  { by: ["witnesses", "acts", "times"], say: ({ acts }, words) => acts.map((act) => actWords(act, words)) },
  {
    by: ["acts", "whole"],
    say: ({ whole, acts }, words) =>
      whole.map(({ noun, case: id }) => {
        const { zh, en } = caseWords(noun, id, words);
        const own = acts.filter((act) => act.noun === noun && act.case === id && act.counted);
        const last = Math.max(...own.map(({ number }) => number));
        return {
          zh: `${zh}：第1项至第${last}项行为没有遗漏`,
          en: `${en}: from its first act to act ${last} none is left out`,
        };
      }),
  },
  {
    by: ["witnesses", "standings"],
    say: ({ standings }, words) =>
      standings.map(({ noun, case: id, number, height }) => {
        const { zh, en } = caseWords(noun, id, words);
        return {
          zh: `${zh}：到区块${height - 1}为止，第${number}项行为是最后一项`,
          en: `${en}: act ${number} was the last by block ${height - 1}`,
        };
      }),
  },
  {
    by: ["acts", "cell"],
    say: ({ cell }) =>
      cell === undefined
        ? []
        : [
            {
              zh: `摘要 ${cell.digest} 是批次 ${cell.release} 字段 ${cell.field} 的一个单元格`,
              en: `Digest ${cell.digest} is that of a cell of field ${cell.field} of release ${cell.release}`,
            },
          ],
  },
];

/** Of a case of which there is one, the name says which. */
function caseWords(noun: string, id: string, words: CodeWords): Words {
  const { zh, en } = words.noun(noun);
  return noun === id ? { zh, en } : { zh: `${zh} ${id}`, en: `${en} ${id}` };
}

/** What was asked, member by member; which part of a longer answer it is, says nothing to a reader. */
function askedWords(question: Question, words: CodeWords): Words {
  const { kind: _, ...asked } = question;
  const { filter = {}, ...rest } = { filter: undefined, ...asked };
  const { noun, case: id, only, limit: _l, cursor: _c, ...others } = { ...rest, ...filter } as Asked;
  const about = noun === undefined || id === undefined ? [] : [caseWords(noun, id, words)];
  const kinds = [...(id === undefined ? [noun] : []), only].filter((name) => name !== undefined);
  const named = Object.entries(others).map(([member, value]) => {
    const name = wordIn(ASKED, member) ?? words.member(member);
    const said = wordIn(DIRECTIONS, String(value)) ?? { zh: String(value), en: String(value) };
    return { zh: `${name.zh} ${said.zh}`, en: `${name.en} ${said.en}` };
  });
  const all = [...about, ...kinds.map((name) => words.noun(name)), ...named];
  return { zh: all.map(({ zh }) => zh).join("，"), en: all.map(({ en }) => en).join(", ") };
}

const wordIn = (table: Readonly<Record<string, Words>>, name: string): Words | undefined =>
  Object.hasOwn(table, name) ? table[name] : undefined;

/** Members of questions that no act has, or that mean something else there. */
const ASKED: Readonly<Record<string, Words>> = {
  at: { zh: "时刻", en: "as of" },
  depth: { zh: "步数", en: "steps" },
  direction: { zh: "方向", en: "direction" },
  from: { zh: "自", en: "from" },
  since: { zh: "自", en: "since" },
  to: { zh: "至", en: "to" },
  until: { zh: "至", en: "until" },
};
const DIRECTIONS: Readonly<Record<string, Words>> = {
  up: { zh: "来源", en: "to the sources" },
  down: { zh: "去向", en: "to what was made of it" },
  both: { zh: "来源与去向", en: "both ways" },
};

/** What questions of all kinds have. */
interface Asked extends Readonly<Record<string, string | number | undefined>> {
  readonly noun?: string;
  readonly case?: string;
  /** Acts of cases of this noun alone. */
  readonly only?: string;
}

function sayQuestion({ department, question, ledger, acts, records }: Said, words: CodeWords): Words[] {
  const { kind } = question;
  const about = askedWords(question, words);
  const found = acts.length + records.length;
  return [
    {
      zh: `${department} 的节点据前${ledger.height}个区块答复（${KINDS[kind].zh}${about.zh === "" ? "" : `：${about.zh}`}）：共${found}条`,
      en: `The node of ${department} answered from the first ${ledger.height} blocks (${KINDS[kind].en}${about.en === "" ? "" : `: ${about.en}`}): ${found} found`,
    },
  ];
}

const KINDS: Readonly<Record<Said["question"]["kind"], Words>> = {
  history: { zh: "一个事项的全部经过", en: "what happened to a case" },
  author: { zh: "一个部门或经办人的全部行为", en: "what a department or officer did" },
  operator: { zh: "一家运营企业的经过", en: "an operator company" },
  digest: { zh: "写有某一摘要的行为", en: "acts that state a digest" },
  lineage: { zh: "来源与去向", en: "where it came from and went to" },
  asOf: { zh: "某一时刻的状态", en: "a case as of a time" },
  changes: { zh: "两个时刻之间的变化", en: "changes between two times" },
  accesses: { zh: "谁在何时凭何授权调用", en: "who accessed what, when, under which grant" },
  cell: { zh: "单元格属于哪个批次", en: "whose cell it is" },
};

function actWords(
  { noun, case: id, number, type, department, officer, time, counted }: SaidAct,
  words: CodeWords,
): Words {
  const about = caseWords(noun, id, words);
  const at = time === "" ? { zh: "时钟启动之前", en: "Before the clock began" } : timeWords(time);
  if (!counted) {
    const what = words.command(noun, type);
    return {
      zh: `${about.zh} 第${number}项（${what.zh}）：各部门判定无效，没有改变任何事项`,
      en: `${about.en}, number ${number} (${what.en}): found void, and changed nothing`,
    };
  }
  const what = words.done(noun, type);
  return {
    zh: `${at.zh}，${department} 的经办人 ${officer}：${about.zh} 第${number}项行为（${what.zh}）`,
    en: `${at.en}, officer ${officer} of ${department}: act ${number} of ${about.en} (${what.en})`,
  };
}

const recordWords = (record: string): Words => ({ zh: `调用记录 ${record}：`, en: `Access record ${record}:` });

/** What nothing in the file can show but the node's own signed word. */
function wordAlone(said: Said, holding: ReadonlySet<AnswerStepName>): Words[] {
  const { department, more, acts } = said;
  const signed = holding.has("word");
  const whose = signed
    ? { zh: `只是 ${department} 的节点签名的话`, en: `is the signed word of the node of ${department} alone` }
    : { zh: "无人担保", en: "is nobody's word" };
  const words: Words[] = [
    {
      zh: `除上述经过完整的事项外，答复没有遗漏：${whose.zh}`,
      en: `That the answer leaves nothing out, beyond the histories said to be whole, ${whose.en}`,
    },
  ];
  if (more)
    words.push({ zh: "答复在此文件之后还有，须另取", en: "The answer goes on behind this file: take the rest, too" });
  if (acts.some(({ counted }) => !counted)) {
    words.push({
      zh: "无效尝试是谁、何时所为：只证明其无效",
      en: "Who made a void attempt, and when: only that it was void is proven",
    });
  }
  return words;
}

const TRUTH: Words = {
  zh: "行为所述是否属实：只证明谁在何时这样说",
  en: "That what an act states is true: only who stated it, and when",
};
