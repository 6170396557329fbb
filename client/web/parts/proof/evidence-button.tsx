import { useMutation } from "@tanstack/react-query";
import { Button } from "antd";
import { useWords } from "../../app/language.ts";
import { saveAs } from "../../session/access.ts";
import { callForFile } from "../../session/api.ts";
import { Failure } from "../failure.tsx";
import { shortId } from "../names.tsx";

/** Digits of a record's number in a file's name. */
const NAME_DIGITS = 12;

/** Takes home what proves one access: a file that is checked without any node. */
export function EvidenceButton({ record }: { readonly record: string }) {
  const { t } = useWords();
  const evidence = useMutation({
    mutationFn: async () => {
      const file = await callForFile("GET", `/accesses/${record}/evidence`);
      const name = `evidence-${record.slice(0, NAME_DIGITS)}.json`;
      saveAs(new Blob([JSON.stringify(file)], { type: "application/json" }), name);
    },
  });
  return (
    <span>
      <Button
        size="small"
        loading={evidence.isPending}
        aria-label={`${t("use.evidence")} ${shortId(record)}`}
        onClick={() => evidence.mutate()}
      >
        {t("use.evidence")}
      </Button>
      {evidence.error === null ? null : <Failure error={evidence.error} />}
    </span>
  );
}
