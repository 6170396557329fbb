import { complaintsAbout, describeComplaint } from "@wanlian/network/administration/complaints.js";
import type { OrdererStatus, PeerStatus } from "@wanlian/network/administration/observed-network.js";
import { expect } from "chai";

const WITHHELD = { kind: "withheld" } as const;
const reason = { zh: "没有应答", en: "it does not answer" };

function peer(mspId: string, height: bigint, more: Partial<PeerStatus> = {}): PeerStatus {
  const ledger = { kind: "answer", value: { height, blockHash: "ab", commitHash: "cd" } } as const;
  const place = { mspId, name: "peer0", address: "127.0.0.1:17111" } as const;
  return { ...place, ledger, contracts: WITHHELD, process: WITHHELD, sees: WITHHELD, standsStill: false, ...more };
}

const orderer = (height: bigint, status = "active"): OrdererStatus => ({
  ...{ mspId: "OrdererMSP", name: "orderer0", address: "127.0.0.1:17001" },
  channel: { kind: "answer", value: { height, status, relation: "consenter" } },
});

describe("what status complains about", () => {
  const kinds = (orderers: OrdererStatus[], ...peers: PeerStatus[]) =>
    complaintsAbout({ channel: "pilot", comparedAt: 7n, orderers, peers, certificates: [] }, peers.length).map(
      (complaint) => `${complaint.kind}${"mspId" in complaint ? ` ${complaint.mspId}` : ""}`,
    );
  const silent = { kind: "failed", reason } as const;
  const approvedBy = (...mspIds: string[]) =>
    ({
      kind: "answer",
      value: {
        ...{ name: "wanlian", version: "1.0", sequence: 1n, policyReference: "" },
        approvals: new Map(mspIds.map((mspId) => [mspId, true])),
      },
    }) as const;
  const sees = (value: number) => ({ kind: "answer", value }) as const;
  const showing = (blockHash: string, commitHash: string) =>
    ({ ledger: { kind: "answer", value: { height: 90n, blockHash, commitHash } } }) as const;

  const cases: [string, OrdererStatus[], PeerStatus[], string[]][] = [
    ["nothing, where all is well", [orderer(90n)], [peer("A", 90n), peer("B", 90n)], []],
    ["no peer that is a little behind and comes nearer", [orderer(90n)], [peer("A", 90n), peer("B", 70n)], []],
    ["a peer that is far behind", [orderer(90n)], [peer("A", 90n), peer("B", 69n)], ["peer behind B"]],
    [
      "a peer that stands still, however little it is behind",
      [orderer(90n)],
      [peer("A", 90n), peer("B", 89n, { standsStill: true })],
      ["peer stands still B"],
    ],
    [
      "all peers, where they stand still together behind the orderer",
      [orderer(120n)],
      [peer("A", 90n), peer("B", 90n)],
      ["peer behind A", "peer behind B"],
    ],
    [
      "contracts that do not answer",
      [orderer(90n)],
      [
        peer("A", 90n, { process: { kind: "failed", reason } }),
        peer("B", 90n, { process: { kind: "answer", value: "answers" } }),
      ],
      ["contracts silent A"],
    ],
    ["an orderer that does not answer", [{ ...orderer(90n), channel: silent }], [], ["orderer silent OrdererMSP"]],
    ["no orderer that cannot be asked from here", [{ ...orderer(90n), channel: WITHHELD }], [], []],
    ["an orderer that catches up", [orderer(90n, "onboarding")], [], ["orderer not active OrdererMSP"]],
    ["a peer that does not answer", [], [peer("A", 90n, { ledger: silent, sees: sees(0) })], ["peer silent A"]],
    ["no peer that cannot be asked from here", [], [peer("A", 90n, { ledger: WITHHELD, process: silent })], []],
    [
      "a department that has not approved the contracts in force",
      [],
      [peer("A", 90n, { contracts: approvedBy("B") }), peer("B", 90n, { contracts: approvedBy("B") })],
      ["contracts not approved A"],
    ],
    [
      "every department where no contracts are in force",
      [],
      [peer("A", 90n, { contracts: { kind: "answer", value: undefined } })],
      ["contracts not approved A"],
    ],
    [
      "a peer that sees one too few",
      [],
      [peer("A", 90n, { sees: sees(1) }), peer("B", 90n, { sees: sees(2) })],
      ["peers unseen A"],
    ],
    [
      "peers that show another block",
      [],
      [peer("A", 90n, showing("ab", "cd")), peer("B", 90n, showing("ff", "cd"))],
      ["peers disagree"],
    ],
    [
      "peers that show another state after the same block",
      [],
      [peer("A", 90n, showing("ab", "cd")), peer("B", 90n, showing("ab", "ff"))],
      ["peers disagree"],
    ],
    [
      "no disagreement with a peer that does not answer",
      [],
      [peer("A", 90n), peer("B", 90n, { ledger: silent })],
      ["peer silent B"],
    ],
  ];
  for (const [title, orderers, peers, expected] of cases)
    it(`is ${title}`, () => expect(kinds(orderers, ...peers)).to.deep.equal(expected));

  it("names, where peers disagree, who stands with whom, and on which block", () => {
    const peers = [peer("A", 90n), peer("B", 90n, showing("ff", "ff")), peer("C", 90n)];
    const [found] = complaintsAbout({ channel: "pilot", comparedAt: 7n, orderers: [], peers, certificates: [] }, 3);
    expect(found).to.deep.equal({ kind: "peers disagree", block: 7n, camps: [["A", "C"], ["B"]] });
  });

  const DAY_MS = 86_400_000;
  const endings: [title: string, days: number, complained: boolean, words: string][] = [
    ["in more than a month", 30.5, false, ""],
    ["in a month less a little", 29.9, true, "ends in 29 days"],
    ["within the day", 0.5, true, "ends in 0 days"],
    ["before now", -0.5, true, "has ended on "],
  ];
  for (const [title, days, complained, words] of endings) {
    it(`is ${complained ? "a" : "no"} certificate that ends ${title}`, () => {
      const notAfter = new Date(Date.now() + days * DAY_MS);
      const certificates = [{ mspId: "A", holder: "peers/peer0", use: "tls", notAfter }] as const;
      const found = complaintsAbout({ channel: "pilot", comparedAt: 7n, orderers: [], peers: [], certificates }, 0);
      expect(found.map(({ kind }) => kind)).to.deep.equal(complained ? ["certificate ending"] : []);
      for (const complaint of found)
        expect(describeComplaint(complaint).what.en).to.include(words).and.include("(TLS)");
    });
  }

  it("is a certificate a month before its end, and a root a year before: others have to learn of the next", () => {
    const inDays = (days: number) => new Date(Date.now() + days * 24 * 60 * 60_000);
    const of = (days: number, root: boolean) => ({
      ...{ mspId: "A", holder: root ? "ca" : "peers/peer0", use: "identity" as const, notAfter: inDays(days) },
      ...(root ? { of: "root" as const } : {}),
    });
    const certificates = [of(29, false), of(31, false), of(364, true), of(366, true)];
    const complaints = complaintsAbout({ channel: "pilot", comparedAt: 7n, orderers: [], peers: [], certificates }, 0);
    expect(
      complaints.map((complaint) => complaint.kind === "certificate ending" && complaint.certificate),
    ).to.deep.equal([certificates[0], certificates[2]]);
  });
});
