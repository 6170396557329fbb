import type { RowHasher } from "./row-hasher.js";
import { hashPairs } from "./sha256.js";

/** Work for a thread. */
export type RowTask =
  /** The leaves of a batch's rows from `from` on; columns one after the other, each ending where `ends` says. */
  | {
      readonly $case: "rows";
      readonly bytes: Uint8Array<ArrayBuffer>;
      readonly ends: readonly number[];
      readonly rows: number;
      readonly from: number;
    }
  /** The nodes above pairs of hashes. */
  | { readonly $case: "pairs"; readonly bytes: Uint8Array<ArrayBuffer> };

export function hashesOf(hasher: RowHasher, task: RowTask): Uint8Array<ArrayBuffer> {
  switch (task.$case) {
    case "rows": {
      const columns = task.ends.map((end, at) => task.bytes.subarray(task.ends[at - 1] ?? 0, end));
      return hasher.leaves(columns, task.rows, task.from);
    }
    case "pairs":
      return hashPairs(task.bytes);
  }
}
