import { fileURLToPath } from "node:url";
import { canonicalJson } from "@wanlian/model/canonical.js";
import { LedgerError } from "@wanlian/model/errors.js";
import Mocha from "mocha";
import { changedBody, decideAgain, type FrozenChange, FrozenFile } from "./frozen-decisions.js";
import { findAt, refusedBy } from "./schema-leaves.js";
import type { Coverage } from "./vector-coverage.js";
import { type Decision, World } from "./world.js";

/** Collects the decisions that show something of a version which no earlier one did. */
export class VectorWriter {
  readonly file = new FrozenFile();
  readonly #coverage: Coverage;
  readonly #shown = new Set<string>();

  constructor(coverage: Coverage) {
    this.#coverage = coverage;
  }

  keep(decision: Decision): void {
    const said = decision.outcome instanceof LedgerError ? decision.outcome : decision.outcome.act;
    const keys = this.#coverage.shownBy(decision.command, said).filter((key) => !this.#shown.has(key));
    if (keys.length === 0) return;
    for (const key of keys) this.#shown.add(key);
    this.file.add(decision);
  }

  /** Keeps what tests ask whose worlds ask the same every time. */
  async keepAsked(tests: readonly URL[], keep = (decision: Decision) => this.keep(decision)): Promise<void> {
    World.onDecision = keep;
    const mocha = new Mocha({ timeout: 120_000, reporter: "dot" });
    for (const test of tests) mocha.addFile(fileURLToPath(test));
    await mocha.loadFilesAsync();
    await new Promise<void>((resolve, reject) => {
      mocha.run((failures) => (failures === 0 ? resolve() : reject(new Error(`${failures} tests failed`))));
    });
    World.onDecision = undefined;
  }

  /** Each rule of each place of a body broken once, on a command that is otherwise accepted. */
  breakBodies(): void {
    for (const { name, leaves } of this.#coverage.commands)
      for (const { place, schema } of leaves) {
        for (const [of, decision] of this.file.decisions.entries()) {
          const { command, outcome } = decision;
          if (`${command.noun}.${command.type}` !== name || typeof outcome === "string") continue;
          const found = findAt(command.body, place);
          if (found === undefined) continue;
          const puts = Object.values(refusedBy(schema, found.value)).map((value) => packed(value));
          for (const put of [undefined, ...puts])
            this.#addChange({ of, path: found.path, ...(put === undefined ? {} : { put }) });
          break;
        }
      }
  }

  #addChange(change: Omit<FrozenChange, "outcome">): void {
    const { content } = this.file;
    const decision = content.decisions[change.of];
    if (decision === undefined) throw new RangeError(`no decision ${change.of}`);
    const said = decideAgain(content, decision, changedBody(decision, { ...change, outcome: "" }));
    this.file.changes.push({ ...change, outcome: said instanceof LedgerError ? said.code : "counts" });
  }
}

/** Long runs of one character or one element are written as that. */
function packed(value: unknown): NonNullable<FrozenChange["put"]> {
  const parts = typeof value === "string" ? [...value] : Array.isArray(value) ? value : [];
  const [first] = parts;
  const same = parts.length > 40 && parts.every((part) => canonicalJson(part) === canonicalJson(first));
  return same ? { repeat: first, times: parts.length } : { value };
}

/** A line a thing, so that a difference shows which. */
export const linesOf = (things: readonly unknown[]): string => `[\n${things.map(canonicalJson).join(",\n")}\n]\n`;
