import { appendFile, mkdir, mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { VoidCases } from "@wanlian/chaincode/void-cases.js";
import { LedgerError } from "@wanlian/model/errors.js";
import type { TransactionId } from "@wanlian/model/identifiers.js";
import type { BasisEntry } from "@wanlian/model/kernel/act.js";
import { expect } from "chai";

const RIGHT = "a".repeat(64) as TransactionId;
const OTHER = "b".repeat(64) as TransactionId;

/** Where a case stands, or is said to: its last act that counts, and the next number that is free. */
function at(act: number, next: number, transaction: TransactionId = RIGHT, id = "births"): BasisEntry {
  return { noun: "dataset", case: id, act, ...(act > 0 ? { transaction } : {}), next };
}

/** That the case began with a transaction. */
const began = (transaction: TransactionId): BasisEntry => ({ noun: "dataset", case: "births", act: 1, transaction });

const line = (entry: BasisEntry) => `${JSON.stringify(entry)}\n`;

describe("what an endorser knows of void acts", () => {
  let directory: string;
  let file: string;

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), "wanlian-void-"));
    file = join(directory, "void.jsonl");
  });

  afterEach(() => rm(directory, { recursive: true, force: true }));

  function verdict(cases: VoidCases, entry: BasisEntry): string {
    try {
      cases.check(entry);
      return "passes";
    } catch (error) {
      if (error instanceof LedgerError) return error.code;
      throw error;
    }
  }

  describe("of a case that the node has said nothing of", () => {
    const table: [title: string, entry: BasisEntry, verdict: string][] = [
      ["the number after its act is free", at(3, 4), "passes"],
      ["a case that is yet to begin", at(0, 1), "passes"],
      ["a number is passed over", at(3, 5), "NOT_YET"],
      ["a number is passed over before the first act", at(0, 2), "NOT_YET"],
      ["it is relied on as it began", began(RIGHT), "passes"],
    ];
    for (const [title, entry, expected] of table) {
      it(`${title}: ${expected}`, () => {
        expect(verdict(new VoidCases(undefined), entry), "no file").to.equal(expected);
        expect(verdict(new VoidCases(file), entry), "a file that is not there").to.equal(expected);
      });
    }
  });

  describe("of a case that stands at act 3, next 6, by its node", () => {
    const table: [title: string, entry: BasisEntry, verdict: string][] = [
      ["as it stands", at(3, 6), "passes"],
      ["on a void act under the same number", at(3, 6, OTHER), "VOID_BASIS"],
      ["on a void act behind it", at(4, 6, OTHER), "VOID_BASIS"],
      ["on the last void act, whose next number is free", at(5, 6, OTHER), "VOID_BASIS"],
      ["on an act before it", at(2, 6), "MOVED"],
      ["on a number that was used", at(3, 5), "MOVED"],
      ["past a number that was never judged", at(3, 7), "NOT_YET"],
      ["on an act that the node has not seen yet", at(6, 7, OTHER), "passes"],
      ["on one that it has not seen, past another", at(6, 8, OTHER), "NOT_YET"],
      ["on how it began", began(RIGHT), "passes"],
      ["as another case may", at(3, 4, RIGHT, "deaths"), "passes"],
    ];
    for (const [title, entry, expected] of table) {
      it(`${title}: ${expected}`, async () => {
        await writeFile(file, line(at(3, 6)));
        expect(verdict(new VoidCases(file), entry)).to.equal(expected);
      });
    }
  });

  it("is that a case which never began cannot be relied on as it began", async () => {
    await writeFile(file, line(at(0, 2)));
    expect(verdict(new VoidCases(file), began(OTHER))).to.equal("VOID_BASIS");
  });

  it("is that one with void acts behind its first can", async () => {
    await writeFile(file, line(at(1, 3)));
    expect(verdict(new VoidCases(file), began(RIGHT))).to.equal("passes");
  });

  it("grows with the file, the last word on a case being right", async () => {
    const cases = new VoidCases(file);
    await writeFile(file, line(at(3, 5)));
    expect(verdict(cases, at(3, 5))).to.equal("passes");
    expect(verdict(cases, at(3, 6))).to.equal("NOT_YET");
    await appendFile(file, line(at(1, 3, OTHER, "deaths")) + line(at(3, 6)));
    expect(verdict(cases, at(3, 6))).to.equal("passes");
    expect(verdict(cases, at(1, 3, OTHER, "deaths"))).to.equal("passes");
  });

  it("counts once a line is whole", async () => {
    const cases = new VoidCases(file);
    const [half, rest] = [line(at(3, 6)).slice(0, 20), line(at(3, 6)).slice(20)];
    await writeFile(file, half);
    expect(verdict(cases, at(3, 6))).to.equal("NOT_YET");
    await appendFile(file, rest);
    expect(verdict(cases, at(3, 6))).to.equal("passes");
  });

  it("is read to its end, however much was written to harm", async () => {
    const many = Array.from({ length: 4000 }, (_, number) => line(at(3, 5, OTHER, `case-${number}`)));
    await writeFile(file, [...many, line(at(3, 6))].join(""));
    const cases = new VoidCases(file);
    for (const entry of [at(3, 6), at(3, 5, OTHER, "case-0"), at(3, 5, OTHER, "case-3999")])
      expect(verdict(cases, entry)).to.equal("passes");
  });

  it("begins anew with a file that the node began anew, or that is gone", async () => {
    const cases = new VoidCases(file);
    await writeFile(file, line(at(3, 6)));
    expect(verdict(cases, at(3, 6))).to.equal("passes");
    await writeFile(`${file}.new`, line(at(9, 11, OTHER, "deaths")) + line(at(9, 12, OTHER, "deaths")));
    await rename(`${file}.new`, file);
    expect(verdict(cases, at(3, 6))).to.equal("NOT_YET");
    expect(verdict(cases, at(9, 12, OTHER, "deaths"))).to.equal("passes");
    await rm(file);
    expect(verdict(cases, at(9, 12, OTHER, "deaths"))).to.equal("NOT_YET");
  });

  it("is nothing to go by where the file cannot be read: guessing would be worse", async () => {
    await mkdir(file);
    expect(verdict(new VoidCases(file), at(3, 4))).to.equal("INTERNAL");
  });
});
