import { readFileSync } from "node:fs";
import {
  consistencyProof,
  EMPTY_ROOT,
  GrowingTree,
  type Hash,
  inclusionProof,
  leafHash,
  type NodeId,
  nodeHash,
  treeRoot,
  verifyConsistency,
  verifyInclusion,
} from "@wanlian/model/merkle.js";
import { rangeProof, verifyRange } from "@wanlian/model/merkle-range.js";
import { expect } from "chai";
import fc from "fast-check";

/** The eight leaves and roots of the reference tree that Certificate Transparency's implementations share. */
const LEAVES = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"];
const ROOTS = [
  "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
  "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
  "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
  "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
  "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
  "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
  "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
  "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
  "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
];

interface Probe {
  file: string;
  desc: string;
  wantErr: boolean;
  proof: string[] | null;
}
interface InclusionProbe extends Probe {
  leafIdx: number;
  treeSize: number;
  root: string;
  leafHash: string;
}
interface ConsistencyProbe extends Probe {
  size1: number;
  size2: number;
  root1: string | null;
  root2: string | null;
}

function probes<T extends Probe>(name: string): T[] {
  const url = new URL(`../../vectors/rfc6962/${name}.json`, import.meta.url);
  return JSON.parse(readFileSync(url, "utf8")) as T[];
}

function bytes(base64: string | null): Hash {
  return Buffer.from(base64 ?? "", "base64");
}

/** A tree that keeps every complete subtree. */
function growTree(leaves: Uint8Array[]): { tree: GrowingTree; read: (node: NodeId) => Hash; roots: Hash[] } {
  const nodes = new Map<string, Hash>();
  const tree = new GrowingTree();
  const roots = [tree.root()];
  for (const leaf of leaves) {
    tree.append(leafHash(leaf), ({ level, index }, hash) => nodes.set(`${level}/${index}`, hash));
    roots.push(tree.root());
  }
  const read = ({ level, index }: NodeId) => {
    const hash = nodes.get(`${level}/${index}`);
    if (hash === undefined) throw new Error(`no complete subtree ${level}/${index}`);
    return hash;
  };
  return { tree, read, roots };
}

describe("Merkle tree (RFC 6962)", () => {
  it("has the reference tree's root at every size", () => {
    const { read, roots } = growTree(LEAVES.map((leaf) => Buffer.from(leaf, "hex")));
    expect(roots.map((root) => Buffer.from(root).toString("hex"))).to.deep.equal(ROOTS);
    for (const [size, root] of ROOTS.entries()) {
      expect(Buffer.from(treeRoot(size, read)).toString("hex")).to.equal(root);
    }
  });

  it("judges every published inclusion proof as its authors do", () => {
    const wrong = probes<InclusionProbe>("inclusion").filter(
      ({ leafIdx, treeSize, root, leafHash, proof, wantErr }) =>
        verifyInclusion({
          index: leafIdx,
          size: treeSize,
          leaf: bytes(leafHash),
          proof: (proof ?? []).map(bytes),
          root: bytes(root),
        }) === wantErr,
    );
    expect(wrong.map(({ file, desc }) => `${file}: ${desc}`)).to.deep.equal([]);
  });

  it("judges every published consistency proof as its authors do", () => {
    const wrong = probes<ConsistencyProbe>("consistency").filter(
      ({ size1, size2, root1, root2, proof, wantErr }) =>
        verifyConsistency({
          oldSize: size1,
          size: size2,
          oldRoot: bytes(root1),
          root: bytes(root2),
          proof: (proof ?? []).map(bytes),
        }) === wantErr,
    );
    expect(wrong.map(({ file, desc }) => `${file}: ${desc}`)).to.deep.equal([]);
  });

  it("proves and verifies up to the largest size there can be", () => {
    // Of equal leaves, complete subtrees of one level are equal.
    const levels = [leafHash(Buffer.from("record"))];
    const read = ({ level }: NodeId) => {
      for (let top = levels.at(-1) as Hash; levels.length <= level; top = levels.at(-1) as Hash)
        levels.push(nodeHash(top, top));
      return levels[level] as Hash;
    };
    const sizes = [2 ** 48, 2 ** 52].flatMap((power) => [power - 1, power, power + 1]);
    for (const size of [...sizes, Number.MAX_SAFE_INTEGER]) {
      const root = treeRoot(size, read);
      for (const oldSize of sizes.filter((old) => old < size)) {
        const proof = consistencyProof(oldSize, size, read);
        const claim = { oldSize, oldRoot: treeRoot(oldSize, read), size, root, proof };
        expect(verifyConsistency(claim), `${oldSize} to ${size}`).to.equal(true);
        const inclusion = inclusionProof(oldSize, size, read);
        expect(
          verifyInclusion({ index: oldSize, size, leaf: read({ level: 0, index: 0 }), proof: inclusion, root }),
        ).to.equal(true);
      }
    }
  });

  it("makes proofs that verify, for every leaf and every earlier size", () => {
    const leaves = Array.from({ length: 70 }, (_, i) => Buffer.from(`record ${i}`));
    const { read, roots } = growTree(leaves);
    for (let size = 1; size <= leaves.length; size += 1) {
      const root = roots[size] as Hash;
      for (let index = 0; index < size; index += 1) {
        const leaf = leafHash(leaves[index] as Buffer);
        const proof = inclusionProof(index, size, read);
        expect(verifyInclusion({ index, size, leaf, proof, root }), `leaf ${index} of ${size}`).to.equal(true);
      }
      for (let oldSize = 1; oldSize <= size; oldSize += 1) {
        const proof = consistencyProof(oldSize, size, read);
        const claim = { oldSize, oldRoot: roots[oldSize] as Hash, size, root, proof };
        expect(verifyConsistency(claim), `${oldSize} → ${size}`).to.equal(true);
      }
    }
  });

  it("proves any leaves in a row at once, in trees of every size, and no others", () => {
    const leaves = Array.from({ length: 70 }, (_, i) => leafHash(Buffer.from(`record ${i}`)));
    const { read, roots } = growTree(Array.from({ length: 70 }, (_, i) => Buffer.from(`record ${i}`)));
    const ranges = fc.tuple(fc.integer({ min: 1, max: 70 }), fc.nat(), fc.nat());
    fc.assert(
      fc.property(ranges, fc.nat(255), ([size, from, width], bit) => {
        const start = from % size;
        const end = start + 1 + (width % (size - start));
        const proof = rangeProof({ start, end }, size, read);
        const claim = { start, size, leaves: leaves.slice(start, end), proof, root: roots[size] as Hash };
        expect(verifyRange(claim)).to.equal(true);
        // One alone is proven by the very hashes of its inclusion proof.
        const single = inclusionProof(start, size, read).map((hash) => Buffer.from(hash).toString("hex"));
        if (end === start + 1) {
          expect(proof.map((hash) => Buffer.from(hash).toString("hex"))).to.have.members(single);
        }
        expect(verifyRange({ ...claim, leaves: claim.leaves.slice(1) })).to.equal(false);
        expect(verifyRange({ ...claim, leaves: [...claim.leaves, claim.leaves[0] as Hash] })).to.equal(false);
        expect(verifyRange({ ...claim, proof: [...proof, leaves[0] as Hash] })).to.equal(false);
        const cutShort = [claim.leaves[0]?.subarray(1) as Hash, ...claim.leaves.slice(1)];
        expect(verifyRange({ ...claim, leaves: cutShort })).to.equal(false);
        if (end > start + 1) {
          expect(verifyRange({ ...claim, leaves: claim.leaves.toReversed() })).to.equal(false);
        }
        const hashes = [...claim.leaves, ...proof].map((hash) => Uint8Array.from(hash));
        const damaged = hashes[bit % hashes.length] as Uint8Array;
        damaged[bit >> 3] = (damaged[bit >> 3] as number) ^ (1 << (bit & 7));
        const cut = claim.leaves.length;
        expect(verifyRange({ ...claim, leaves: hashes.slice(0, cut), proof: hashes.slice(cut) })).to.equal(false);
      }),
    );
  });

  it("accepts no proof with a bit flipped, for another leaf or another size", () => {
    const leaves = Array.from({ length: 40 }, (_, i) => Buffer.from(`record ${i}`));
    const { read, roots } = growTree(leaves);
    const size = leaves.length;
    fc.assert(
      fc.property(fc.nat(size - 1), fc.nat(), fc.nat(255), (index, at, bit) => {
        const leaf = leafHash(leaves[index] as Buffer);
        const proof = inclusionProof(index, size, read).map((hash) => Uint8Array.from(hash));
        const damaged = proof[at % proof.length] as Uint8Array;
        const byte = bit >> 3;
        damaged[byte] = (damaged[byte] as number) ^ (1 << (bit & 7));
        expect(verifyInclusion({ index, size, leaf, proof, root: roots[size] as Hash })).to.equal(false);
      }),
    );
    const proof = inclusionProof(3, size, read);
    const claim = { index: 3, size, leaf: leafHash(leaves[3] as Buffer), proof, root: roots[size] as Hash };
    expect(verifyInclusion({ ...claim, index: 4 })).to.equal(false);
    expect(verifyInclusion({ ...claim, leaf: leafHash(leaves[4] as Buffer) })).to.equal(false);
    // The root does not commit to the size by itself, so a caller takes size and root from one checkpoint.
    expect(verifyInclusion({ ...claim, size: 20 })).to.equal(false);
  });

  it("does not take an inner node for a leaf", () => {
    const { read, roots } = growTree([Buffer.from("a"), Buffer.from("b")]);
    const inner = Buffer.concat([read({ level: 0, index: 0 }), read({ level: 0, index: 1 })]);
    const claim = { index: 0, size: 1, leaf: leafHash(inner), proof: [], root: roots[2] as Hash };
    expect(verifyInclusion(claim)).to.equal(false);
  });

  it("goes on from the subtrees it kept", () => {
    const leaves = Array.from({ length: 21 }, (_, i) => leafHash(Buffer.from(`${i}`)));
    const whole = new GrowingTree();
    for (const leaf of leaves) whole.append(leaf);
    const first = new GrowingTree();
    for (const leaf of leaves.slice(0, 13)) first.append(leaf);
    const second = new GrowingTree(first.size, first.subtrees);
    for (const leaf of leaves.slice(13)) second.append(leaf);
    expect(second.root()).to.deep.equal(whole.root());
    expect(() => new GrowingTree(13, first.subtrees.slice(1))).to.throw(RangeError);
    expect(new GrowingTree().root()).to.deep.equal(EMPTY_ROOT);
  });
});
