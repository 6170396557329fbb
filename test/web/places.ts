import type { Seeded } from "./seed.js";

/** Every page, as somebody sees it who has something to do there. */
export const placesOf = ({ application, objection, release, assessment }: Seeded): string[] => [
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
  "/use",
  "/catalogue/import",
  "/object",
  "/trace",
  "/trace?what=CivilMSP%2Fdivisions",
  "/ledger",
  "/ledger/blocks",
  "/ledger/blocks/1",
  "/ledger/consortium",
  "/ledger/rules",
  "/ledger/software",
  "/no-such-page",
  "/key",
];
