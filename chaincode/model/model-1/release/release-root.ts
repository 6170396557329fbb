import { canonicalBytes } from "../../canonical.js";
import type { Digest } from "../../identifiers.js";
import { GrowingTree, leafHash } from "../../merkle.js";
import type { FieldDigest } from "./release-schema.js";

/**
 * The root over a release's field digests (docs/formats/release-digest.md): RFC 6962 over one leaf a field, in the
 * order of the catalogue entry. So whoever gets two fields can be given a proof for those two.
 */
export function releaseRoot(fields: readonly FieldDigest[]): Digest {
  const tree = new GrowingTree();
  for (const { name, digest } of fields) tree.append(leafHash(canonicalBytes({ digest, field: name })));
  return Buffer.from(tree.root()).toString("hex") as Digest;
}
