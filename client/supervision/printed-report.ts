import type { Language } from "@wanlian/protocol/language.js";
import {
  type Dictionary,
  dayText,
  denseTimeText,
  SUPERVISION_REPORT,
  type SupervisionWord,
  timeText,
  wordsIn,
} from "@wanlian/words/index.js";
import type { PdfDocument, PdfPart } from "../pdf/index.js";
import type { ComputedFigure } from "./figures.js";
import type { Publication, SupervisionReport, WordOnFigures } from "./report.js";

/** Who prints it, when by the ledger's clock, and in which language. */
export interface Printing {
  /** The department whose node it is. */
  readonly node: string;
  readonly time: string;
  readonly language: Language;
}

/** Letters of an id or a digest that tell it from others at a glance. */
const SHORT = 12;

/** The report as a document to print: A4, the city's across, since it has a column an indicator. */
export function printedReport(report: SupervisionReport, { node, time, language }: Printing): PdfDocument {
  const words = wordsIn(language);
  const say = sayIn(language);
  const names = new Map(report.departments.map(({ department, name }) => [department, name]));
  const name = (department: string) => names.get(department) ?? department;
  const whose = report.department === undefined ? say("supervision.city") : name(report.department);
  const title = say("supervision.reportOf", { whose });
  const period = { from: dayText(report.from, language), to: dayText(report.to, language) };
  const page: Page = { report, words, say, name };
  return {
    ...{ title, language: language === "zh" ? "zh-CN" : "en", author: name(node), made: new Date(time) },
    page: report.department === undefined ? "landscape" : "portrait",
    foot: (at, pages) => `${title} · ${say("supervision.pageOf", { page: at, pages })}`,
    parts: [
      { kind: "heading", level: 1, text: title },
      {
        kind: "paragraph",
        text: `${say("supervision.period")} ${say("supervision.periodText", period)}`,
      },
      {
        ...{ kind: "paragraph", tone: "note" },
        text: say("supervision.about", { node: name(node), time: timeText(time, language) }),
      },
      ...indicators(page),
      ...(report.department === undefined ? byDepartment(page) : []),
      ...overdue(page),
      ...published(page),
    ],
  };
}

interface Page {
  readonly report: SupervisionReport;
  readonly words: Dictionary;
  readonly say: Say;
  name(department: string): string;
}

type Say = (word: SupervisionWord, values?: Readonly<Record<string, string | number>>) => string;

const sayIn =
  (language: Language): Say =>
  (word, values = {}) =>
    SUPERVISION_REPORT[word][language].replace(/\{\{(\w+)\}\}/g, (_, name: string) => String(values[name] ?? ""));

/** How many of how many; nothing to count is no nought. */
const figureText = ({ met, total }: Pick<ComputedFigure, "met" | "total">): string =>
  total === 0 ? "—" : `${met}/${total}`;

/** In whole tenths of a percent, never rounded up: 100% is all of them. */
const shareText = ({ met, total }: Pick<ComputedFigure, "met" | "total">): string =>
  total === 0 ? "—" : `${Math.floor((met * 1000) / total) / 10}%`;

function indicators({ report, words, say }: Page): PdfPart[] {
  const { department, city, figures } = report;
  const ofCity = new Map(city.map((one) => [one.indicator, one]));
  const shown = department === undefined ? city : figures;
  const rows = shown.map((one) => {
    const whole = ofCity.get(one.indicator);
    return [
      words.value("indicator", one.indicator),
      figureText(one),
      shareText(one),
      ...(department === undefined || whole === undefined
        ? []
        : [whole.total === 0 ? figureText(whole) : `${figureText(whole)}  ${shareText(whole)}`]),
      words.howCounted(one.indicator),
    ];
  });
  return [
    { kind: "heading", level: 2, text: say("supervision.figures") },
    {
      ...{ kind: "table", rows },
      columns: [
        { head: say("supervision.indicator"), share: 3 },
        { head: say("supervision.figure"), share: 2, align: "right" },
        { head: say("supervision.share"), share: 1.6, align: "right" },
        ...(department === undefined
          ? []
          : [{ head: say("supervision.cityFigure"), share: 2.6, align: "right" as const }]),
        { head: say("supervision.how"), share: 7 },
      ],
    },
  ];
}

/** A row a department, a column an indicator. */
function byDepartment({ report, words, say, name }: Page): PdfPart[] {
  const rows = report.departments.map(({ department }) => [
    name(department),
    ...report.figures.filter((one) => one.department === department).map(figureText),
  ]);
  const columns = report.indicators.map((indicator) => ({
    ...{ head: words.value("indicator", indicator), share: 1 },
    align: "right" as const,
  }));
  return [
    { kind: "heading", level: 2, text: say("supervision.byDepartment") },
    { kind: "table", columns: [{ head: say("supervision.department"), share: 2.4 }, ...columns], rows },
  ];
}

function overdue({ report, words, say, name }: Page): PdfPart[] {
  const heading: PdfPart = { kind: "heading", level: 2, text: say("supervision.overdue") };
  if (report.overdue.length === 0) return [heading, { kind: "paragraph", text: say("supervision.overdue.none") }];
  return [
    heading,
    { kind: "paragraph", tone: "note", text: say("supervision.overdue.about") },
    {
      kind: "table",
      columns: [
        { head: say("supervision.due"), share: 1.4 },
        { head: say("supervision.department"), share: 3 },
        { head: say("supervision.deadline"), share: 2 },
        { head: say("supervision.matter"), share: 3 },
      ],
      rows: report.overdue.map(({ due, department, kind, noun, case: id }) => [
        denseTimeText(due).slice(0, "2026-10-13".length),
        name(department),
        words.deadline(kind),
        `${words.noun(noun)} ${shortened(id)}`,
      ]),
    },
  ];
}

/** A transaction's id by its beginning, as lists show it; what has a name of its own is not cut. */
const shortened = (id: string): string => (/^[0-9a-f]{64}$/.test(id) ? id.slice(0, SHORT) : id);

function published(page: Page): PdfPart[] {
  const { report, say } = page;
  return [
    { kind: "heading", level: 2, text: say("supervision.published") },
    ...(report.publications.length === 0
      ? [{ kind: "paragraph", text: say("supervision.published.none") } as const]
      : report.publications.flatMap((one) => publication(page, one))),
    { kind: "paragraph", tone: "note", text: `${say("supervision.ownDigest")} ${report.digest}` },
  ];
}

function publication(page: Page, one: Publication): PdfPart[] {
  const { words, say, name } = page;
  const pair = (figure: readonly [number, number] | undefined) =>
    figure === undefined ? "—" : `${figure[0]}/${figure[1]}`;
  return [
    {
      ...{ kind: "heading", level: 3 },
      text: say("supervision.publication", { time: denseTimeText(one.time), case: one.case.slice(0, SHORT) }),
    },
    {
      kind: "paragraph",
      text: [
        `${say("supervision.status")} ${words.state("evaluation", one.status)}`,
        `${say("supervision.verdict")} ${say(one.same ? "supervision.same" : "supervision.different")}`,
        `${say("supervision.overdueCount")} ${one.overdue}`,
        `${say("supervision.digest")} ${one.digest}`,
      ].join("\n"),
    },
    ...(one.differences.length === 0
      ? []
      : ([
          { kind: "heading", level: 3, text: say("supervision.differences") },
          {
            kind: "table",
            columns: [
              { head: say("supervision.department"), share: 3 },
              { head: say("supervision.indicator"), share: 2 },
              { head: say("supervision.publishedFigure"), share: 1, align: "right" },
              { head: say("supervision.computedFigure"), share: 1, align: "right" },
            ],
            rows: one.differences.map(({ department, indicator, published: theirs, computed }) => [
              name(department),
              words.value("indicator", indicator),
              pair(theirs),
              pair(computed),
            ]),
          },
        ] as const)),
    {
      kind: "table",
      columns: [
        { head: say("supervision.department"), share: 3 },
        { head: say("supervision.said"), share: 1.4 },
        { head: say("supervision.saidAt"), share: 1.8 },
        { head: say("supervision.itsFigure"), share: 4 },
      ],
      rows: one.words.map((word) => [
        name(word.department),
        say(`supervision.${word.said}`),
        word.time === undefined ? "—" : denseTimeText(word.time),
        named(page, word),
      ]),
    },
  ];
}

/** The figure that a department contests, as its node has it. */
function named({ words, name }: Page, { figure }: WordOnFigures): string {
  if (figure === undefined) return "—";
  const { department, indicator, met, total } = figure;
  return [
    department === undefined ? undefined : name(department),
    indicator === undefined ? undefined : words.value("indicator", indicator),
    met === undefined && total === undefined ? undefined : `${met ?? "?"}/${total ?? "?"}`,
  ]
    .filter((part) => part !== undefined)
    .join(" ");
}
