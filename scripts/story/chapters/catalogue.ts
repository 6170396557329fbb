import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { makeCsvRelease } from "@wanlian/client/tables";
import type { Filed } from "../../host/desk.js";
import type { Player } from "../cast.js";
import { DIVISION_COLUMNS, type Division, divisionsAsCsv, levelOf } from "../divisions.js";
import type { Told } from "../narrator.js";
import type { Stage } from "../stage.js";

/** A release with the file it was registered from. */
export interface RegisteredRelease {
  readonly id: string;
  readonly file: string;
  readonly root: string;
  readonly rowRoot: string;
  readonly rows: number;
  /** Folder of the tree over its rows. */
  readonly tree: string;
}

export const DIVISIONS = { code: "division-codes", name: "行政区划代码" } as const;

/** Civil affairs puts the list of divisions into the catalogue, and the ministry's list of 2022 as its first release. */
export async function registerDivisions(stage: Stage): Promise<RegisteredRelease> {
  const { cast, narrator, lists } = stage;
  const { provider } = cast;
  const dataset = await provider.steward.file("datasets", divisionsEntry());
  narrator.step(
    provider.name,
    {
      zh: `登记数据集“${DIVISIONS.name}”：有条件共享，字段 ${DIVISION_COLUMNS.join("、")}`,
      en: `registers the dataset "${DIVISIONS.name}": shared on conditions, fields ${DIVISION_COLUMNS.join(", ")}`,
    },
    dataset,
  );
  return registerRelease(stage, {
    rows: lists.of2022,
    file: "divisions-2022.csv",
    period: { from: "2022-01-01", to: "2022-12-31" },
    told: { zh: "登记第 1 批次（2022 年名单）", en: "registers release 1, the list of 2022" },
  });
}

interface NewRelease {
  readonly rows: readonly Division[];
  readonly file: string;
  readonly period: { readonly from: string; readonly to: string };
  readonly told: Told;
  readonly revises?: string;
  readonly objection?: string;
}

/** Registers a release of the list of divisions. */
export function registerRelease(stage: Stage, { rows, ...release }: NewRelease): Promise<RegisteredRelease> {
  const { provider } = stage.cast;
  return releaseFile(stage, provider, { ...release, dataset: datasetOf(provider), content: divisionsAsCsv(rows) });
}

interface ReleaseFile extends Omit<NewRelease, "rows"> {
  readonly dataset: string;
  /** The CSV file's text. */
  readonly content: string;
}

/** Registers a release from the file that will be handed over: rows, field digests and root come out of the file. */
export async function releaseFile(stage: Stage, owner: Player, release: ReleaseFile): Promise<RegisteredRelease> {
  const file = join(stage.handover, release.file);
  await writeFile(file, release.content);
  const made = await makeCsvRelease(file);
  const { root, fields, rows, rowRoot } = made.release;
  const { dataset, period, told, revises, objection } = release;
  const filed = await owner.steward.file("releases", {
    ...{ dataset, root, fields, rows, rowRoot, period, derivedFrom: [], selfCheck: [] },
    ...(revises === undefined ? {} : { revises }),
    ...(objection === undefined ? {} : { objection }),
  });
  stage.narrator.step(
    owner.name,
    {
      zh: `${told.zh}：${rows} 行，根摘要 ${root.slice(0, 12)}…`,
      en: `${told.en}: ${rows} rows, root ${root.slice(0, 12)}…`,
    },
    filed,
  );
  return { id: filed.case, file, root, rowRoot, rows, tree: made.folder };
}

/** An unconditional dataset with the release that is in use. */
export interface OfferedDataset {
  readonly dataset: string;
  readonly release: RegisteredRelease;
}

/** The provinces alone, as a dataset of their own. */
export async function registerProvinces(stage: Stage, { case: dataset }: Filed): Promise<OfferedDataset> {
  const provinces = stage.lists.of2024.filter(({ code }) => levelOf(code) === "province");
  const lines = provinces.map(({ code, name }) => `${code},${name}`);
  const release = await releaseFile(stage, stage.cast.provider, {
    dataset,
    file: "provinces.csv",
    content: `${["code,name", ...lines].join("\n")}\n`,
    period: { from: "2024-01-01", to: "2024-12-31" },
    told: { zh: "登记批次：省级行政区", en: "registers a release: the provinces" },
  });
  return { dataset, release };
}

export const datasetOf = (provider: Player): string => `${provider.mspId}/${DIVISIONS.code}`;

function divisionsEntry(): unknown {
  const meanings: Record<(typeof DIVISION_COLUMNS)[number], string> = {
    code: "GB/T 2260 六位数字代码",
    name: "行政区划名称",
    level: "省级、地级或县级",
    parent: "上级行政区划代码",
  };
  return {
    ...catalogueEntry({
      code: DIVISIONS.code,
      name: DIVISIONS.name,
      abstract: "民政部公布的县级及县级以上行政区划代码",
      category: ["基础信息资源", "地名", "行政区划"],
      fields: DIVISION_COLUMNS.map((name) => ({ name, type: "字符型", meaning: meanings[name], sensitivity: 1 })),
      basis: LEGAL_BASES.sharing,
    }),
    updateCycle: "yearly",
    quality: [
      { dimension: "accuracy", atLeast: 10_000, rule: "每个代码与民政部当年公布的名单一致" },
      { dimension: "timeliness", atLeast: 10_000, rule: "名单公布后一个月内更新" },
    ],
  };
}

/** Entries of the register of legal bases that the pilot's policy act holds. */
export const LEGAL_BASES = { sharing: "wanzhengban-2022-69", regulation: "order-809" } as const;

interface Entry {
  readonly code: string;
  readonly name: string;
  readonly abstract: string;
  readonly category: readonly string[];
  readonly fields: readonly { name: string; type: string; meaning: string; sensitivity: number }[];
  /** The legal basis of a conditional class; none for what is shared unconditionally. */
  readonly basis?: string;
}

/** A catalogue entry with what the story does not care about filled in. */
export function catalogueEntry({ basis, ...entry }: Entry): Record<string, unknown> {
  return {
    ...entry,
    sourceSystem: "部门业务系统",
    format: "CSV",
    share:
      basis === undefined
        ? { class: "unconditional", mode: "file" }
        : { class: "conditional", basis, conditions: "用于履行职责", mode: "file" },
    open: { class: "closed" },
    grade: 1,
    updateCycle: "irregular",
    quality: [],
    published: "2026-09-28",
  };
}

/** Registers a further dataset of a department. */
export async function registerDataset(stage: Stage, player: Player, entry: Entry): Promise<Filed> {
  const filed = await player.steward.file("datasets", catalogueEntry(entry));
  const unconditional = entry.basis === undefined;
  stage.narrator.step(
    player.name,
    {
      zh: `登记数据集“${entry.name}”：${unconditional ? "无条件共享" : "有条件共享"}`,
      en: `registers the dataset "${entry.name}": shared ${unconditional ? "unconditionally" : "on conditions"}`,
    },
    filed,
  );
  return filed;
}
