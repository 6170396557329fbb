import { checkTable, type TablePlace } from "@wanlian/client/quality";
import { AS_OF, parsed, rulesText } from "./checking.js";

/** Rules that do not go together with a table of `no` and `name`, and how each is refused before anything is stated. */
export const MISFITS: readonly [what: string, rule: Record<string, unknown>, code: string, says: RegExp][] = [
  ["a column that is not there", { check: "notNull", column: "nobody" }, "RULES_DO_NOT_FIT", /"nobody".*no, name/],
  [
    "a table without a file",
    { check: "reference", columns: ["name"], table: "codes", to: ["code"] },
    "RULES_DO_NOT_FIT",
    /"codes"/,
  ],
  [
    "a pattern that is none",
    { check: "format", column: "name", pattern: "(a" },
    "RULES_MALFORMED",
    /rule-0.*missing \)/,
  ],
  [
    "a pattern that would explode",
    { check: "format", column: "name", pattern: "(a{1000}){1000}" },
    "RULES_MALFORMED",
    /repetition/,
  ],
  [
    "a bound that is no number",
    { check: "range", column: "name", as: "number", min: "low" },
    "RULES_MALFORMED",
    /"low" is no number/,
  ],
  [
    "SQL that reads a file",
    { check: "sql", query: "select no from read_csv('/etc/passwd')" },
    "QUERY_REFUSED",
    /rule-0.*function/,
  ],
  [
    "SQL that goes to the network",
    { check: "sql", query: "select no from 'https://elsewhere.example/a.csv'" },
    "QUERY_REFUSED",
    /rule-0/,
  ],
  [
    "SQL that refers to itself",
    { check: "sql", query: "with recursive x as (select no from data union all select no from x) select no from x" },
    "QUERY_REFUSED",
    /rule-0/,
  ],
];

export interface Refused {
  readonly code: string;
  readonly message: string;
}

export const rejection = async (act: Promise<unknown>): Promise<Refused> =>
  await act.then(
    () => ({ code: "accepted", message: "" }),
    (error: { code?: string; message: string }) => ({ code: error.code ?? "none", message: error.message }),
  );

/** What becomes of one rule over a table. */
export const refusalOf = (file: TablePlace, rule: Record<string, unknown>): Promise<Refused> =>
  rejection(checkTable({ file, rules: parsed(rulesText([rule])), asOf: AS_OF }));
