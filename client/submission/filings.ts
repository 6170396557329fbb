import type { Kysely } from "kysely";
import type { Signer } from "../core/index.js";
import type { NodeDatabase } from "../projection/index.js";
import { nameOfFiling } from "./submitter.js";

/** A filing by the key that its officer gave it. */
export interface FiledKey {
  readonly key: string;
  /** When it was filed, by this machine's clock. */
  readonly created: string;
}

/** An officer's own filings on this node, the last first, so many at most. */
export async function filedBy(db: Kysely<NodeDatabase>, officer: Signer, limit: number): Promise<readonly FiledKey[]> {
  return db
    .selectFrom("local.submissions")
    .select(["key", "created"])
    .where("officer", "=", nameOfFiling(officer, "").officer)
    .orderBy("created", "desc")
    .orderBy("key")
    .limit(limit)
    .execute();
}
