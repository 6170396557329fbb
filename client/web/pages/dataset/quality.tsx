import { useModel } from "../../session/ledger.ts";
import { Assessments } from "./assessments.tsx";
import { Scores } from "./scores.tsx";
import { Stages } from "./stages.tsx";

/** What the ledger says of a dataset's quality; nothing where the rules in force know no assessments. */
export function Quality({ id }: { readonly id: string }) {
  if (useModel().data?.has("assessment") !== true) return null;
  return (
    <>
      <Stages id={id} />
      <Scores id={id} />
      <Assessments id={id} />
    </>
  );
}
