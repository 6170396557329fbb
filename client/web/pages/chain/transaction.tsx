import { Link } from "@tanstack/react-router";
import { shortId } from "../../parts/names.tsx";

/** A transaction as a block has it. */
export interface LedgerTransaction {
  readonly block: number;
  readonly transaction: number;
  readonly id: string;
  readonly code: number;
  readonly type: number;
  readonly department: string;
}

/** Leads to everything that is known by its number. A configuration's has none. */
export function TransactionLink({ id }: { readonly id: string }) {
  if (id === "") return <>—</>;
  return (
    <Link to="/trace" search={{ what: id } as never} title={id}>
      {shortId(id)}
    </Link>
  );
}
