import type { DatasetId, Instant, MspId, OfficerNumber, TransactionId } from "@wanlian/model/identifiers.js";
import { type AccessRequest, type AuditFilter, filterTakes } from "@wanlian/verify";
import { expect } from "chai";

const GRANT = "a".repeat(64) as TransactionId;
const TIME = "2026-03-02T08:00:00Z" as Instant;

/** What a filter looks at. */
const ACCESS = {
  dataset: "CivilMSP/births",
  provider: "CivilMSP",
  consumer: "PoliceMSP",
  officer: "1001",
  grant: GRANT,
} as unknown as AccessRequest;

describe("what an auditor asks for", () => {
  const table: [title: string, filter: AuditFilter, taken: boolean][] = [
    ["everything", {}, true],
    ["this dataset", { dataset: "CivilMSP/births" as DatasetId }, true],
    ["another dataset", { dataset: "CivilMSP/deaths" as DatasetId }, false],
    ["this provider", { provider: "CivilMSP" as MspId }, true],
    ["another provider", { provider: "PoliceMSP" as MspId }, false],
    ["this consumer", { consumer: "PoliceMSP" as MspId }, true],
    ["another consumer", { consumer: "CivilMSP" as MspId }, false],
    ["this officer", { officer: "1001" as OfficerNumber }, true],
    ["another officer", { officer: "1002" as OfficerNumber }, false],
    ["this grant", { grant: GRANT }, true],
    ["another grant", { grant: "b".repeat(64) as TransactionId }, false],
    ["from this second on", { since: TIME }, true],
    ["from the next second on", { since: "2026-03-02T08:00:01Z" as Instant }, false],
    ["up to this second", { until: TIME }, true],
    ["up to the second before", { until: "2026-03-02T07:59:59Z" as Instant }, false],
    [
      "this dataset of this consumer",
      { dataset: "CivilMSP/births" as DatasetId, consumer: "PoliceMSP" as MspId },
      true,
    ],
    [
      "this dataset of another consumer",
      { dataset: "CivilMSP/births" as DatasetId, consumer: "TaxMSP" as MspId },
      false,
    ],
  ];
  for (const [title, filter, taken] of table) {
    it(`${title}: an access ${taken ? "is" : "is not"} among it`, () => {
      expect(filterTakes(filter, ACCESS, TIME)).to.equal(taken);
    });
  }
});
