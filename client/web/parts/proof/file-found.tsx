import { useQuery } from "@tanstack/react-query";
import { Alert, Typography } from "antd";
import { lazy, Suspense } from "react";
import { useWords } from "../../app/language.ts";
import { callRoute, type FoldedAct } from "../../session/api.ts";
import { digestsOf } from "../../session/files.ts";
import type { Page } from "../../session/ledger.ts";
import { Asked } from "../asked.tsx";
import { Acts } from "../case/timeline.tsx";

const Verdict = lazy(() => import("./verdict.tsx"));

/** Looked up by what is computed from it here: the file itself goes nowhere. */
export function FileFound({ file }: { readonly file: File }) {
  const { t } = useWords();
  const found = useQuery({
    queryKey: ["file", file.name, file.lastModified, file.size],
    retry: false,
    queryFn: async () => {
      const { file: digest, release } = await digestsOf(file);
      const stating = [digest, ...(release === undefined ? [] : [release])].map((one) =>
        callRoute<Page<FoldedAct>>("GET", `/trace/digests/${one}?limit=100`),
      );
      const found = await Promise.all(stating);
      return { digest, acts: found.flatMap(({ items }) => items), more: found.some(({ next }) => next !== undefined) };
    },
  });
  return (
    <div className="stack">
      <strong className="plain">{file.name}</strong>
      <Asked query={found}>
        {({ digest, acts, more }) => (
          <>
            <div>
              <span className="quiet">{t("trace.file.digest")}</span>{" "}
              <Typography.Text code copyable className="plain">
                {digest}
              </Typography.Text>
            </div>
            {acts.length > 0 ? (
              <>
                <Acts acts={acts} withCase="withCase" />
                {more ? <Alert type="info" showIcon title={t("trace.stating.more", { count: acts.length })} /> : null}
              </>
            ) : isJson(file) ? null : (
              <p role="status">{t("trace.file.none")}</p>
            )}
          </>
        )}
      </Asked>
      {isJson(file) ? (
        <Suspense>
          <Verdict file={file} />
        </Suspense>
      ) : null}
    </div>
  );
}

const isJson = (file: File): boolean => /\.json$/i.test(file.name);
