import type { DatasetId, Instant, MspId, OfficerNumber, TransactionId } from "@wanlian/model/identifiers.js";
import {
  type AccessRequest,
  type AuditFilter,
  filterTakes,
  filterTakesCall,
  filterTakesFiling,
  type PlatformCall,
  type RefusedFiling,
} from "@wanlian/verify";
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

/** The same, over another road: the grant is the one that it is held to rest on. */
const CALL = {
  facts: { dataset: "CivilMSP/births", provider: "CivilMSP", consumer: "PoliceMSP", time: TIME },
  details: { officer: "1001", grant: "c".repeat(64) },
  checked: { grant: GRANT },
} as unknown as PlatformCall;

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

    it(`${title}: a call over another road ${taken ? "is" : "is not"} among it`, () => {
      expect(filterTakesCall(filter, CALL)).to.equal(taken);
    });
  }
});

describe("what an auditor asks for, among filings that were refused", () => {
  const DATASET = "CivilMSP/births";
  const filed = (id: string | null, time: string | undefined = TIME) =>
    ({ department: "PoliceMSP", officer: "1001", case: id, ledger: { height: 9, time } }) as unknown as RefusedFiling;
  const before = filed(DATASET);
  const table: [title: string, filter: AuditFilter, filing: RefusedFiling, taken: boolean][] = [
    ["everything", {}, before, true],
    ["a case that it would have begun", {}, filed(null), true],
    ["this dataset", { dataset: DATASET as DatasetId }, before, true],
    ["another dataset", { dataset: "CivilMSP/deaths" as DatasetId }, before, false],
    ["what one provider served", { provider: "CivilMSP" as MspId }, before, false],
    ["what one provider served, of its own", { provider: "PoliceMSP" as MspId }, before, false],
    ["this department", { consumer: "PoliceMSP" as MspId }, before, true],
    ["another department", { consumer: "CivilMSP" as MspId }, before, false],
    ["this officer", { officer: "1001" as OfficerNumber }, before, true],
    ["another officer", { officer: "1002" as OfficerNumber }, before, false],
    ["this grant", { grant: GRANT }, filed(GRANT), true],
    ["another grant", { grant: "b".repeat(64) as TransactionId }, filed(GRANT), false],
    ["a grant, of what began no case", { grant: GRANT }, filed(null), false],
    ["from this second on", { since: TIME }, before, true],
    ["from the next second on", { since: "2026-03-02T08:00:01Z" as Instant }, before, false],
    ["up to this second", { until: TIME }, before, true],
    ["up to the second before", { until: "2026-03-02T07:59:59Z" as Instant }, before, false],
    [
      "this officer of another department",
      { officer: "1001" as OfficerNumber, consumer: "TaxMSP" as MspId },
      before,
      false,
    ],
  ];
  for (const [title, filter, filing, taken] of table) {
    it(`${title}: one ${taken ? "is" : "is not"} among it`, () => {
      expect(filterTakesFiling(filter, filing)).to.equal(taken);
    });
  }

  it("one without a time is before every other", () => {
    const timeless = { ...before, ledger: { height: 0 } };
    expect(filterTakesFiling({ since: TIME }, timeless)).to.equal(false);
    expect(filterTakesFiling({ until: TIME }, timeless)).to.equal(true);
  });
});
