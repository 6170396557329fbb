import { writeFileSync } from "node:fs";
import { canonicalJson } from "@wanlian/model/canonical.js";
import { everything } from "./everything.js";
import { outcomes } from "./refusals.js";

/**
 * Writes the vectors that freeze a model: `node test/dist/model/write-vectors.js test/vectors/model/model-1.json`, and
 * beside them what small changes of each act come to, `model-1-outcomes.json`.
 * Once a model is released, its vectors are never written again; a change of rules is a new model.
 */
const [path] = process.argv.slice(2);
if (path === undefined) throw new Error("say which file to write");
const { acts } = everything();
writeFileSync(path, `[\n${acts.map(canonicalJson).join(",\n")}\n]\n`);
writeFileSync(path.replace(/\.json$/, "-outcomes.json"), `[\n${outcomes().map(canonicalJson).join(",\n")}\n]\n`);
