import { useMutation } from "@tanstack/react-query";
import { toHex } from "@wanlian/protocol/bytes.js";
import { Button } from "antd";
import { useWords } from "../../app/language.ts";
import { saveAs } from "../../session/access.ts";
import { API_ROOT, callForFile } from "../../session/api.ts";
import { Failure } from "../failure.tsx";

/** Digits of a release's number in a file's name. */
const NAME_DIGITS = 12;

/** The audit report of a lineage as PDF, and the evidence whose digest it names: two files to hand on together. */
export function ReportButton({ release, depth }: { readonly release: string; readonly depth: number }) {
  const { t } = useWords();
  const made = useMutation({
    mutationFn: async () => {
      const question = { kind: "lineage", release, depth };
      const evidence = new TextEncoder().encode(JSON.stringify(await callForFile("POST", "/evidence", { question })));
      const digest = toHex(new Uint8Array(await crypto.subtle.digest("SHA-256", evidence)));
      const report = await fetch(`${API_ROOT}/releases/${release}/lineage/pdf?depth=${depth}&evidence=${digest}`);
      if (!report.ok) throw new Error(await report.text());
      const name = `lineage-${release.slice(0, NAME_DIGITS)}`;
      saveAs(new Blob([evidence], { type: "application/json" }), `${name}-evidence.json`);
      saveAs(await report.blob(), `${name}.pdf`);
    },
  });
  return (
    <span>
      <Button loading={made.isPending} onClick={() => made.mutate()}>
        {t("lineage.report")}
      </Button>
      {made.error === null ? null : <Failure error={made.error} />}
    </span>
  );
}
