import { BIRTHS, seedQuality } from "../client/api/quality-seed.js";
import type { ApiWorld } from "../client/api/world.js";
import { type Overseen, overseen } from "./oversight-seed.js";
import { type Seeded, seed } from "./seed.js";

/** Fills a node's ledger. @returns every page, as somebody sees it who has something to do there */
export async function seededPlaces(world: ApiWorld): Promise<string[]> {
  const seeded = await seed(world);
  await seedQuality(world);
  // Last: a day passes in it.
  const oversight = oversightPlaces(await overseen(world, seeded));
  return [...placesOf(seeded), `/cases/dataset/${BIRTHS}`, ...oversight];
}

/** The pages of oversight, each with something to do there. */
const oversightPlaces = ({ incident, evaluation, day }: Overseen): string[] => [
  "/cases/incident",
  `/cases/incident/${incident}`,
  "/file/incident/report",
  `/file/member/restrain/HealthMSP?${new URLSearchParams({ department: "HealthMSP", incident })}`,
  "/usage?month=2026-08",
  "/city-use",
  "/supervision",
  `/supervision?${new URLSearchParams({ from: day, to: day })}`,
  `/supervision?${new URLSearchParams({ from: day, to: day, department: "CivilMSP" })}`,
  `/cases/evaluation/${evaluation}`,
];

const placesOf = ({ application, objection, release, assessment }: Seeded): string[] => [
  "/",
  "/catalogue",
  "/cases/application",
  "/cases/dataset/CivilMSP/divisions",
  `/cases/application/${application}`,
  `/cases/objection/${objection}`,
  `/cases/release/${release}`,
  `/cases/assessment/${assessment}`,
  `/file/application/grant/${application}`,
  "/file/dataset/register",
  "/data",
  "/compare",
  "/quick-check",
  "/use",
  "/use/calls",
  "/warnings",
  `/use?${new URLSearchParams({ consumer: "HealthMSP", since: "2026-09-20T16:00:00Z", until: "2026-09-21T15:59:59Z" })}`,
  "/catalogue/import",
  "/object",
  "/trace",
  "/trace?what=CivilMSP%2Fdivisions",
  "/trace/as-of",
  "/trace/as-of?noun=objection",
  "/trace/as-of?noun=dataset&case=CivilMSP%2Fdivisions",
  `/trace/as-of?noun=application&case=${application}`,
  "/trace/changes",
  `/lineage/${release}`,
  "/ledger",
  "/ledger/blocks",
  "/ledger/blocks/1",
  "/ledger/consortium",
  "/ledger/rules",
  "/ledger/software",
  "/no-such-page",
  "/key",
];
