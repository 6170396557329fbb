import { useQuery } from "@tanstack/react-query";
import { describeStep, parseEvidence, parseTrust, verifyEvidence } from "@wanlian/verify";
import { Alert } from "antd";
import { useWords } from "../app/language.ts";
import { callRoute } from "../session/api.ts";
import { Asked } from "./asked.tsx";

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
      const trust = parseTrust(await callRoute<unknown>("GET", "/roots"));
      return verifyEvidence(parseEvidence(JSON.parse(await file.text())), trust);
    },
  });
  return (
    <Asked query={verified}>
      {({ verdict, steps }) => (
        <div className="stack">
          <Alert
            type={VERDICTS[verdict]}
            showIcon
            title={t(`trace.verdict.${verdict}`)}
            description={t("trace.roots")}
          />
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
