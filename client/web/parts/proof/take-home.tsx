import { useMutation } from "@tanstack/react-query";
import { Button } from "antd";
import { useWords } from "../../app/language.ts";
import { saveAs } from "../../session/access.ts";
import { callForFile } from "../../session/api.ts";
import { Failure } from "../failure.tsx";

/** What a node can be asked whose answer can be taken home (docs/formats/answer.md). */
export interface AskedQuestion {
  readonly kind: string;
  readonly [member: string]: unknown;
}

/** The answer that is shown, signed by the node, with what proves it: a file that is checked without any node. */
export function TakeHome({ question }: { readonly question: AskedQuestion }) {
  const { t } = useWords();
  const taken = useMutation({
    mutationFn: async () => {
      const file = await callForFile("POST", "/evidence", { question });
      saveAs(new Blob([JSON.stringify(file)], { type: "application/json" }), `answer-${question.kind}.json`);
    },
  });
  return (
    <span className="no-print">
      <Button size="small" loading={taken.isPending} onClick={() => taken.mutate()}>
        {t("trace.takeHome")}
      </Button>
      {taken.error === null ? null : <Failure error={taken.error} />}
    </span>
  );
}
