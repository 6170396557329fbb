import { complaintsAbout } from "@wanlian/network/administration/complaints.js";
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
  ];
  for (const [title, orderers, peers, expected] of cases)
    it(`is ${title}`, () => expect(kinds(orderers, ...peers)).to.deep.equal(expected));
});
