import { canonicalBytes } from "../canonical.js";
import type { Digest } from "../identifiers.js";
import { GrowingTree, leafHash } from "../merkle.js";

/** A field and the digest of its canonical column in release row order. */
export interface FieldDigest {
  readonly name: string;
  readonly digest: Digest;
}

/**
 * The root over a release's field digests (docs/formats/release-digest.md): RFC 6962 over one leaf a field, in the
 * order of the catalogue entry. So whoever gets two fields can be given a proof for those two.
 */
export function releaseRoot(fields: readonly FieldDigest[]): Digest {
  const tree = new GrowingTree();
  for (const { name, digest } of fields) tree.append(leafHash(canonicalBytes({ digest, field: name })));
  return Buffer.from(tree.root()).toString("hex") as Digest;
}
