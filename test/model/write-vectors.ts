import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { canonicalJson } from "@wanlian/model/canonical.js";
import { LedgerError } from "@wanlian/model/errors.js";
import Mocha from "mocha";
import { everything } from "./everything.js";
import { changedBody, decideAgain, type Frozen, type FrozenChange, FrozenFile } from "./frozen-decisions.js";
import { verdictsOn } from "./frozen-verdicts.js";
import { outcomes } from "./refusals.js";
import { findAt, refusedBy } from "./schema-leaves.js";
import { COMMANDS, shownBy } from "./vector-coverage.js";
import { type Decision, World } from "./world.js";

/**
 * Writes the vectors that freeze a model: `node test/dist/model/write-vectors.js test/vectors/model/model-1.json`. Beside
 * the course of events itself: what small changes of each act come to (`-outcomes.json`), and decisions with all that
 * they rest on, one at least for each rule, code and place of a body (`-decisions.json`), taken from what the tests ask;
 * and what every reader makes of valid transactions that wrote an act, altered, or against a rule (`-verdicts.json`).
 * Once a model is released, its vectors are never written again; a change of rules is a new model.
 */
const [path] = process.argv.slice(2);
if (path === undefined) throw new Error("say which file to write");
const beside = (what: string) => path.replace(/\.json$/, `-${what}.json`);

/** Tests whose worlds ask the same every time. */
const ASKING = [
  "application",
  "basis",
  "beginning",
  "bureau",
  "catalogue",
  "limits",
  "log",
  "objection",
  "silence",
  "seldom",
];

const shown = new Set<string>();
const file = new FrozenFile();

/** Keeps a decision that shows something no earlier one did. */
function keep(decision: Decision): void {
  const said = decision.outcome instanceof LedgerError ? decision.outcome : decision.outcome.act;
  const keys = shownBy(decision.command, said).filter((key) => !shown.has(key));
  if (keys.length === 0) return;
  for (const key of keys) shown.add(key);
  file.add(decision);
}

/** Each rule of each place of a body broken once, on a command that is otherwise accepted. */
function breakBodies(): void {
  for (const { name, leaves } of COMMANDS)
    for (const { place, schema } of leaves) {
      for (const [of, decision] of file.decisions.entries()) {
        const { command, outcome } = decision;
        if (`${command.noun}.${command.type}` !== name || typeof outcome === "string") continue;
        const found = findAt(command.body, place);
        if (found === undefined) continue;
        const puts = Object.values(refusedBy(schema, found.value)).map((value) => packed(value));
        for (const put of [undefined, ...puts])
          addChange({ of, path: found.path, ...(put === undefined ? {} : { put }) });
        break;
      }
    }
}

function addChange(change: Omit<FrozenChange, "outcome">): void {
  const { content } = file;
  const decision = content.decisions[change.of];
  if (decision === undefined) throw new RangeError(`no decision ${change.of}`);
  const said = decideAgain(content, decision, changedBody(decision, { ...change, outcome: "" }));
  file.changes.push({ ...change, outcome: said instanceof LedgerError ? said.code : "counts" });
}

/** Long runs of one character or one element are written as that. */
function packed(value: unknown): NonNullable<FrozenChange["put"]> {
  const parts = typeof value === "string" ? [...value] : Array.isArray(value) ? value : [];
  const [first] = parts;
  const same = parts.length > 40 && parts.every((part) => canonicalJson(part) === canonicalJson(first));
  return same ? { repeat: first, times: parts.length } : { value };
}

const { acts } = everything();
writeFileSync(path, `[\n${acts.map(canonicalJson).join(",\n")}\n]\n`);
writeFileSync(beside("outcomes"), `[\n${outcomes().map(canonicalJson).join(",\n")}\n]\n`);

World.onDecision = keep;
everything();
const mocha = new Mocha({ timeout: 120_000, reporter: "dot" });
for (const name of ASKING) mocha.addFile(fileURLToPath(new URL(`./${name}.test.js`, import.meta.url)));
await mocha.loadFilesAsync();
await new Promise<void>((resolve, reject) => {
  mocha.run((failures) => (failures === 0 ? resolve() : reject(new Error(`${failures} tests failed`))));
});
World.onDecision = undefined;
breakBodies();
writeFileSync(beside("decisions"), file.toString());
const verdicts = verdictsOn(JSON.parse(file.toString()) as Frozen);
writeFileSync(beside("verdicts"), `[\n${verdicts.map(canonicalJson).join(",\n")}\n]\n`);
