import { open, rename } from "node:fs/promises";
import { dirname } from "node:path";
import { canonicalJson } from "@wanlian/model/canonical.js";
import type { ActRef } from "@wanlian/model/kernel/act.js";

/**
 * Writes the list of void acts that the own department's contract process reads (an endorser passes over a
 * number only if it stands there). One JSON object a line. Whole or not at all, on disk when this resolves.
 */
export async function writeVoidFile(path: string, acts: readonly ActRef[]): Promise<void> {
  const lines = acts.map(({ noun, case: id, number }) => `${canonicalJson({ noun, case: id, number })}\n`);
  const draft = `${path}.new`;
  const file = await open(draft, "w", 0o644);
  try {
    await file.writeFile(lines.join(""));
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(draft, path);
  const directory = await open(dirname(path), "r");
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}
