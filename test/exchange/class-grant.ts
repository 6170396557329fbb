import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { makeCsvRelease } from "@wanlian/client/tables/rows/csv-release.js";
import type { DatasetId, TransactionId } from "@wanlian/model/identifiers.js";
import { CSV, DATASET, type ExchangeWorld, OPENING, PROVIDER } from "./exchange-world.js";

/** A dataset of a world that its provider has beside the one that every world has. */
export interface Beside {
  readonly dataset: DatasetId;
  readonly release: TransactionId;
}

export const entryIn = (code: string, category: readonly string[], grade = 1) => ({
  ...{ code, name: code, abstract: "codes and names", category, sourceSystem: "register", format: "CSV" },
  fields: ["code", "name", "id", "note"].map((name) => ({ name, type: "C", meaning: name, sensitivity: 1 })),
  share: { class: "conditional", basis: OPENING.legalBases[0]?.id, mode: "interface" },
  ...{ open: { class: "closed" }, grade, updateCycle: "yearly", quality: [], published: "2026-01-01" },
});

/** Another dataset with the same rows, in a category of the catalogue. By version 2 of the rules. */
export async function besides(world: ExchangeWorld, code: string, category: readonly string[]): Promise<Beside> {
  const dataset = `${PROVIDER}/${code}` as DatasetId;
  const file = join(world.dir, `${code}.csv`);
  await writeFile(file, CSV);
  const { release: digest, folder: rows } = await makeCsvRelease(file);
  const { root, rowRoot, rows: count } = digest;
  const { act, steward, provider } = world;
  await act(steward, { noun: "dataset", case: null, type: "register", body: entryIn(code, category) });
  const release = await act(steward, {
    ...{ noun: "release", case: null, type: "register" },
    body: {
      ...{ dataset, root, fields: [...digest.fields], rows: count, rowRoot, derivedFrom: [], selfCheck: [] },
      period: { from: "2025-01-01", to: "2025-12-31" },
    },
  });
  await provider.exchange.sources.add({ dataset, rowRoot, rows, place: { kind: "csv", path: file } });
  return { dataset, release };
}

/** 整类授权: a blanket authorization that names the world's dataset and covers a class beside it. */
export async function grantOfClass(world: ExchangeWorld, said: object = {}): Promise<TransactionId> {
  const ofClass = { category: ["base"], maxGrade: 2, later: "excluded", extent: "allFields", ...said };
  const { purpose, scenario } = world.ask("" as TransactionId);
  const period = { from: "2026-03-02", to: "2026-03-31", frequency: { calls: 1000, per: "day" } };
  const granted = { dataset: DATASET, fields: ["code", "name"], ...period, ofClass };
  const body = { ...granted, kind: "blanket", purpose, scenario, duty: "duty" };
  const id = await world.act(world.officer, { noun: "application", case: null, type: "apply", body });
  await world.act(world.steward, { noun: "application", case: id, type: "grant", body: granted });
  return id;
}
