import { coversAccess, coversEntry } from "@wanlian/client/audit/coverage.js";
import { canonicalBytes } from "@wanlian/model/canonical.js";
import type { MspId } from "@wanlian/model/identifiers.js";
import type { CaseState } from "@wanlian/model/kernel/act.js";
import { RELEASED } from "@wanlian/model/models.js";
import type { MandateRead } from "@wanlian/model/reading.js";
import type { AccessRequest } from "@wanlian/verify/records/access-request.js";
import { readEntry } from "@wanlian/verify/records/log-entry.js";
import { encodeFilingEntry } from "@wanlian/verify/records/refused-filing.js";
import { expect } from "chai";

interface Scope {
  readonly datasets?: readonly string[];
  readonly departments?: readonly string[];
}

const ID = "ab".repeat(32);
const mandate = (scope: Scope): MandateRead =>
  RELEASED.of(1).reading.mandate({
    ...{ status: "inForce", kind: "audit", principal: "BureauMSP", department: "BureauMSP", officer: "0104" },
    ...{ datasets: [], departments: [], purposes: [], from: "2026-01-01T00:00:00Z", to: "2027-01-01T00:00:00Z" },
    ...scope,
  } as CaseState);
const request = (more: Partial<AccessRequest> = {}): AccessRequest =>
  ({ provider: "CivilMSP", consumer: "PoliceMSP", dataset: "CivilMSP/divisions", ...more }) as AccessRequest;
const question = (filter: object): Uint8Array =>
  canonicalBytes({
    question: {
      ...{ schema: 1, kind: "audit", channel: "pilot", node: "CivilMSP", department: "HealthMSP", officer: "0104" },
      ...{ certificate: ID, mandate: ID, filter, asks: { what: "entries" }, nonce: ID },
      ledger: { height: 1, block: ID, time: "2026-03-02T01:00:00Z" },
    },
    signature: "AAAA",
  });

describe("what an auditor's mandate covers", () => {
  const accesses: [string, object, Partial<AccessRequest>, boolean][] = [
    ["a dataset that it names", { datasets: ["CivilMSP/divisions"] }, {}, true],
    [
      "another dataset of that department",
      { datasets: ["CivilMSP/divisions"] },
      { dataset: "CivilMSP/x" as never },
      false,
    ],
    ["what a department gave", { departments: ["CivilMSP"] }, {}, true],
    ["what a department got", { departments: ["PoliceMSP"] }, {}, true],
    [
      "what was got on a department's behalf",
      { departments: ["HealthMSP"] },
      { principal: "HealthMSP" as MspId },
      true,
    ],
    ["what two others do", { departments: ["HealthMSP"] }, {}, false],
    ["anything where it names nothing", {}, {}, false],
  ];
  for (const [what, scope, more, covered] of accesses) {
    it(`${covered ? "covers" : "does not cover"} ${what}`, () => {
      expect(coversAccess(mandate(scope), request(more))).to.equal(covered);
    });
  }

  const named = { dataset: "CivilMSP/divisions" };
  const questions: [string, object, object, boolean][] = [
    ["another's question to a department that it covers", { departments: ["CivilMSP"] }, {}, true],
    ["another's question about a dataset that it covers", { datasets: ["CivilMSP/divisions"] }, named, true],
    ["another's question about any dataset", { datasets: ["CivilMSP/divisions"] }, {}, false],
    ["another's question about another dataset", { datasets: ["CivilMSP/x"] }, named, false],
  ];
  for (const [what, scope, filter, covered] of questions) {
    it(`${covered ? "covers" : "does not cover"} ${what}`, () => {
      expect(coversEntry(mandate(scope), "CivilMSP" as MspId, question(filter))).to.equal(covered);
    });
  }

  it("covers a refused filing in the log of a department that it covers, and by no dataset", () => {
    const filing = encodeFilingEntry({
      ...{ schema: 1, kind: "filing", channel: "pilot", department: "CivilMSP" as MspId, officer: "0202" as never },
      ...{ noun: "dataset", case: "CivilMSP/divisions", command: "change", body: ID as never, code: "NOT_OWNER" },
      ledger: { height: 1 },
    });
    const covers = (scope: Scope) => coversEntry(mandate(scope), "CivilMSP" as MspId, filing);
    expect(readEntry(filing)?.kind).to.equal("filing");
    expect(covers({ departments: ["CivilMSP"] })).to.equal(true);
    expect(covers({ datasets: ["CivilMSP/divisions"] })).to.equal(false);
  });

  it("covers nothing that cannot be read, but in a log that it covers whole", () => {
    const noise = Buffer.from("{}");
    expect(coversEntry(mandate({ datasets: ["CivilMSP/divisions" as never] }), "CivilMSP" as MspId, noise)).to.equal(
      false,
    );
    expect(coversEntry(mandate({ departments: ["CivilMSP" as MspId] }), "CivilMSP" as MspId, noise)).to.equal(true);
  });
});
