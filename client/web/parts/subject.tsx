import { useWords } from "../app/language.ts";
import { useDatasetNames, useDepartments } from "../session/ledger.ts";
import { CaseLink, shortId } from "./names.tsx";

/** What a case is about, so that rows tell apart: the dataset, the counterpart, else the beginning of its number. */
export function Subject({ noun, id, state }: { readonly noun: string; readonly id: string; readonly state: unknown }) {
  const { words } = useWords();
  const departments = useDepartments();
  const datasets = useDatasetNames();
  const held = (member: string): string | undefined => {
    const value: unknown = typeof state === "object" && state !== null ? Reflect.get(state, member) : undefined;
    return typeof value === "string" ? value : undefined;
  };
  const dataset = held("dataset");
  const about =
    noun === "dataset"
      ? (held("name") ?? id)
      : dataset === undefined
        ? held("name")
        : (datasets.get(dataset) ?? dataset);
  const counterpart = held("consumer") ?? held("objector") ?? held("author") ?? held("principal");
  return (
    <span className="plain">
      <CaseLink noun={noun} id={id}>
        {words.noun(noun)} {about ?? shortId(id)}
      </CaseLink>
      {counterpart === undefined ? "" : ` · ${departments.get(counterpart) ?? counterpart}`}
    </span>
  );
}
