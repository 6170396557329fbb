import { Link } from "@tanstack/react-router";
import { shortId } from "../../parts/names.tsx";
import type { Schemas } from "../../session/api.ts";

/** A transaction as a block has it. */
export type LedgerTransaction = Schemas["TransactionEntry"];

/** Leads to everything that is known by its number. A configuration's has none. */
export function TransactionLink({ id }: { readonly id: string }) {
  if (id === "") return <>—</>;
  return (
    <Link to="/trace" search={{ what: id } as never} title={id}>
      {shortId(id)}
    </Link>
  );
}
