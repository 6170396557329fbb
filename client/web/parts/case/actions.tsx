import { useWords } from "../../app/language.ts";
import { LinkButton } from "../link-button.tsx";

/** What the tables let the officer do to a case, as links that look like buttons: none before the others, since which is right is the officer's to decide. */
export function Actions({
  noun,
  id,
  actions,
}: {
  readonly noun: string;
  readonly id: string;
  readonly actions: readonly string[];
}) {
  const { words } = useWords();
  return (
    <div className="row no-print">
      {actions.map((type) => (
        <LinkButton key={type} to="/file/$noun/$type/$" params={{ noun, type, _splat: id }}>
          {words.command(noun, type)}
        </LinkButton>
      ))}
    </div>
  );
}
