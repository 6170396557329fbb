/** The languages in which people read what is said here. */
export type Language = "zh" | "en";

/** One text in both languages; which one is shown is the reader's choice, made where it is shown. */
export interface Words {
  readonly zh: string;
  readonly en: string;
}

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The language of a command line: `--lang zh|en` wherever it stands, else that of the environment's locale. It decides the
 * help's own words too, so it is looked for before anything is parsed.
 */
export function languageOf(argv: readonly string[], environment: Environment): Language {
  const at = argv.findIndex((word) => word === "--lang" || word.startsWith("--lang="));
  const wanted = at < 0 ? undefined : (argv[at]?.split("=")[1] ?? argv[at + 1]);
  return wanted === "zh" || wanted === "en" ? wanted : languageOfLocale(environment);
}

/** POSIX.1-2017 §8.2: LC_ALL before LC_MESSAGES before LANG, an empty one counts for nothing. Chinese where none is set. */
function languageOfLocale({ LC_ALL, LC_MESSAGES, LANG }: Environment): Language {
  const locale = LC_ALL || LC_MESSAGES || LANG || "";
  return /^en|^(C|POSIX)$|^C\./.test(locale) ? "en" : "zh";
}
