import { ANCHOR_LATE_SECONDS, lateAnchors } from "@wanlian/client/ledger-tree/anchor-watch.js";
import type { AwaitedBy } from "@wanlian/client/ledger-tree/log-witness.js";
import { OwedReceipts } from "@wanlian/client/ledger-tree/owed-receipts.js";
import { StandingAlarms } from "@wanlian/client/node/standing-alarms.js";
import { ownWord, RECEIPT_LATE_SECONDS, tellMissingReceipts } from "@wanlian/client/running/logs/watching.js";
import type { Instant } from "@wanlian/model/identifiers.js";
import { addSeconds } from "@wanlian/model/time/instant.js";
import { expect } from "chai";

const NOW = "2026-09-28T12:00:00Z" as Instant;
const ago = (seconds: number) => addSeconds(NOW, -seconds);

describe("anchors that are late", () => {
  const cases: [string, { since: string; anchored: string | undefined }, string[]][] = [
    ["anchored in time", { since: ago(1e6), anchored: ago(ANCHOR_LATE_SECONDS) }, []],
    ["anchored a second too long ago", { since: ago(1e6), anchored: ago(ANCHOR_LATE_SECONDS + 1) }, ["ANCHOR_LATE"]],
    [
      "a member of long standing without an anchor",
      { since: ago(ANCHOR_LATE_SECONDS + 1), anchored: undefined },
      ["NOT_ANCHORED"],
    ],
    ["a member that has just joined", { since: ago(ANCHOR_LATE_SECONDS), anchored: undefined }, []],
  ];
  for (const [what, member, kinds] of cases) {
    it(what, () => {
      const late = lateAnchors([{ department: "CivilMSP", ...member }], NOW);
      expect(late.map(({ kind }) => kind)).to.deep.equal(kinds);
    });
  }
});

describe("receipts that are missing", () => {
  const owed = (consumer: string, records: number, oldest = ago(601)) => ({ consumer, records, oldest }) as AwaitedBy;

  it("stand as an alarm by the word of those who say so, until they do not any more", () => {
    const [receipts, standing] = [new OwedReceipts(), new StandingAlarms(() => undefined)];
    let own: AwaitedBy[] = [owed("PoliceMSP", 2)];
    const asked: Instant[] = [];
    const parts = {
      ...{ services: { department: "CivilMSP", now: () => NOW }, standing },
      missing: (before: Instant) => {
        asked.push(before);
        return own;
      },
    };
    receipts.told("HealthMSP", [owed("PoliceMSP", 1, ago(1000)), owed("BureauMSP", 1)]);
    tellMissingReceipts(receipts, parts);
    expect(asked, "not what is in time").to.deep.equal([ago(RECEIPT_LATE_SECONDS)]);
    const [police] = standing.list().filter(({ department }) => department === "PoliceMSP");
    expect(police).to.deep.include({
      ...{ kind: "RECEIPTS_MISSING", providers: ["CivilMSP", "HealthMSP"], records: 3, oldest: ago(1000) },
    });
    own = [];
    receipts.told("HealthMSP", [owed("BureauMSP", 1)]);
    tellMissingReceipts(receipts, parts);
    expect(standing.list().map(({ department }) => department)).to.deep.equal(["BureauMSP"]);
  });

  it("are nothing before the ledger's clock has begun", () => {
    const services = { department: "CivilMSP", now: () => undefined };
    expect(ownWord({ services, missing: () => [owed("PoliceMSP", 1)] })).to.deep.equal([]);
  });
});

describe("alarms that stand", () => {
  const alarm = (kind: "NOT_ANCHORED", department: string) => ({ kind, department, since: NOW });

  it("are raised once, told to whoever follows, and again after they had gone", () => {
    let woken = 0;
    const standing = new StandingAlarms(() => woken++);
    standing.raise(alarm("NOT_ANCHORED", "CivilMSP"));
    standing.raise(alarm("NOT_ANCHORED", "CivilMSP"));
    standing.raise(alarm("NOT_ANCHORED", "PoliceMSP"));
    expect(woken).to.equal(2);
    const first = standing.since(0);
    expect(first.alarms.map(({ department }) => department)).to.deep.equal(["CivilMSP", "PoliceMSP"]);
    expect(standing.since(first.number).alarms).to.deep.equal([]);
    standing.clear({ kind: "NOT_ANCHORED", department: "CivilMSP" });
    expect(standing.list()).to.have.lengthOf(1);
    expect(standing.since(0).alarms, "what has gone is not told").to.have.lengthOf(1);
    standing.raise(alarm("NOT_ANCHORED", "CivilMSP"));
    expect(standing.since(first.number).alarms.map(({ department }) => department)).to.deep.equal(["CivilMSP"]);
  });
});
