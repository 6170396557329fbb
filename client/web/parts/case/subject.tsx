import type { Language } from "@wanlian/protocol/language.js";
import { beginning, monthText, periodText } from "@wanlian/words/index.js";
import { useWords } from "../../app/language.ts";
import { useDatasetNames, useDepartments } from "../../session/ledger.ts";
import { CaseLink, shortId, typedId } from "../names.tsx";

/** What a case is about, so that rows tell apart: the dataset, else its name, else the beginning of its number. */
export function useSubject(): (noun: string, id: string, state: unknown) => string {
  const datasets = useDatasetNames();
  const departments = useDepartments();
  const { language } = useWords();
  return (noun, id, state) => {
    const dataset = textIn(state, "dataset");
    if (noun === "dataset") return textIn(state, "name") ?? datasets.get(id) ?? id;
    const name = dataset === undefined ? textIn(state, "name") : (datasets.get(dataset) ?? dataset);
    if (name === undefined && noun in NAMED_BY) return NAMED_BY[noun]?.(id, state, { departments, language }) ?? id;
    if (name === undefined) return departments.get(id) ?? shortId(id);
    // A dataset has many releases, which nothing but their numbers tells apart here.
    return noun === "release" ? `${name} ${typedId(id)}` : name;
  };
}

interface Names {
  readonly departments: ReadonlyMap<string, string>;
  readonly language: Language;
}

/** Cases that no member names: whose month a statement is of, which period an evaluation. */
const NAMED_BY: Readonly<Record<string, (id: string, state: unknown, names: Names) => string>> = {
  usage: (id, _state, { departments, language }) => {
    const [department = "", month = ""] = id.split("/");
    return `${departments.get(department) ?? department} ${monthText(month, language)}`;
  },
  evaluation: (id, state, { language }) => {
    const [from, to] = [textIn(state, "from"), textIn(state, "to")];
    return from === undefined || to === undefined ? shortId(id) : periodText(from, to, language);
  },
};

/** Likewise, with a link to the case, and the counterpart beside it. */
export function Subject({ noun, id, state }: { readonly noun: string; readonly id: string; readonly state: unknown }) {
  const { words } = useWords();
  const departments = useDepartments();
  const subject = useSubject();
  const counterpart = COUNTERPARTS.map((member) => textIn(state, member)).find((found) => found !== undefined);
  return (
    <span className="plain">
      <CaseLink noun={noun} id={id}>
        {beginning(words.noun(noun))} {subject(noun, id, state)}
      </CaseLink>
      {counterpart === undefined ? "" : ` · ${departments.get(counterpart) ?? counterpart}`}
    </span>
  );
}

const COUNTERPARTS = ["consumer", "objector", "author", "principal"] as const;

function textIn(state: unknown, member: string): string | undefined {
  const value: unknown = typeof state === "object" && state !== null ? Reflect.get(state, member) : undefined;
  return typeof value === "string" ? value : undefined;
}
