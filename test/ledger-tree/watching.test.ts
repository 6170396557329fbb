import { ANCHOR_LATE_SECONDS, lateAnchors } from "@wanlian/client/ledger-tree/anchor-watch.js";
import { StandingAlarms } from "@wanlian/client/node/standing-alarms.js";
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
