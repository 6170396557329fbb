import { SigningRefusal } from "@wanlian/signing/index.js";
import type { Dictionary, PageWord } from "@wanlian/words/index.js";
import { Alert } from "antd";
import type { ReactNode } from "react";
import { useWords } from "../app/language.ts";
import { Refusal } from "../session/api.ts";
import { KEY_FILE_WORDS } from "../signing/key-file-refusal.ts";
import { REFUSAL_WORDS } from "../signing/refusal-words.ts";

/** What the page itself finds wrong; the node's own refusals come with their words. */
const OF_THE_PAGE: Readonly<Record<string, PageWord>> = {
  NODE_UNREACHABLE: "problem.unreachable",
  ...KEY_FILE_WORDS,
  SOURCE_MALFORMED: "problem.file.malformed",
  SOURCE_TOO_LARGE: "problem.file.tooLarge",
  NOT_UTF8: "problem.file.notUtf8",
  BROKEN_OFF: "compare.brokenOff",
};

/** What went wrong and what to do, in the reader's language; the code last, for whoever is asked for help. */
export function Failure({ error, action }: { readonly error: unknown; readonly action?: ReactNode }) {
  const { t, words, language } = useWords();
  const withCode = (words: string, code: string) => (language === "zh" ? `${words}（${code}）` : `${words} (${code})`);
  if (error instanceof SigningRefusal)
    return (
      <Alert
        type="error"
        showIcon
        role="alert"
        title={withCode(t("sign.refused"), error.code)}
        description={REFUSAL_WORDS[error.code][language]}
      />
    );
  const { title, detail, code } = explained(error);
  const known = OF_THE_PAGE[code];
  const said = title || t(known ?? "problem.title");
  // Details are the model's, in English; why an access came to nothing has words.
  const isWorded = language === "en" || isReason(error, words) || (title === "" && known === undefined);
  const more = isWorded ? detail : "";
  return (
    <Alert
      type="error"
      showIcon
      role="alert"
      title={withCode(said, code)}
      description={more === "" ? undefined : <span className="plain">{more}</span>}
      action={action}
    />
  );
}

function isReason(error: unknown, words: Dictionary): boolean {
  const reason = error instanceof Refusal ? error.details.reason : undefined;
  return typeof reason === "string" && words.reason(reason) !== reason;
}

function explained(error: unknown): { title: string; detail: string; code: string } {
  if (error instanceof Refusal) return error;
  const code: unknown = Reflect.get(Object(error), "code");
  const detail = error instanceof Error ? error.message : String(error);
  return { title: "", detail, code: typeof code === "string" ? code : "PAGE" };
}
