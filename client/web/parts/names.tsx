import { Link } from "@tanstack/react-router";
import { beginning, timeText } from "@wanlian/words/index.js";
import { Tag } from "antd";
import { useWords } from "../app/language.ts";
import { useDatasetNames, useDepartments } from "../session/ledger.ts";

const TRANSACTION = /^[0-9a-f]{64}$/;
const SHORT = 12;

/** A long id by its beginning; the whole stands in the title, for whoever has to compare it. */
export const shortId = (id: string): string => (TRANSACTION.test(id) ? `${id.slice(0, SHORT)}…` : id);

const TYPED = 8;

/** As much of a transaction's id as people read off a list and type. */
export const typedId = (id: string): string => id.slice(0, TYPED);

export function Department({ id }: { readonly id: string }) {
  const name = useDepartments().get(id);
  return <span title={id}>{name ?? <code>{id}</code>}</span>;
}

/** An officer's number, and that it is a machine's where it is one; what a node does by itself is filed under its role. */
export function Who({ officer, machine }: { readonly officer: string; readonly machine?: boolean | undefined }) {
  const { words } = useWords();
  if (officer === NODE) return words.role(NODE);
  return machine === true ? (
    <>
      {officer} <Tag>{words.role("machine")}</Tag>
    </>
  ) : (
    officer
  );
}

const NODE = "node";

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
      {children ?? `${beginning(words.noun(noun))} ${shortId(id)}`}
    </Link>
  );
}

/** A dataset by its name, where the catalogue has it. */
export function Dataset({ id }: { readonly id: string }) {
  const names = useDatasetNames();
  return (
    <CaseLink noun="dataset" id={id}>
      {names.get(id) ?? id}
    </CaseLink>
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
  return <Tag {...(colour === undefined ? {} : { color: colour })}>{beginning(words.state(noun, status))}</Tag>;
}

const NAME = /\b[A-Za-z0-9.-]{2,64}\b/gu;
const INSTANT = /\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z/gu;

/** What a node says for people and programs alike, with departments and times as people write them. */
export function useNamed(): (said: string) => string {
  const departments = useDepartments();
  const { language } = useWords();
  return (said) =>
    said
      .replace(INSTANT, (instant) => timeText(instant, language))
      .replace(NAME, (word) => departments.get(word) ?? word);
}
