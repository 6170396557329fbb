import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import { filesIn } from "./imports.js";

const ROOT = fileURLToPath(new URL("../../../", import.meta.url));

/**
 * What of version 1 stands in forms of a node's own, each with a version of its own: a record, a list, an opening
 * policy. They are schemas and lists of words, no rules.
 */
const TAKEN_OVER = new Set([
  ...["FieldName", "FieldNames", "FieldDigest", "MAX_NAME", "MAX_SENTENCE", "Purpose", "PURPOSES", "RegisterDataset"],
  ...["QUALITY_DIMENSIONS", "QualityDimension", "Ratio", "nanyang2022"],
]);

/** Where no channel is that could say which version is in force; each says which one it takes instead. */
const WITHOUT_CHANNEL = new Set([
  // Help without a node, and the draft of a policy that opens a channel.
  ...["client/cli/rules.ts", "client/cli/offline/policy-draft.ts", "scripts/host/pilot.ts"],
  // The document that the page's types are made from.
  "client/running/describe-api.ts",
]);

/** What a file runs of a version of the model, by name. */
function runs(source: string): string[] {
  const stated = [...source.matchAll(/^(?:import|export)\s+(type\s)?([^;"]*?)\s*from\s+"[^"]*\/model-\d+\/[^"]+"/gm)];
  const named = stated.flatMap(([, types, clause = ""]) => {
    if (types !== undefined) return [];
    const names = /^\{(.*)\}$/s.exec(clause)?.[1] ?? clause;
    return names.split(",").map((name) => name.trim());
  });
  const lazy = [...source.matchAll(/\bimport\(\s*"([^"]*\/model-\d+\/[^"]+)"\s*\)/g)].map(([, target = ""]) => target);
  return [...named, ...lazy].filter((name) => name !== "" && !name.startsWith("type ") && !TAKEN_OVER.has(name));
}

describe("versions of the model", () => {
  it("are run by the model alone: nothing outside it runs a version's rule, but through the version in force", () => {
    const outside = ["chaincode", "client", "network", "protocol", "scripts"]
      .flatMap(filesIn)
      .filter((file) => !file.startsWith("chaincode/model/"));
    const found = outside.flatMap((file) => runs(readFileSync(ROOT + file, "utf8")).map((name) => `${file}: ${name}`));
    expect(found).to.deep.equal([]);
  });

  it("are nobody's by default: which one is in force, a channel's ledger says", () => {
    const outside = ["chaincode", "client", "network", "protocol", "scripts"].flatMap(filesIn);
    const asking = outside.filter((file) =>
      /\b(RELEASED|models|versions)\.latest\b/.test(readFileSync(ROOT + file, "utf8")),
    );
    expect(asking.filter((file) => !WITHOUT_CHANNEL.has(file))).to.deep.equal([]);
  });

  it("are looked for in every form of import", () => {
    const from = `from "@wanlian/model/model-1/policy/policy-in-force.js"`;
    expect(runs(`import { policyAt } ${from};`)).to.deep.equal(["policyAt"]);
    expect(runs(`import {\n  type PolicyInForce,\n  policyAt,\n} ${from};`)).to.deep.equal(["policyAt"]);
    expect(runs(`export * ${from};`)).to.deep.equal(["*"]);
    expect(runs(`const { policyAt } = await import("@wanlian/model/model-2/policy.js");`)).to.have.length(1);
    expect(runs(`import type { PolicyState } ${from};\nimport { type PolicyState } ${from};`)).to.deep.equal([]);
    expect(runs(`import { Purpose } from "@wanlian/model/model-1/policy/policy-schema.js";`)).to.deep.equal([]);
  });
});
