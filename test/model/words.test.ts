import type { NounDefinition } from "@wanlian/model/kernel/noun.js";
import { RELATIONS as RELATION_NAMES } from "@wanlian/model/model-1/table.js";
import { DEADLINE_KINDS_2, LATER_RELATIONS } from "@wanlian/model/model-2/kinds.js";
import { RELEASED } from "@wanlian/model/models.js";
import { ROLES as ROLE_NAMES } from "@wanlian/model/roles.js";
import { REFUSALS } from "@wanlian/verify";
import { REASONS } from "@wanlian/words/access.js";
import { NOUN_WORDS } from "@wanlian/words/all-nouns.js";
import { memberWord, SHARED_MEMBERS } from "@wanlian/words/members.js";
import { RELATIONS, ROLES } from "@wanlian/words/people.js";
import { beginning, dayText, denseTimeText, monthText, periodText, timeText } from "@wanlian/words/times.js";
import { valueWord } from "@wanlian/words/values.js";
import { wordsIn } from "@wanlian/words/words.js";
import { expect } from "chai";

/** Of all versions: what was shown once is shown for ever. */
const nouns = RELEASED.all.flatMap((model) => Object.values<NounDefinition>(model.nouns));
const words = Object.entries(NOUN_WORDS);
const deadlines = words.flatMap(([, { deadlines = {} }]) => Object.keys(deadlines));

/** Names that nouns of this name have, in all versions. */
const named = (noun: string, names: (noun: NounDefinition) => readonly string[]) => [
  ...new Set(nouns.filter(({ name }) => name === noun).flatMap(names)),
];

/** Members and allowed values of a JSON schema, however deep, with the member that a value stands at. */
function* vocabulary(schema: unknown, at: string): Generator<{ member: string; value?: string }> {
  if (Array.isArray(schema)) for (const part of schema) yield* vocabulary(part, at);
  if (typeof schema !== "object" || schema === null || Array.isArray(schema)) return;
  for (const [name, part] of Object.entries(schema)) {
    if (name === "properties") {
      for (const [member, child] of Object.entries(part as object)) {
        yield { member };
        // `class` says nothing by itself: it is the share's or the opening's.
        yield* vocabulary(child, member === "class" ? at : member);
      }
    } else if (name === "enum") {
      for (const value of part as unknown[]) yield { member: at, value: String(value) };
    } else yield* vocabulary(part, at);
  }
}

const everything = nouns.flatMap((noun) => [
  ...vocabulary(noun.state, ""),
  ...Object.values(noun.commands).flatMap(({ body }) => [...vocabulary(body, "")]),
]);

describe("dictionary", () => {
  it("has a file of words for every noun of the tables, in their own words, with each status and command and no other", () => {
    expect(Object.keys(NOUN_WORDS)).to.have.members([...new Set(nouns.map(({ name }) => name))]);
    for (const [noun, { noun: title, states, commands }] of words) {
      for (const { title: own } of nouns.filter(({ name }) => name === noun)) expect(title, noun).to.deep.equal(own);
      expect(Object.keys(states), noun).to.have.members(named(noun, ({ statuses }) => statuses));
      expect(Object.keys(commands), noun).to.have.members(named(noun, (table) => Object.keys(table.commands)));
    }
  });

  it("has a word for every deadline, with the noun whose commands start it, for every role, relation and refusal", () => {
    expect(deadlines).to.have.members([...DEADLINE_KINDS_2]);
    for (const [noun, { deadlines: own = {} }] of words) {
      const started = named(noun, ({ commands }) => Object.values(commands).flatMap(({ starts }) => starts));
      expect(Object.keys(own), noun).to.have.members(started);
    }
    expect(Object.keys(ROLES)).to.have.members([...ROLE_NAMES]);
    expect(Object.keys(RELATIONS)).to.have.members([...RELATION_NAMES, ...LATER_RELATIONS]);
    expect(Object.keys(REASONS)).to.include.members([...REFUSALS]);
  });

  it("has one word for a member, wherever it stands", () => {
    const own = words.flatMap(([, { members = {} }]) => Object.keys(members));
    const all = [...own, ...Object.keys(SHARED_MEMBERS)];
    expect(all.filter((name, at) => all.indexOf(name) !== at)).to.deep.equal([]);
  });

  it("has a word for every member of every act and state", () => {
    const lacking = everything
      .map(({ member }) => member)
      .filter((name) => name !== "" && memberWord(name) === undefined);
    expect([...new Set(lacking)]).to.deep.equal([]);
  });

  it("has a word for every value that a schema allows", () => {
    const lacking = everything.filter(
      ({ member, value }) =>
        value !== undefined &&
        member !== "status" &&
        valueWord(member, value) === undefined &&
        !deadlines.includes(value),
    );
    expect(lacking).to.deep.equal([]);
  });

  it("says one value by the member it stands at, and shows what it does not know as it is", () => {
    const zh = wordsIn("zh");
    expect(zh.value("share", "conditional")).to.equal("有条件共享");
    expect(zh.value("open", "conditional")).to.equal("有条件开放");
    expect(zh.value("kind", "proxy")).to.equal("代理授权");
    expect(zh.value("purpose", "constructor")).to.equal("constructor");
    expect(zh.state("objection", "verifying")).to.equal("核查中");
    expect(wordsIn("en").done("objection", "accept")).to.equal("Accepted");
  });

  it("keeps Chinese words short and free of full stops", () => {
    const ofNouns = words.flatMap(([, { states, deadlines = {} }]) => [
      ...Object.values(states),
      ...Object.values(deadlines),
    ]);
    for (const { zh } of [...ofNouns, ...Object.values(ROLES)]) expect([...zh].length, zh).to.be.at.most(12);
    for (const { button, done } of words.flatMap(([, { commands }]) => Object.values(commands)))
      expect(button.zh + done.zh).not.to.match(/[。！]/);
  });

  it("writes times in China, as officials do", () => {
    expect(timeText("2026-10-13T06:05:00Z", "zh")).to.equal("2026年10月13日 14:05");
    expect(timeText("2026-10-13T06:05:00Z", "en")).to.equal("13 October 2026, 14:05");
    expect(dayText("2026-10-13T16:00:00Z", "zh")).to.equal("2026年10月14日");
    expect(dayText("2026-10-13", "en")).to.equal("13 October 2026");
    expect(denseTimeText("2026-12-31T16:00:00Z")).to.equal("2027-01-01 00:00");
    expect(timeText("no time", "zh")).to.equal("no time");
    expect(periodText("2026-09-28", "2026-12-31", "zh")).to.equal("2026年9月28日至12月31日");
    expect(periodText("2026-09-28", "2026-12-31", "en")).to.equal("28 September to 31 December 2026");
    expect(periodText("2026-12-01", "2027-01-31", "zh")).to.equal("2026年12月1日至2027年1月31日");
    expect(periodText("2026-12-01", "2027-01-31", "en")).to.equal("1 December 2026 to 31 January 2027");
    expect(monthText("2026-10", "zh")).to.equal("2026年10月");
    expect(monthText("2026-10", "en")).to.equal("October 2026");
    expect(monthText("2026-13", "en")).to.equal("2026-13");
    expect([beginning("awaiting reply"), beginning("待答复"), beginning("")]).to.deep.equal([
      "Awaiting reply",
      "待答复",
      "",
    ]);
  });
});
