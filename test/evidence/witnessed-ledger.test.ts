import type { Digest } from "@wanlian/model/identifiers.js";
import { GrowingTree, inclusionProof, leafHash, type NodeId, treeRoot } from "@wanlian/model/merkle.js";
import { rangeProof } from "@wanlian/model/merkle-range.js";
import { RELEASED } from "@wanlian/model/models.js";
import type { VerifiedConfiguration } from "@wanlian/protocol/verify/configuration.js";
import type { VerifiedAct } from "@wanlian/verify/acts.js";
import type { EvidenceFile } from "@wanlian/verify/evidence-file.js";
import { type LedgerLeaf, ledgerLeaf } from "@wanlian/verify/ledger-leaf.js";
import { NotShown } from "@wanlian/verify/not-shown.js";
import { Refuted } from "@wanlian/verify/refuted.js";
import { type ShownCase, type Witness, WitnessedLedger } from "@wanlian/verify/witnessed-ledger.js";
import { expect } from "chai";

type Verdict = readonly [index: number, found: string, acts: readonly (readonly [string, string, number])[]];
const counted = (index: number, noun: string, id: string, number: number): Verdict => [
  index,
  "counted",
  [[noun, id, number]],
];

const BLOCKS = 9;
/** By block: the validation codes of its transactions, and what the departments found of them. */
const FOUND: Readonly<Record<number, readonly [codes: string, verdicts: readonly Verdict[]]>> = {
  2: ["000000", [counted(0, "clock", "clock", 4), counted(1, "log", "A", 7), [2, "void", [["log", "A", 8]]]]],
  4: ["00", [counted(0, "member", "A", 3)]],
  5: ["0b00", [counted(0, "mandate", "A", 9), counted(1, "mandate", "A", 9)]],
  6: ["00000000", [[0, "void", [["log", "A", 8]]], counted(1, "log", "B", 8), counted(2, "release", "A", 8)]],
  7: ["0000", [counted(0, "log", "A", 8), counted(1, "log", "A", 6)]],
};
const headerOf = (block: number): Buffer => Buffer.alloc(32, block + 1);
const digestOf = (bytes: Uint8Array): Digest => Buffer.from(bytes).toString("hex") as Digest;

const LEAVES = Array.from({ length: BLOCKS }, (_, block): EvidenceFile["leaves"][number]["leaf"] => {
  const [codes, verdicts] = FOUND[block] ?? ["", []];
  return { block, hash: digestOf(headerOf(block)), codes, commitHash: "", verdicts: JSON.stringify(verdicts) };
});

/** So many blocks each of the two witnesses has anchored. */
const SIZES = [BLOCKS, BLOCKS - 1] as const;

/** The ledger as two witnesses' trees hold it, and what a file can show of it. */
class Shown {
  readonly #nodes = new Map<string, Uint8Array>();
  readonly #read = ({ level, index }: NodeId) => this.#nodes.get(`${level}/${index}`) ?? expect.fail("no such node");
  readonly witnesses: readonly Witness[];

  constructor(readonly leaves: readonly LedgerLeaf[] = LEAVES) {
    const tree = new GrowingTree();
    for (const leaf of leaves) {
      tree.append(leafHash(ledgerLeaf(leaf)), ({ level, index }, hash) => this.#nodes.set(`${level}/${index}`, hash));
    }
    this.witnesses = SIZES.map(
      (blocks, at) => ({ department: `W${at}`, blocks, root: treeRoot(blocks, this.#read) }) as Witness,
    );
  }

  /** @param block its leaf, with its place in each witness's tree */
  leaf(block: number): EvidenceFile["leaves"][number] {
    const inclusions = SIZES.map((size) => inclusionProof(block, size, this.#read).map(digestOf));
    return { leaf: LEAVES[block] ?? expect.fail("no such block"), inclusions };
  }

  between(start: number, end: number): NonNullable<EvidenceFile["between"]> {
    const proofs = SIZES.map((size) => rangeProof({ start, end }, size, this.#read).map(digestOf));
    return { leaves: LEAVES.slice(start, end), proofs };
  }

  ledger(file: Partial<Pick<EvidenceFile, "leaves" | "between">>, witnesses = this.witnesses): WitnessedLedger {
    const shown = { leaves: [], ...file } as unknown as EvidenceFile;
    return new WitnessedLedger(shown, {} as VerifiedConfiguration, witnesses, RELEASED);
  }
}

/** How a reading ends: with what is said of it. */
async function said(read: () => unknown): Promise<string> {
  try {
    await read();
    return "holds";
  } catch (error) {
    if (error instanceof NotShown) return `not shown: ${error.message}`;
    if (error instanceof Refuted) return `refuted: ${error.message}`;
    throw error;
  }
}

describe("the ledger that witnesses vouch for", () => {
  const shown = new Shown();

  describe("has a block's leaf", () => {
    const bent = (at: number): EvidenceFile["leaves"][number] => {
      const honest = shown.leaf(3);
      const other = shown.leaf(4).inclusions[at] ?? [];
      return { ...honest, inclusions: honest.inclusions.map((proof, one) => (one === at ? other : proof)) };
    };
    const table: [title: string, file: Parameters<Shown["ledger"]>[0], block: number, expected: string][] = [
      ["as both trees hold it", { leaves: [shown.leaf(2), shown.leaf(3)] }, 3, "holds"],
      [
        "that the file shows, and no other",
        { leaves: [shown.leaf(2)] },
        3,
        "not shown: the file lacks the leaf of block 3",
      ],
      ["not if the first tree holds another", { leaves: [bent(0)] }, 3, "refuted: the ledger tree of W0 does not hold"],
      ["not if the last tree holds another", { leaves: [bent(1)] }, 3, "refuted: the ledger tree of W1 does not hold"],
      [
        "not if its place is shown to one witness alone",
        { leaves: [{ ...shown.leaf(3), inclusions: shown.leaf(3).inclusions.slice(0, 1) }] },
        3,
        "refuted: the ledger tree of W1 does not hold",
      ],
      [
        "not beyond what a witness has anchored",
        { leaves: [{ ...shown.leaf(7), leaf: LEAVES[8] as never }] },
        8,
        "refuted",
      ],
    ];
    for (const [title, file, block, expected] of table) {
      it(title, async () => expect(await said(() => shown.ledger(file).leaf(block))).to.include(expected));
    }
  });

  describe("counts an act", () => {
    const found = (block: number, index: number, noun: string, id: string, number: number, header = block) =>
      ({
        ...{ act: { noun, case: id, number }, index },
        verified: { number: BigInt(block), headerHash: headerOf(header) },
      }) as unknown as VerifiedAct;
    const table: [title: string, act: VerifiedAct, expected: string][] = [
      ["whose block is the ledger's and that the departments found valid", found(2, 1, "log", "A", 7), "holds"],
      ["not of another block of that number", found(2, 1, "log", "A", 7, 3), "the ledger has another block 2"],
      ["whose own transaction was valid, though the one before was not", found(5, 1, "mandate", "A", 9), "holds"],
      [
        "not if its transaction was invalid, though the next was valid",
        found(5, 0, "mandate", "A", 9),
        "was found invalid",
      ],
      ["not beyond the transactions of its block", found(4, 1, "member", "A", 3), "was found invalid"],
      ["not that was found void", found(6, 0, "log", "A", 8), "did not find the act valid"],
      ["not of which nothing was found", found(6, 3, "log", "A", 8), "did not find the act valid"],
      ["not of another transaction's", found(2, 0, "log", "A", 7), "did not find the act valid"],
      ["not of another noun", found(2, 1, "member", "A", 7), "did not find the act valid"],
      ["not of another case", found(2, 1, "log", "B", 7), "did not find the act valid"],
      ["not of another number", found(2, 1, "log", "A", 8), "did not find the act valid"],
    ];
    for (const [title, act, expected] of table) {
      it(title, async () => {
        const ledger = shown.ledger({ leaves: [shown.leaf(Number(act.verified.number))] });
        expect(await said(() => expect(ledger.counted(act)).to.equal(act))).to.include(expected);
      });
    }
  });

  describe("shows that a case stood", () => {
    const caseOf = (noun: string, id: string, number: number, block: number) =>
      ({ evidence: { act: { block } }, shown: { act: { noun, case: id, number } } }) as unknown as ShownCase;
    const log = caseOf("log", "A", 7, 2);
    const table: [title: string, from: number, end: number, one: ShownCase, height: number, expected: string][] = [
      ["up to the block that changed it", 2, 8, log, 7, "holds"],
      ["not beyond", 2, 8, log, 8, "refuted: act 8 in block 7 changed log A"],
      ["whatever earlier acts stand later", 3, 8, caseOf("log", "A", 9, 6), 8, "holds"],
      ["where other cases of the noun and nouns of the case changed", 6, 7, caseOf("log", "A", 7, 6), 7, "holds"],
      [
        "not where it was changed in the very block",
        4,
        6,
        caseOf("mandate", "A", 8, 5),
        6,
        "refuted: act 9 in block 5",
      ],
      ["by blocks from its act on", 3, 8, log, 7, "not shown: the file lacks the leaves of blocks 2 to 6"],
      ["by blocks up to the height", 2, 6, log, 7, "not shown: the file lacks the leaves of blocks 6 to 6"],
      ["by no more blocks than up to the height", 2, 7, log, 7, "holds"],
      ["by blocks before its act too", 0, 7, log, 7, "holds"],
    ];
    for (const [title, from, end, one, height, expected] of table) {
      it(title, async () => {
        const ledger = shown.ledger({ between: shown.between(from, end) });
        expect(await said(() => ledger.assertStood(one, height))).to.include(expected);
      });
    }

    it("by blocks that the file has", async () => {
      expect(await said(() => shown.ledger({}).assertStood(log, 7))).to.include("not shown: the file lacks the leaves");
    });

    const honest = shown.between(2, 8);
    const [first = [], second = []] = honest.proofs;
    const other = { ...(honest.leaves[0] ?? expect.fail("no leaf")), hash: "ab".repeat(32) as Digest };
    const lies: [title: string, between: typeof honest, expected: string][] = [
      ["with one left out", { ...honest, leaves: honest.leaves.toSpliced(2, 1) }, "not one after another at block 5"],
      [
        "in another order",
        { ...honest, leaves: honest.leaves.with(1, honest.leaves[2] as never).with(2, honest.leaves[1] as never) },
        "not one after another at block 4",
      ],
      [
        "with another first",
        { ...honest, leaves: honest.leaves.with(0, other) },
        "the ledger tree of W0 does not hold the blocks from 2",
      ],
      [
        "that the first tree does not hold",
        { ...honest, proofs: [second.toReversed(), second] },
        "the ledger tree of W0 does not hold the blocks from 2",
      ],
      [
        "that the last tree does not hold",
        { ...honest, proofs: [first, first.toReversed()] },
        "the ledger tree of W1 does not hold the blocks from 2",
      ],
      [
        "shown to one witness alone",
        { ...honest, proofs: [first] },
        "the ledger tree of W1 does not hold the blocks from 2",
      ],
    ];
    for (const [title, between, expected] of lies) {
      it(`not by blocks ${title}`, async () => {
        const ledger = shown.ledger({ between });
        expect(await said(() => ledger.assertStood(log, 7)))
          .to.include(`refuted`)
          .and.include(expected);
      });
    }

    for (const [what, verdicts] of [
      ["no JSON", "["],
      ["no list", "{}"],
      ["of no act's form", '[[0,"counted",[["log","A"]]]]'],
      ["of a transaction without a number", '[["0","counted",[]]]'],
    ] as const) {
      it(`not by findings that are ${what}`, async () => {
        const bent = new Shown(LEAVES.map((leaf) => (leaf.block === 4 ? { ...leaf, verdicts } : leaf)));
        const between = { ...bent.between(2, 7), leaves: bent.leaves.slice(2, 7) as never };
        const ledger = bent.ledger({ between });
        expect(await said(() => ledger.assertStood(log, 7))).to.include(
          "refuted: the leaf of block 4 holds no verdicts",
        );
      });
    }
  });
});
