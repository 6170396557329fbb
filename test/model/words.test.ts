import { DEADLINE_KINDS } from "@wanlian/model/model-1/deadlines.js";
import { RELATIONS as RELATION_NAMES } from "@wanlian/model/model-1/table.js";
import { RELEASED } from "@wanlian/model/models.js";
import { ROLES as ROLE_NAMES } from "@wanlian/model/roles.js";
import { REFUSALS } from "@wanlian/verify";
import { REASONS } from "@wanlian/words/access.js";
import { COMMANDS } from "@wanlian/words/commands.js";
import { DEADLINES } from "@wanlian/words/deadlines.js";
import { MEMBERS } from "@wanlian/words/members.js";
import { NOUNS, STATES } from "@wanlian/words/nouns.js";
import { RELATIONS, ROLES } from "@wanlian/words/people.js";
import { dayText, denseTimeText, timeText } from "@wanlian/words/times.js";
import { valueWord } from "@wanlian/words/values.js";
import { wordsIn } from "@wanlian/words/words.js";
import { expect } from "chai";

const nouns = Object.values(RELEASED.latest.nouns);

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
  it("has a word for every noun, status and command of the tables, the tables' own for nouns, and for no other", () => {
    expect(NOUNS).to.deep.equal(Object.fromEntries(nouns.map(({ name, title }) => [name, title])));
    const statuses = nouns.flatMap(({ name, statuses }) => statuses.map((status) => `${name}.${status}`));
    const submissions = ["submission.pending", "submission.counted", "submission.failed"];
    expect(Object.keys(STATES)).to.have.members([...statuses, ...submissions]);
    const commands = nouns.flatMap(({ name, commands }) => Object.keys(commands).map((type) => `${name}.${type}`));
    expect(Object.keys(COMMANDS)).to.have.members(commands);
  });

  it("has a word for every deadline, role, relation and refusal", () => {
    expect(Object.keys(DEADLINES)).to.have.members([...DEADLINE_KINDS]);
    expect(Object.keys(ROLES)).to.have.members([...ROLE_NAMES]);
    expect(Object.keys(RELATIONS)).to.have.members([...RELATION_NAMES]);
    expect(Object.keys(REASONS)).to.include.members([...REFUSALS]);
  });

  it("has a word for every member of every act and state", () => {
    const lacking = everything.map(({ member }) => member).filter((name) => name !== "" && !(name in MEMBERS));
    expect([...new Set(lacking)]).to.deep.equal([]);
  });

  it("has a word for every value that a schema allows", () => {
    const lacking = everything.filter(
      ({ member, value }) =>
        value !== undefined && member !== "status" && valueWord(member, value) === undefined && !(value in DEADLINES),
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
    const all = [...Object.values(STATES), ...Object.values(DEADLINES), ...Object.values(ROLES)];
    for (const { zh } of all) expect([...zh].length, zh).to.be.at.most(12);
    for (const { button, done } of Object.values(COMMANDS)) expect(button.zh + done.zh).not.to.match(/[。！]/);
  });

  it("writes times in China, as officials do", () => {
    expect(timeText("2026-10-13T06:05:00Z", "zh")).to.equal("2026年10月13日 14:05");
    expect(timeText("2026-10-13T06:05:00Z", "en")).to.equal("13 October 2026, 14:05");
    expect(dayText("2026-10-13T16:00:00Z", "zh")).to.equal("2026年10月14日");
    expect(dayText("2026-10-13", "en")).to.equal("13 October 2026");
    expect(denseTimeText("2026-12-31T16:00:00Z")).to.equal("2027-01-01 00:00");
    expect(timeText("no time", "zh")).to.equal("no time");
  });
});
