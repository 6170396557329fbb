import { SEAL } from "@wanlian/model/kernel/seal.js";
import type { PeerClient } from "@wanlian/network/administration/calls/peer.js";
import { propose } from "@wanlian/network/administration/calls/proposal.js";
import { transact } from "@wanlian/network/administration/transaction.js";
import { outOf, principal } from "@wanlian/network/channel/policies.js";
import { statedCommitHash, validationCodes } from "@wanlian/protocol/block.js";
import { toHex } from "@wanlian/protocol/bytes.js";
import { ChaincodeAction, ProposalResponsePayload } from "@wanlian/protocol/messages/proposal.js";
import { expect } from "chai";
import { failureOf, messageOf } from "./city.js";
import { CHAINCODE, CHANNEL, PeerNetwork } from "./network.js";

const EMBEDDED = "BureauMSP";
const REAL = "CivilMSP";
const SEALED = Buffer.from(SEAL).toString("hex");
const POLICE = Buffer.from(outOf(1, [principal("PoliceMSP", "PEER")]).value).toString("hex");

/** One call after the other, each on what those before have left. */
const CALLS: readonly (readonly [string, ...string[]])[] = [
  ["put", "k", "v"],
  ["get", "k"],
  ["putThenGet", "k", "w"],
  ["delete", "absent"],
  ["put", "\u{10000} and \ufffd", "order"],
  ["fill", "long-", "250"],
  ["count", "long-", "long-~", "counted"],
  ["count", "long-00010", "long-00030", "some"],
  ["count", "", "", "all"],
  ["page", "long-", "long-~", "20"],
  ["composite", "noun", "case", "1"],
  ["composite", "noun", "case", "2"],
  ["history", "k"],
  ["create", "sealed", SEALED],
  ["put", "sealed", "again"],
  ["create", "theirs", POLICE],
  ["policy", "theirs"],
  ["setPolicy", "theirs", SEALED],
  ["hide", `_implicit_org_${EMBEDDED}`, "secret", "of the bureau"],
  ["hide", `_implicit_org_${REAL}`, "secret", "of civil affairs"],
  ["hash", `_implicit_org_${EMBEDDED}`, "secret"],
  ["event", "happened", "payload"],
  ["creator"],
  ["fail", "with a reason"],
  ["nosuch"],
];

/** What is endorsed alike and then, by the policy of its key, does not count. */
const FORBIDDEN: ReadonlySet<string> = new Set(["put sealed", "setPolicy theirs"]);

describe("peer › beside a real Fabric peer (FABRIC_BIN)", function () {
  this.timeout(180_000);
  let network: PeerNetwork;
  let embedded: PeerClient;
  let real: PeerClient;

  before(async function () {
    if (!process.env.FABRIC_BIN) this.skip();
    network = await PeerNetwork.start({ departments: 3, real: [REAL] });
    const { administration } = network;
    const as = administration.administrator(EMBEDDED);
    const clientOf = (mspId: string): PeerClient => {
      const found = administration.peers.find((one) => one.mspId === mspId);
      return found === undefined ? expect.fail(`no peer of ${mspId}`) : administration.peer(found, as);
    };
    embedded = clientOf(EMBEDDED);
    real = clientOf(REAL);
  });

  after(() => network?.stop());

  const invocation = (name: string, ...args: string[]) => ({
    channel: CHANNEL,
    chaincode: CHAINCODE,
    args: [name, ...args].map((arg) => Buffer.from(arg)),
  });

  for (const [name, ...args] of CALLS) {
    it(`${[name, ...args.map((arg) => arg.slice(0, 24))].join(" ")}: the same endorsement, to the byte`, async () => {
      await level();
      const proposal = propose(invocation(name, ...args), network.administration.administrator(EMBEDDED).identity);
      const [mine, theirs] = await Promise.all([embedded, real].map((peer) => answerOf(peer, proposal)));
      expect(mine).to.deep.equal(theirs);
      if (mine?.status !== 200) return;
      const as = network.administration.administrator(EMBEDDED);
      const committing = transact(network.administration, invocation(name, ...args), [embedded, real], as);
      if (args.some((arg) => FORBIDDEN.has(`${name} ${arg}`))) {
        expect(messageOf(await failureOf(committing))).to.contain("ENDORSEMENT_POLICY_FAILURE");
      } else {
        await committing;
      }
    });
  }

  it("both ledgers have the same codes and commit hashes, block by block", async () => {
    await level();
    const { height } = await embedded.info(CHANNEL);
    for (let number = 0n; number < height; number++) {
      const [mine, theirs] = [await embedded.block(CHANNEL, number), await real.block(CHANNEL, number)];
      expect(validationCodes(mine)).to.deep.equal(validationCodes(theirs));
      expect(hex(statedCommitHash(mine))).to.equal(hex(statedCommitHash(theirs)));
    }
  });

  /** Resolves when both have the same blocks. */
  async function level(): Promise<void> {
    while ((await embedded.info(CHANNEL)).height !== (await real.info(CHANNEL)).height);
  }
});

const hex = (bytes: Uint8Array | undefined): string => (bytes === undefined ? "none" : toHex(bytes));

/** What a peer says to a proposal: status, message and what it would sign, taken apart so that a difference can be read. */
async function answerOf(peer: PeerClient, proposal: ReturnType<typeof propose>) {
  const answer = await peer.process(proposal).catch((error: unknown) => error);
  if (answer instanceof Error) return { status: 500, refusal: answer.message.replace(/^\S+ of \S+/, "") };
  const { response, payload } = answer as Awaited<ReturnType<PeerClient["process"]>>;
  const action = ChaincodeAction.decode(ProposalResponsePayload.decode(payload).extension);
  return {
    status: response?.status,
    message: response?.message,
    payload: hex(payload),
    result: hex(action.response?.payload),
    events: hex(action.events),
    results: hex(action.results),
  };
}
