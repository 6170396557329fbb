import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { FoldedAct, NodeServices } from "@wanlian/client/core/services.js";
import { blocksBetween } from "@wanlian/client/evidence/tree-proofs.js";
import { readBlock } from "@wanlian/client/ledger/block.js";
import { LedgerTree } from "@wanlian/client/ledger-tree/ledger-tree.js";
import { type LedgerDifference, LedgerWitness } from "@wanlian/client/ledger-tree/witness.js";
import { openDatabase } from "@wanlian/client/projection/database/database.js";
import type { NodeDatabase } from "@wanlian/client/projection/database/schema.js";
import { Projection } from "@wanlian/client/projection/projection.js";
import { leafHash, verifyInclusion } from "@wanlian/model/merkle.js";
import { RELEASED } from "@wanlian/model/models.js";
import { ledgerLeaf } from "@wanlian/verify/ledger-leaf.js";
import { expect } from "chai";
import type { Kysely } from "kysely";
import { CHAINCODE, CHANNEL, publishDemand, TestLedger } from "../client/test-ledger.js";

describe("ledger tree", () => {
  let ledger: TestLedger;
  let dir: string;
  const databases: Kysely<NodeDatabase>[] = [];
  before(async () => {
    ledger = await TestLedger.opened();
    const user = await ledger.officer("CivilMSP", "1001", "user");
    for (let i = 0; i < 5; i += 1) ledger.appendValid(await ledger.make(user, publishDemand(`demand ${i}`)));
    dir = await mkdtemp(join(tmpdir(), "wanlian-tree-"));
  });
  after(async () => {
    for (const db of databases) await db.destroy();
    await ledger.remove();
    await rm(dir, { recursive: true, force: true });
  });

  /** A node of its own that has folded these blocks. */
  async function nodeWith(
    blocks: readonly Uint8Array[],
  ): Promise<{ tree: LedgerTree; project(block: Uint8Array): Promise<void> }> {
    const db = await openDatabase({ directory: await mkdtemp(join(dir, "node-")), url: undefined });
    databases.push(db);
    const projection = await Projection.open(db, CHANNEL, CHAINCODE, RELEASED);
    for (const block of blocks) await projection.take(readBlock(block));
    const tree = new LedgerTree(db);
    await tree.catchUp();
    return { tree, project: async (block) => void (await projection.take(readBlock(block))) };
  }
  const anchorAct = (blocks: number, root: string, block: number): FoldedAct => ({
    ...{ noun: "log", case: "PoliceMSP", number: 2, type: "anchor", transactionId: "ab".repeat(32) },
    ...{ department: "PoliceMSP", officer: "node", body: { ledger: { blocks, root } }, state: {}, model: 1 },
    ...{ block, transaction: 0, time: ledger.time, claimedTime: ledger.time, counted: true, endorsers: [] },
  });
  const compare = async (tree: LedgerTree, act: FoldedAct): Promise<LedgerDifference[]> => {
    const found: LedgerDifference[] = [];
    await new LedgerWitness({ models: RELEASED } as unknown as NodeServices, tree, (difference) =>
      found.push(difference),
    ).compare(act);
    return found;
  };

  it("has one root at every height on every node, whether it grew block by block or was rebuilt", async () => {
    const rebuilt = await nodeWith(ledger.blocks);
    const grown = await nodeWith(ledger.blocks.slice(0, 3));
    for (const block of ledger.blocks.slice(3)) {
      await grown.project(block);
      await grown.tree.catchUp();
    }
    const roots = (tree: LedgerTree) => ledger.blocks.map((_, at) => tree.root(at + 1));
    expect(roots(grown.tree)).to.deep.equal(roots(rebuilt.tree));
    expect(new Set(roots(grown.tree)).size).to.equal(ledger.blocks.length);
    expect(() => rebuilt.tree.root(ledger.blocks.length + 1)).to.throw(RangeError);
  });

  it("proves each block, in the tree of every later height", async () => {
    const { tree } = await nodeWith(ledger.blocks);
    for (let blocks = 1; blocks <= tree.size; blocks += 1) {
      const root = Buffer.from(tree.root(blocks), "hex");
      for (let index = 0; index < blocks; index += 1) {
        const leaf = leafHash(ledgerLeaf(await tree.leaf(index)));
        expect(verifyInclusion({ index, size: blocks, leaf, proof: tree.inclusion(index, blocks), root })).to.equal(
          true,
        );
      }
    }
  });

  it("differs where a peer gave a transaction another code", async () => {
    const { tree } = await nodeWith(ledger.blocks);
    const honest = tree.root(tree.size);
    const last = ledger.fork(ledger.blocks.length - 1);
    const user = await ledger.officer("CivilMSP", "1001", "user");
    const { envelope } = await last.make(user, publishDemand("another"));
    const valid = last.fork();
    last.append([{ envelope, code: 11 }]);
    valid.append([{ envelope, code: 0 }]);
    const [invalidRoot, validRoot] = await Promise.all(
      [last, valid].map(async ({ blocks }) => (await nodeWith(blocks)).tree.root(blocks.length)),
    );
    expect(invalidRoot).not.to.equal(validRoot);
    expect(validRoot).not.to.equal(honest);
  });

  it("a node that was fed another chain is found out by the first anchor of another department", async () => {
    const truth = await nodeWith(ledger.blocks);
    // The orderer shows this node another last block.
    const fork = ledger.fork(ledger.blocks.length - 1);
    const user = await ledger.officer("CivilMSP", "1001", "user");
    fork.appendValid(await fork.make(user, publishDemand("only shown to one")));
    const deceived = await nodeWith(fork.blocks);
    const height = ledger.blocks.length;
    const theirs = anchorAct(height, truth.tree.root(height), height);
    expect(await compare(truth.tree, theirs)).to.deep.equal([]);
    const [difference] = await compare(deceived.tree, theirs);
    expect(difference).to.include({ department: "PoliceMSP", blocks: height, theirs: truth.tree.root(height) });
    expect(await compare(truth.tree, anchorAct(height - 1, truth.tree.root(height - 1), height))).to.deep.equal([]);
  });

  it("an anchor that speaks of blocks after its own is a difference too", async () => {
    const { tree } = await nodeWith(ledger.blocks);
    expect(await compare(tree, anchorAct(tree.size, tree.root(tree.size), 2))).to.have.length(1);
    expect(await compare(tree, anchorAct(tree.size + 5, "00".repeat(32), tree.size + 5))).to.have.length(1);
  });

  it("shows the blocks between from the earliest beginning that a file can hold, and none without one", async () => {
    const { tree } = await nodeWith(ledger.blocks);
    const witnesses = [{ blocks: tree.size }] as never;
    const shown = async (starts: number[], height: number) =>
      (await blocksBetween({ starts, height, witnesses }, tree))?.leaves.map(({ block }) => block);
    expect(await shown([4, 2, 3], 6)).to.deep.equal([2, 3, 4, 5]);
    expect(await shown([5], 6)).to.deep.equal([5]);
    expect(await shown([6], 6), "it begins where they end").to.equal(undefined);
    expect(await shown([], 6)).to.equal(undefined);
  });
});
