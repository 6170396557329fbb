import { createHash } from "node:crypto";
import type { Mutant } from "./prepare.js";

/** Some of a room's mutants, drawn by a seed: each is as likely as any other, and the same seed draws the same again. */
export function sample(mutants: readonly Mutant[], size: number, seed: string): readonly Mutant[] {
  const lot = ({ file, change, line }: Mutant) =>
    createHash("sha256").update(`${seed}\n${file}\n${line}\n${change}`).digest("hex");
  return mutants
    .map((mutant) => ({ mutant, lot: lot(mutant) }))
    .sort((a, b) => (a.lot < b.lot ? -1 : 1))
    .slice(0, size)
    .map(({ mutant }) => mutant)
    .sort((a, b) => a.number - b.number);
}
