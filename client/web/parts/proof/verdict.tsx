import { useQuery } from "@tanstack/react-query";
import { describeStep, parseAnyFile, parseTrust, verifyFile } from "@wanlian/verify";
import { CODE_WORDS } from "@wanlian/words/index.js";
import { Alert } from "antd";
import { useWords } from "../../app/language.ts";
import { callForFile } from "../../session/api.ts";
import { Asked } from "../asked.tsx";

/** Larger than any evidence there can be; a browser should not choke on a film. */
const MAX_FILE_BYTES = 64 * 1024 * 1024;

const VERDICTS = { proven: "success", notProven: "warning", refuted: "error" } as const;

/** What an evidence file proves, step by step, by the very verifier of the command line, in this browser. */
export default function Verdict({ file }: { readonly file: File }) {
  const { t, language } = useWords();
  const verified = useQuery({
    queryKey: ["verdict", file.name, file.lastModified, file.size],
    retry: false,
    staleTime: Infinity,
    queryFn: async () => {
      if (file.size > MAX_FILE_BYTES) throw new RangeError("the file is too large to be evidence");
      // The roots are this node's: whoever does not trust it verifies with pinned ones at the command line.
      const trust = parseTrust(await callForFile("GET", "/roots"));
      return verifyFile(parseAnyFile(JSON.parse(await file.text())), trust, CODE_WORDS);
    },
  });
  return (
    <Asked query={verified}>
      {({ verdict, steps, explanation }) => (
        <div className="stack">
          <Alert
            type={VERDICTS[verdict]}
            showIcon
            title={t(`trace.verdict.${verdict}`)}
            description={t("trace.roots")}
          />
          <Sentences title={t("trace.proven")} all={explanation.proven.map((words) => words[language])} />
          <Sentences title={t("trace.never")} all={explanation.never.map((words) => words[language])} />
          <ol>
            {steps.map((step) => (
              <li key={step.name} className="plain">
                {describeStep(step)[language]}
              </li>
            ))}
          </ol>
        </div>
      )}
    </Asked>
  );
}

function Sentences({ title, all }: { readonly title: string; readonly all: readonly string[] }) {
  if (all.length === 0) return null;
  return (
    <section>
      <strong>{title}</strong>
      <ul>
        {all.map((sentence) => (
          <li key={sentence} className="plain">
            {sentence}
          </li>
        ))}
      </ul>
    </section>
  );
}
