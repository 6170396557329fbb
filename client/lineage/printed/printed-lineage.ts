import type { Language } from "@wanlian/protocol/language.js";
import { denseTimeText, LINEAGE_REPORT, type LineageReportWord, timeText, wordsIn } from "@wanlian/words/index.js";
import type { PdfDocument, PdfPart } from "../../pdf/index.js";
import type { Lineage, LineageEntry } from "../lineage.js";
import { lanePicture } from "./lane-picture.js";

/** Who prints it, when and from which ledger, and what was taken along as evidence. */
export interface PrintingLineage {
  /** The department whose node it is. */
  readonly node: string;
  /** The ledger's. */
  readonly time: string;
  readonly height: number;
  readonly depth: number;
  readonly language: Language;
  /** Names of departments, by MSP id. */
  readonly names: ReadonlyMap<string, string>;
  /** SHA-256 of the file of evidence, hex. */
  readonly evidence?: string;
}

/** Letters by which a release is known in a table. */
const SHORT = 12;

/** 溯源审计报告: a lineage as a document to print, with its picture and the digest of its evidence. */
export function printedLineage(lineage: Lineage, printing: PrintingLineage): PdfDocument {
  const { node, time, language, names } = printing;
  const page: Page = { lineage, printing, say: sayIn(language), department: (id) => names.get(id) ?? id };
  const root = lineage.releases.find(({ release }) => release === lineage.release);
  const title = page.say("title", { name: root?.name ?? lineage.release.slice(0, SHORT) });
  return {
    ...{ title, language: language === "zh" ? "zh-CN" : "en", author: page.department(node), made: new Date(time) },
    page: "landscape",
    foot: (at, pages) => `${title} · ${page.say("page", { page: at, pages })}`,
    parts: [
      { kind: "heading", level: 1, text: title },
      ...about(page),
      ...findings(page),
      ...picture(page),
      ...tables(page),
    ],
  };
}

interface Page {
  readonly lineage: Lineage;
  readonly printing: PrintingLineage;
  readonly say: Say;
  department(id: string): string;
}

type Say = (word: LineageReportWord, values?: Readonly<Record<string, string | number>>) => string;

const sayIn =
  (language: Language): Say =>
  (word, values = {}) =>
    LINEAGE_REPORT[word][language].replace(/\{\{(\w+)\}\}/g, (_, name: string) => String(values[name] ?? ""));

function about({ lineage: { release }, printing, say, department }: Page): PdfPart[] {
  const { node, time, height, depth, language, evidence } = printing;
  const made = { node: department(node), time: timeText(time, language), height, depth, release };
  return [
    { kind: "paragraph", text: say("about", made) },
    { kind: "paragraph", text: evidence === undefined ? say("noEvidence") : say("evidence", { digest: evidence }) },
  ];
}

function findings({ lineage: { releases, further, complete }, say }: Page): PdfPart[] {
  const marked = (mark: LineageEntry["mark"]) => releases.filter((one) => one.mark === mark).length;
  const counts = { wrong: marked("wrong"), affected: marked("affected"), questioned: marked("questioned") };
  const outstanding = releases.filter((one) => one.outstanding).length;
  const { up, down } = further;
  const beyond = {
    ...{ up: up.releases, upDepartments: up.departments },
    ...{ down: down.releases, downDepartments: down.departments },
  };
  return [
    { kind: "heading", level: 2, text: say("findings") },
    { kind: "paragraph", text: say("counts", { all: releases.length, none: marked("none"), outstanding, ...counts }) },
    ...(up.releases + down.releases === 0 ? [] : [{ kind: "paragraph" as const, text: say("further", beyond) }]),
    ...(complete ? [] : [{ kind: "paragraph" as const, text: say("incomplete") }]),
  ];
}

function picture({ lineage, printing, say, department }: Page): PdfPart[] {
  const words = wordsIn(printing.language);
  const all = lineage.releases.length;
  const lanes = new Set(lineage.releases.map(({ provider }) => provider)).size;
  const drawn = lanePicture(lineage, {
    department,
    mark: (mark) => words.value("mark", mark),
    description: say("pictureSays", { lanes, all }),
  });
  return [
    { kind: "heading", level: 2, text: say("picture") },
    drawn ?? { kind: "paragraph", text: say("tooLarge", { all }) },
  ];
}

function tables(page: Page): PdfPart[] {
  const { lineage, printing, say, department } = page;
  const words = wordsIn(printing.language);
  const names = new Map(lineage.releases.map(({ release, name }) => [release, name]));
  const called = (id: string) => `${names.get(id) ?? ""} ${id.slice(0, SHORT)}`.trim();
  const column = (word: LineageReportWord, share: number) => ({ head: say(word), share });
  const derived = lineage.releases.flatMap(({ release, derivation }) =>
    derivation.map(({ source, how, fields, program }) => [
      ...[called(release), called(source), words.value("how", how)],
      fields.map(({ field, as }) => (field === as ? field : `${field} → ${as}`)).join("、"),
      program ?? "",
    ]),
  );
  return [
    { kind: "heading", level: 2, text: say("releases") },
    {
      kind: "table",
      columns: [
        ...[column("step", 1), column("what", 5), column("department", 4), column("mark", 3)],
        ...[column("registered", 3), column("number", 8)],
      ],
      rows: lineage.releases.map(({ step, name, provider, mark, registered, release }) => [
        ...[String(step), name, department(provider), words.value("mark", mark)],
        ...[denseTimeText(registered.time), release],
      ]),
    },
    ...titled(
      say("ways"),
      [column("what", 4), column("from", 4), column("how", 2), column("fields", 6), column("program", 5)],
      derived,
    ),
    ...titled(
      say("objections"),
      [column("number", 8), column("what", 5), column("objector", 4), column("status", 3)],
      lineage.objections.map(({ objection, release, objector, status }) => [
        ...[objection, called(release), department(objector), words.state("objection", status)],
      ]),
    ),
  ];
}

function titled(
  text: string,
  columns: readonly { readonly head: string; readonly share: number }[],
  rows: readonly (readonly string[])[],
): PdfPart[] {
  return rows.length === 0
    ? []
    : [
        { kind: "heading", level: 2, text },
        { kind: "table", columns, rows },
      ];
}
