import { writeFileSync } from "node:fs";
import { LedgerError } from "@wanlian/model/errors.js";
import { NO_ACTS } from "@wanlian/model/kernel/heads.js";
import { RELEASED } from "@wanlian/model/models.js";
import type { Frozen } from "../model/frozen-decisions.js";
import { verdictsOn } from "../model/frozen-verdicts.js";
import { linesOf, VectorWriter } from "../model/vector-writer.js";
import { isOfModel2, MODEL_2 } from "./coverage.js";

/**
 * Writes the vectors that freeze what version 2 adds to version 1: `node test/dist/model-2/write-vectors.js
 * test/vectors/model/model-2`. Decisions, as of version 1; what it leaves as it was, version 1's vectors hold.
 */
const [path] = process.argv.slice(2);
if (path === undefined) throw new Error("say where to write");

const NAMES = [
  ...["assessment", "life-cycle", "early-warning", "comparison-grant", "shown", "product"],
  ...["incident", "people", "exchange-address", "class-grant", "usage", "effect", "evaluation", "machine"],
];
const TESTS = NAMES.map((name) => new URL(`./${name}.test.js`, import.meta.url));

const writer = new VectorWriter(MODEL_2);
await writer.keepAsked(TESTS, (decision) => {
  const { command, outcome, heads } = decision;
  if (!isOfModel2(command)) return;
  const version =
    outcome instanceof LedgerError
      ? RELEASED.inForce((ref) => heads.find((known) => known.ref.noun === ref.noun)?.head ?? NO_ACTS)?.version
      : outcome.act.schema;
  if (version === 2) writer.keep(decision);
});
writer.breakBodies();
writeFileSync(`${path}-decisions.json`, writer.file.toString());
writeFileSync(`${path}-verdicts.json`, linesOf(verdictsOn(JSON.parse(writer.file.toString()) as Frozen, "assessment")));
