import { useNavigate } from "@tanstack/react-router";
import { Button } from "antd";
import { useWords } from "../app/language.ts";

/** What the tables let the officer do to a case, as buttons: none before the others, since which is right is the officer's to decide. */
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
  const navigate = useNavigate();
  return (
    <div className="row no-print">
      {actions.map((type) => (
        <Button key={type} onClick={() => navigate({ to: "/file/$noun/$type/$", params: { noun, type, _splat: id } })}>
          {words.command(noun, type)}
        </Button>
      ))}
    </div>
  );
}
