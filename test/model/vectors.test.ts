import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { promisify } from "node:util";
import { canonicalJson } from "@wanlian/model/canonical.js";
import type { Act } from "@wanlian/model/kernel/act.js";
import { caseName } from "@wanlian/model/kernel/key.js";
import { checkSchema } from "@wanlian/model/kernel/schema.js";
import type { Deadline } from "@wanlian/model/model-1/deadlines.js";
import { model1 } from "@wanlian/model/model-1/model.js";
import { expect } from "chai";
import { Type } from "typebox";
import { everything } from "./everything.js";
import { type Outcome, outcomes } from "./refusals.js";

const OUTCOMES = new URL("../../vectors/model/model-1-outcomes.json", import.meta.url);
const FROZEN = new URL("../../vectors/model/model-1.json", import.meta.url);

/** As version 1 was released with them (docs/decisions/110): who would write them anew makes another version instead. */
const RELEASED_WITH = [
  ["model-1.json", "60ae0baba75a32cdfea21d2b9ff22f2ec1a42034ac344b621def8e0a87f98e29"],
  ["model-1-outcomes.json", "e1438a34b4131a31a5178f8076c456bad1f32bc8ab2e4e9f41d4835e3a10b36b"],
  ["model-1-decisions.json", "8f382faeb4723891a08e3c6e6a8c1d3dc593c9246647837a43268e49c3ecb808"],
  ["model-1-verdicts.json", "4d6dd389bda39156fdff63e862e664d3daa7d9504c4489855c168f41844f9e77"],
] as const;

describe("model 1", () => {
  const frozen: Act[] = JSON.parse(readFileSync(FROZEN, "utf8"));
  const nouns = Object.entries(model1.nouns);

  it("gives the acts that were frozen with it, to the byte", () => {
    const acts = everything().acts.map(canonicalJson);
    expect(acts).to.have.length(frozen.length);
    for (const [at, act] of acts.entries()) expect(act).to.equal(canonicalJson(frozen[at]));
  });

  for (const [name, digest] of RELEASED_WITH) {
    it(`stands by the vectors of its release: ${name}`, () => {
      const vectors = readFileSync(new URL(`../../vectors/model/${name}`, import.meta.url));
      expect(createHash("sha256").update(vectors).digest("hex")).to.equal(digest);
    });
  }

  // A process's time zone is read once, so that each needs a process of its own.
  for (const zone of ["America/New_York", "Pacific/Kiritimati"]) {
    it(`gives the same acts in ${zone}`, async () => {
      const [course, canonical] = ["./everything.js", "@wanlian/model/canonical.js"].map((name) =>
        import.meta.resolve(name),
      );
      const program = `
        const { everything } = await import(${JSON.stringify(course)});
        const { canonicalJson } = await import(${JSON.stringify(canonical)});
        console.log(canonicalJson(everything().acts));`;
      const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "--eval", program], {
        env: { ...process.env, TZ: zone },
        maxBuffer: 64 * 1024 * 1024,
      });
      expect(stdout.trim()).to.equal(canonicalJson(frozen));
    });
  }

  it("accepts and refuses the small changes of them as was frozen with it, by the same codes", () => {
    const expected: Outcome[] = JSON.parse(readFileSync(OUTCOMES, "utf8"));
    expect(outcomes()).to.deep.equal(expected);
    expect(new Set(expected.map(({ outcome }) => outcome)).size).to.be.greaterThan(10);
  });

  it("has every command of every noun among them", () => {
    const played = new Set(frozen.map(({ noun, type }) => `${noun}:${type}`));
    const commands = nouns.flatMap(([noun, { commands }]) => Object.keys(commands).map((type) => `${noun}:${type}`));
    expect(commands.filter((command) => !played.has(command))).to.deep.equal([]);
  });

  it("gives states that fit the nouns' schemas", () => {
    for (const { noun, number, type, state } of frozen) {
      expect(
        () => checkSchema(model1.nouns[noun]?.state ?? Type.Never(), state),
        `${noun} ${type} ${number}`,
      ).not.to.throw();
    }
  });

  it("starts and ends deadlines only by the commands whose rows say so", () => {
    const latest = new Map<string, readonly Deadline[]>();
    for (const act of frozen) {
      const row = model1.nouns[act.noun]?.commands[act.type];
      const name = caseName(act);
      const before = latest.get(name) ?? [];
      const after = (act.state as { deadlines?: readonly Deadline[] }).deadlines ?? [];
      const earlier = (kind: string) => before.find((deadline) => deadline.kind === kind);
      const started = after.filter((deadline) => deadline.start !== earlier(deadline.kind)?.start);
      const ended = after.filter(({ kind, ended: at }) => at !== undefined && earlier(kind)?.ended === undefined);
      for (const { kind } of started) expect(row?.starts, `${name} ${act.type}`).to.include(kind);
      for (const { kind } of ended) expect(row?.ends, `${name} ${act.type}`).to.include(kind);
      latest.set(name, after);
    }
  });

  it("leaves a status only by the table: every declared status is one that a command reaches", () => {
    for (const [name, { statuses, commands }] of nouns) {
      const reached = new Set(Object.values(commands).flatMap(({ to }) => to));
      expect([...reached].sort(), name).to.deep.equal([...statuses].sort());
      const left = Object.values(commands).flatMap(({ from }) => from);
      expect(
        left.filter((status) => status !== "none" && !statuses.includes(status)),
        name,
      ).to.deep.equal([]);
    }
  });
});
