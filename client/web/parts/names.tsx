import { Link } from "@tanstack/react-router";
import { Tag } from "antd";
import { useWords } from "../app/language.ts";
import { useDepartments } from "../session/ledger.ts";

const TRANSACTION = /^[0-9a-f]{64}$/;
const SHORT = 12;

/** A long id by its beginning; the whole stands in the title, for whoever has to compare it. */
export const shortId = (id: string): string => (TRANSACTION.test(id) ? `${id.slice(0, SHORT)}…` : id);

export function Department({ id }: { readonly id: string }) {
  return <span title={id}>{useDepartments().get(id) ?? id}</span>;
}

export function CaseLink({
  noun,
  id,
  children,
}: {
  readonly noun: string;
  readonly id: string;
  readonly children?: React.ReactNode;
}) {
  const { words } = useWords();
  return (
    <Link to="/cases/$noun/$" params={{ noun, _splat: id }} title={id}>
      {children ?? `${words.noun(noun)} ${shortId(id)}`}
    </Link>
  );
}

const COLOURS: Readonly<Record<string, string>> = {
  granted: "green",
  active: "green",
  inForce: "green",
  registered: "green",
  closed: "default",
  withdrawn: "default",
  refused: "red",
  revoked: "red",
  suspended: "orange",
  disputed: "red",
  applied: "blue",
  incomplete: "orange",
  raised: "orange",
  verifying: "blue",
  correcting: "orange",
};

export function State({ noun, status }: { readonly noun: string; readonly status: string }) {
  const { words } = useWords();
  const colour = COLOURS[status];
  return <Tag {...(colour === undefined ? {} : { color: colour })}>{words.state(noun, status)}</Tag>;
}
