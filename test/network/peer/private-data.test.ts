import type { SigningIdentity } from "@wanlian/network/certificates/signing-identity.js";
import { anyOf } from "@wanlian/network/channel/policies.js";
import type { ChannelLedger } from "@wanlian/network/embedded/ledger/channel-ledger.js";
import { AccessControl } from "@wanlian/network/embedded/peer/access.js";
import { signedGossip } from "@wanlian/network/embedded/peer/discovery/gossip.js";
import { LocalMsp } from "@wanlian/network/embedded/peer/local-msp.js";
import { Receiver } from "@wanlian/network/embedded/peer/private-data/receiver.js";
import { utf8 } from "@wanlian/protocol/bytes.js";
import { sha256 } from "@wanlian/protocol/hash.js";
import { GossipEnvelope, GossipMessage, GossipTag, type PrivatePayload } from "@wanlian/protocol/messages/gossip.js";
import { SignaturePolicyEnvelope } from "@wanlian/protocol/messages/policies.js";
import { KVRWSet } from "@wanlian/protocol/messages/rwset.js";
import { expect } from "chai";
import { CHAINCODE, CHANNEL, type DepartmentId, definitionWrites, TestChannel } from "../../ledger/channel.js";

/** Of bureau and civil affairs. */
const PAIR = "pair";
const TRANSACTION = "ab".repeat(32);
const RWSET = KVRWSet.encode({ writes: [{ key: "k", value: utf8("v") }] });

describe("peer › private data that other peers leave", () => {
  let channel: TestChannel;
  const ledgers = new Map<DepartmentId, ChannelLedger>();

  before(async () => {
    channel = await TestChannel.make();
    const identities = ["BureauMSP", "CivilMSP"].flatMap(
      (mspId) => SignaturePolicyEnvelope.decode(anyOf(mspId, "MEMBER").value).identities,
    );
    const rule = { nOutOf: { n: 1, rules: [{ signedBy: 0 }, { signedBy: 1 }] } };
    const memberOrgsPolicy = { signaturePolicy: { identities, rule } };
    const collections = { config: [{ staticCollectionConfig: { name: PAIR, memberOrgsPolicy } }] };
    const policy = { signaturePolicy: SignaturePolicyEnvelope.decode(anyOf("BureauMSP", "PEER").value) };
    const endorsers = [...channel.members.values()].map(({ peer }) => peer);
    const sets = { _lifecycle: definitionWrites({ policy, collections }) };
    channel.order(channel.draft({ chaincode: "_lifecycle", endorsers, sets }).envelope);
    for (const mspId of ["CivilMSP", "PoliceMSP"] as const) ledgers.set(mspId, await channel.ledger(mspId));
  });

  after(() => channel.close());

  interface Leaving {
    readonly to?: DepartmentId;
    readonly as?: SigningIdentity;
    readonly signedBy?: SigningIdentity;
    readonly channelId?: string;
    readonly payload?: Partial<PrivatePayload>;
  }

  /** What the peer answers to one message, after who it is said to be of. */
  async function leave({ to = "CivilMSP", as = channel.of("BureauMSP").peer, ...rest }: Leaving = {}): Promise<string> {
    const { signedBy = as, channelId = CHANNEL, payload = {} } = rest;
    const introduction = signedGossip(as, { tag: GossipTag.EMPTY, conn: { identity: as.creator } });
    const message = signedGossip(signedBy, {
      nonce: 7n,
      channel: utf8(channelId),
      tag: GossipTag.CHAN_ONLY,
      privateData: {
        payload: { namespace: CHAINCODE, collectionName: PAIR, txId: TRANSACTION, privateRwset: RWSET, ...payload },
      },
    });
    const [answer] = await answersTo(to, [introduction, message]);
    const { nonce, ack } = GossipMessage.decode(answer?.payload ?? new Uint8Array(0));
    expect(nonce).to.equal(7n);
    return ack?.error ?? "no acknowledgement";
  }

  async function answersTo(to: DepartmentId, envelopes: readonly GossipEnvelope[]): Promise<GossipEnvelope[]> {
    const ledger = ledgers.get(to);
    const joined = { id: CHANNEL, ledger };
    const channels = {
      get: (id: string) => (id === CHANNEL && ledger !== undefined ? { ...joined, ledger } : undefined),
      all: () => [],
      join: async () => undefined,
    };
    const folder = `${channel.world.directory}/organizations/${to}/peers/peer0/msp`;
    const access = new AccessControl(channels, await LocalMsp.read(to, folder));
    const receiver = new Receiver({ mspId: to, channels, access });
    const answers: GossipEnvelope[] = [];
    async function* sent() {
      yield* envelopes;
    }
    const send = async (answer: Parameters<typeof GossipEnvelope.encode>[0]) => {
      answers.push(GossipEnvelope.decode(GossipEnvelope.encode(answer)));
    };
    await receiver.serve(sent(), send, undefined as never);
    return answers;
  }

  const left = async (mspId: DepartmentId, txId = TRANSACTION) =>
    (await ledgers.get(mspId)?.transient.find(txId, { namespace: CHAINCODE, collection: PAIR }, sha256(RWSET))) !==
    undefined;

  it("is kept for its transaction where the department is a member", async () => {
    expect(await leave()).to.equal("");
    expect(await left("CivilMSP")).to.equal(true);
  });

  const refused: Record<string, { leaving: () => Leaving; why: string }> = {
    "from a client, not a peer": {
      leaving: () => ({ as: channel.of("BureauMSP").client }),
      why: "did not satisfy policy",
    },
    "signed by another than it is said to be of": {
      leaving: () => ({ signedBy: channel.of("PoliceMSP").peer }),
      why: "did not satisfy policy",
    },
    "at a department that is no member": { leaving: () => ({ to: "PoliceMSP" }), why: "PoliceMSP is no member" },
    "of a collection that there is not": {
      leaving: () => ({ payload: { collectionName: "nosuch" } }),
      why: "no member of collection basic/nosuch",
    },
    "of another channel": { leaving: () => ({ channelId: "elsewhere" }), why: "channel 'elsewhere' not found" },
    "for what is no transaction id": {
      leaving: () => ({ payload: { txId: `${TRANSACTION}\0x` } }),
      why: "the transaction id is none",
    },
  };
  for (const [how, { leaving, why }] of Object.entries(refused)) {
    it(`is refused ${how}`, async () => {
      expect(await leave({ ...leaving(), payload: { txId: "cd".repeat(32), ...leaving().payload } })).to.contain(why);
      for (const mspId of ledgers.keys()) expect(await left(mspId, "cd".repeat(32))).to.equal(false);
    });
  }

  it("is refused before it is known whose it is", async () => {
    const nameless = signedGossip(channel.of("BureauMSP").peer, {
      tag: GossipTag.CHAN_ONLY,
      privateData: { payload: {} },
    });
    const error = await answersTo("CivilMSP", [nameless]).catch((reason: unknown) => reason);
    expect(String(error)).to.contain("after a message that says whose they are");
  });

  it("that comes after its block is put where it was missing", async () => {
    const hashedWrites = [{ keyHash: sha256(utf8("k")), valueHash: sha256(utf8("v")) }];
    const collections = { [CHAINCODE]: [{ name: PAIR, hashed: { hashedWrites }, privateHash: sha256(RWSET) }] };
    const { transactionId, envelope } = channel.draft({ collections });
    const block = channel.order(envelope);
    const ledger = ledgers.get("CivilMSP");
    await ledger?.commit(block);
    expect(await leave({ payload: { txId: transactionId } })).to.equal("");
    const snapshot = ledger?.snapshot();
    expect(Buffer.from((await snapshot?.privateGet(CHAINCODE, PAIR, "k"))?.value ?? []).toString()).to.equal("v");
    await snapshot?.release();
  });
});
