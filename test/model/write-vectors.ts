import { writeFileSync } from "node:fs";
import { everything } from "./everything.js";
import type { Frozen } from "./frozen-decisions.js";
import { verdictsOn } from "./frozen-verdicts.js";
import { outcomes } from "./refusals.js";
import { MODEL_1 } from "./vector-coverage.js";
import { linesOf, VectorWriter } from "./vector-writer.js";
import { World } from "./world.js";

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

const writer = new VectorWriter(MODEL_1);
const { acts } = everything();
writeFileSync(path, linesOf(acts));
writeFileSync(beside("outcomes"), linesOf(outcomes()));

World.onDecision = (decision) => writer.keep(decision);
everything();
await writer.keepAsked(ASKING.map((name) => new URL(`./${name}.test.js`, import.meta.url)));
writer.breakBodies();
writeFileSync(beside("decisions"), writer.file.toString());
writeFileSync(beside("verdicts"), linesOf(verdictsOn(JSON.parse(writer.file.toString()) as Frozen)));
