import { headerHash } from "@wanlian/protocol/block.js";
import { bundleFromBlock } from "@wanlian/protocol/configuration/bundle.js";
import { Block } from "@wanlian/protocol/messages/common.js";
import { indexedTransactionId } from "@wanlian/protocol/transaction/envelope.js";
import { verifyBlock } from "@wanlian/protocol/verify/block.js";
import { type ConsortiumRoots, followConfiguration } from "@wanlian/protocol/verify/configuration.js";
import { verifyTransaction } from "@wanlian/protocol/verify/transaction.js";
import { expect } from "chai";
import { type RecordedChannel, recordedChannels } from "../vectors/channels.js";
import { refusal } from "./refusal.js";

const channels = new Map(recordedChannels().map((channel) => [channel.name, channel]));

const at = (blocks: readonly Block[], number: number): Block => {
  const block = blocks[number];
  if (block === undefined) throw new Error(`no block ${number}`);
  return block;
};

function recorded(name: string): RecordedChannel & { readonly all: readonly Block[]; readonly trust: ConsortiumRoots } {
  const channel = channels.get(name);
  if (channel === undefined) throw new Error(`no channel ${name}`);
  const all = channel.blocks.map(({ block }) => block);
  const bundle = bundleFromBlock(all[0]?.data?.data ?? []);
  const roots = new Map(bundle.msps.mspIds.map((id) => [id, bundle.msps.msp(id)?.config.rootCerts ?? []]));
  const genesisHash = headerHash(at(all, 0).header ?? expect.fail("no header"));
  return { ...channel, all, trust: { channelId: bundle.channelId, roots, orderers: ["OrdererMSP"], genesisHash } };
}

describe("verifying offline", () => {
  for (const name of ["fabric-3.1.5 raft", "fabric-3.1.5 bft", "fabric-3.1.5-sealed"]) {
    it(`${name}: every block follows from the consortium's roots`, async () => {
      const { all, trust } = recorded(name);
      const configuration = await followConfiguration(all.slice(0, 1), trust);
      for (const block of all.slice(1)) {
        expect((await verifyBlock(block, configuration)).number).to.equal(block.header?.number);
      }
    });
  }

  it("follows a channel through its configuration updates", async () => {
    const { all, trust } = recorded("fabric-3.1.5-more");
    const configs = [0, 25, 27, 29, 31, 33].map((number) => at(all, number));
    const configuration = await followConfiguration(configs, trust);
    expect(configuration.epochs.map(({ configBlock }) => configBlock)).to.deep.equal([0n, 25n, 27n, 29n, 31n, 33n]);
    for (const block of all.slice(1)) await verifyBlock(block, configuration);
    expect(await refusal(followConfiguration([at(all, 0), at(all, 27)], trust))).to.include("UPDATE_REFUSED");
    const early = await followConfiguration(configs.slice(0, 2), trust);
    expect(await refusal(verifyBlock(at(all, 28), early))).to.include("not at hand");
  });

  describe("does not begin with a genesis block", () => {
    const { all, trust } = recorded("fabric-3.1.5-sealed");
    const genesis = all.slice(0, 1);
    const other = recorded("fabric-3.1.5 raft");

    it("of another hash than the trusted one", async () => {
      expect(await refusal(followConfiguration(genesis, trust))).to.equal("accepted");
      const { genesisHash } = other.trust;
      expect(await refusal(followConfiguration(genesis, { ...trust, genesisHash }))).to.include("another");
    });

    it("of the trusted hash over a configuration of somebody else's", async () => {
      const [real] = genesis;
      const forged = Block.create({ ...at(other.all, 0), header: real?.header });
      const trusting = { ...trust, channelId: other.trust.channelId, roots: other.trust.roots };
      expect(await refusal(followConfiguration([forged], trusting))).to.include("INVALID_BLOCK");
    });

    it("of the trusted hash that is no genesis block", async () => {
      const first = at(all, 1);
      const genesisHash = headerHash(first.header ?? expect.fail("no header"));
      expect(await refusal(followConfiguration([first], { ...trust, genesisHash }))).to.include("not a genesis block");
    });

    it("of another channel", async () => {
      expect(await refusal(followConfiguration(genesis, { ...trust, channelId: "other" }))).to.include("not other");
    });

    it("with a root that is not trusted", async () => {
      expect(await refusal(followConfiguration(genesis, { ...trust, roots: other.trust.roots }))).to.include(
        "not among the trusted roots",
      );
    });

    it("ordered by somebody else", async () => {
      expect(await refusal(followConfiguration(genesis, { ...trust, orderers: ["BureauMSP"] }))).to.include(
        "not among the trusted orderers",
      );
    });
  });

  describe("an act", () => {
    const { all, trust } = recorded("fabric-3.1.5-sealed");
    const records = "/Channel/Application/Records";
    const idOf = (number: number): string => indexedTransactionId(at(all, number).data?.data[0] ?? new Uint8Array(0));

    it("shows its creator, its endorsers and what it wrote", async () => {
      const configuration = await followConfiguration(all.slice(0, 1), trust);
      const block = await verifyBlock(at(all, 9), configuration);
      const act = await verifyTransaction(idOf(9), block, records);
      expect(new Set(act.endorsers.map(({ mspId }) => mspId)).size).to.be.at.least(2);
      expect(act.namespaces.flatMap(({ kv }) => kv.metadataWrites)).to.have.length(1);
      expect(act.creator.mspId).to.match(/MSP$/);
    });

    it("with its own peer's endorsement alone does not satisfy Records", async () => {
      const configuration = await followConfiguration(all.slice(0, 1), trust);
      const block = await verifyBlock(at(all, 8), configuration);
      expect(await refusal(verifyTransaction(idOf(8), block, records))).to.include("POLICY_NOT_SATISFIED");
      expect(await refusal(verifyTransaction(idOf(9), block, records))).to.include("does not hold transaction");
      expect(await refusal(verifyTransaction(idOf(8), block, "/Channel/Application/None"))).to.include("no policy");
    });

    it("in a block with one flipped bit is none", async () => {
      const configuration = await followConfiguration(all.slice(0, 1), trust);
      const encoded = Block.encode(at(all, 9));
      for (let position = 40; position < encoded.length; position += 97) {
        const flipped = Uint8Array.from(encoded);
        flipped[position] = (flipped[position] ?? 0) ^ 1;
        const result = await refusal(Promise.resolve().then(() => verifyBlock(Block.decode(flipped), configuration)));
        // Validation codes and commit hash, at the block's end, are the peer's own claim and not signed.
        if (position < encoded.length - 50) expect(result, `bit at ${position}`).to.not.equal("accepted");
      }
    });
  });
});
