import { createPrivateKey } from "node:crypto";
import { signCheckpoint } from "@wanlian/model/checkpoint.js";
import { consistencyProof, GrowingTree, leafHash, type NodeId } from "@wanlian/model/merkle.js";
import { logName } from "@wanlian/model/model-1/log/log.js";
import { type NoteSigner, noteSigner } from "@wanlian/model/note.js";

/** A key of its own, from a fixed seed, so that the vectors come out the same every time. */
export function logSigner(department: string, seed: number, ordinal = 1) {
  const PKCS8_ED25519 = Buffer.from("302e020100300506032b657004220420", "hex");
  const key = createPrivateKey({
    key: Buffer.concat([PKCS8_ED25519, Buffer.alloc(32, seed)]),
    format: "der",
    type: "pkcs8",
  });
  return noteSigner(`pilot/${logName(department, ordinal)}`, key);
}

/** A log of entries 0 to size − 1, with its checkpoint and the proof that it extends `from`. */
export function grown(from: number, size: number, signer: NoteSigner, entry: (index: number) => string = String) {
  const nodes = new Map<string, Uint8Array>();
  const name = (node: NodeId) => `${node.level}/${node.index}`;
  const tree = new GrowingTree();
  for (let index = 0; index < size; index += 1) {
    tree.append(leafHash(Buffer.from(entry(index))), (node, hash) => nodes.set(name(node), hash));
  }
  const read = (node: NodeId) => nodes.get(name(node)) ?? new Uint8Array(0);
  const checkpoint = signCheckpoint({ size, root: tree.root() }, signer);
  const consistency = consistencyProof(from, size, read).map((hash) => Buffer.from(hash).toString("hex"));
  return { checkpoint, consistency };
}
