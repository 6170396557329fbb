import { anyOf } from "@wanlian/network/channel/policies.js";
import type { ChannelLedger } from "@wanlian/network/embedded/ledger/channel-ledger.js";
import { utf8 } from "@wanlian/protocol/bytes.js";
import { Envelope, Payload } from "@wanlian/protocol/messages/common.js";
import { SignaturePolicyEnvelope } from "@wanlian/protocol/messages/policies.js";
import { ChaincodeAction, ProposalResponsePayload } from "@wanlian/protocol/messages/proposal.js";
import { TxReadWriteSet } from "@wanlian/protocol/messages/rwset.js";
import { ChaincodeActionPayload, Transaction } from "@wanlian/protocol/messages/transaction.js";
import { expect } from "chai";
import fc from "fast-check";
import { CHAINCODE, definitionWrites, TestChannel } from "./channel.js";

/** Bytes after changes at places drawn at random: some other, some gone, some doubled. */
const changes = fc.array(
  fc.tuple(
    fc.double({ min: 0, max: 0.999, noNaN: true }),
    fc.constantFrom("flip", "cut", "double"),
    fc.integer({ min: 1, max: 255 }),
  ),
  { minLength: 1, maxLength: 3 },
);
type Changes = readonly (readonly [number, string, number])[];

function altered(bytes: Uint8Array, list: Changes): Uint8Array {
  return list.reduce((current, [place, kind, amount]) => {
    const at = Math.floor(place * current.length);
    const piece = current.subarray(at, at + amount);
    if (kind === "cut") return Buffer.concat([current.subarray(0, at), current.subarray(at + amount)]);
    if (kind === "double") return Buffer.concat([current.subarray(0, at), piece, current.subarray(at)]);
    const copy = Uint8Array.from(current);
    copy[at] = (copy[at] ?? 0) ^ amount;
    return copy;
  }, bytes);
}

/** The layers of a transaction that a writer with keys can make to be anything, each signed again. */
const LAYERS = ["payload", "data", "action", "response", "extension", "results", "namespace"] as const;
type Layer = (typeof LAYERS)[number];

describe("a writer with valid keys, endorsed by whom it likes", () => {
  let channel: TestChannel;
  let ledger: ChannelLedger;

  before(async () => {
    channel = await TestChannel.make();
    ledger = await channel.ledger();
    const endorsers = [...channel.members.values()].map(({ peer }) => peer);
    const policy = { signaturePolicy: SignaturePolicyEnvelope.decode(anyOf("BureauMSP", "PEER").value) };
    const sets = { _lifecycle: definitionWrites({ policy }) };
    await ledger.commit(channel.order(channel.draft({ chaincode: "_lifecycle", endorsers, sets }).envelope));
  });

  after(() => channel.close());

  let serial = 0;

  function original(): Envelope {
    const key = `key${serial++}`;
    const range = { startKey: "a", endKey: "b", itrExhausted: true, rawReads: { kvReads: [{ key: "aa" }] } };
    const writes = [{ key, value: utf8("value") }];
    const metadataWrites = [{ key, entries: [{ name: "note", value: utf8("n") }] }];
    const hashed = { hashedWrites: [{ keyHash: utf8("hash"), valueHash: utf8("value hash") }] };
    const { envelope } = channel.draft({
      sets: { [CHAINCODE]: { reads: [{ key }], rangeQueriesInfo: [range], writes, metadataWrites } },
      collections: { [CHAINCODE]: [{ name: "_implicit_org_BureauMSP", hashed }] },
    });
    return Envelope.decode(envelope);
  }

  function hostile(layer: Layer, list: Changes): Uint8Array {
    const { client, peer } = channel.of("BureauMSP");
    const change = (at: Layer, bytes: Uint8Array): Uint8Array => (at === layer ? altered(bytes, list) : bytes);
    const payload = Payload.decode(original().payload);
    const [action] = Transaction.decode(payload.data).actions;
    const inner = ChaincodeActionPayload.decode(action?.payload ?? new Uint8Array(0));
    const endorsed = inner.action ?? { proposalResponsePayload: new Uint8Array(0), endorsements: [] };
    const response = ProposalResponsePayload.decode(endorsed.proposalResponsePayload);
    const did = ChaincodeAction.decode(response.extension);
    const set = TxReadWriteSet.decode(did.results);
    const nsRwset = set.nsRwset.map((one) => ({ ...one, rwset: change("namespace", one.rwset) }));
    const results = change("results", TxReadWriteSet.encode({ ...set, nsRwset }));
    const extension = change("extension", ChaincodeAction.encode({ ...did, results }));
    const proposalResponsePayload = change("response", ProposalResponsePayload.encode({ ...response, extension }));
    const signature = peer.sign(Buffer.concat([proposalResponsePayload, peer.creator]));
    const actionPayload = ChaincodeActionPayload.encode({
      ...inner,
      action: { proposalResponsePayload, endorsements: [{ endorser: peer.creator, signature }] },
    });
    const actions = [{ header: action?.header, payload: change("action", actionPayload) }];
    const data = change("data", Transaction.encode({ actions }));
    const outer = change("payload", Payload.encode({ ...payload, data }));
    return Envelope.encode({ payload: outer, signature: client.sign(outer) });
  }

  it("has every transaction judged, and stops nobody", async () => {
    const seen = new Set<number>();
    const batch = fc.array(fc.tuple(fc.constantFrom(...LAYERS), changes), { minLength: 20, maxLength: 20 });
    await fc.assert(
      fc.asyncProperty(batch, async (drafts) => {
        const envelopes = drafts.map(([layer, list]) => hostile(layer, list));
        const foreign = channel.draft({ endorsers: [channel.of("CivilMSP").peer] });
        const good = channel.draft({ sets: { [CHAINCODE]: { writes: [{ key: "good", value: utf8("1") }] } } });
        const { codes } = await ledger.commit(channel.order(...envelopes, foreign.envelope, good.envelope));
        for (const code of codes) seen.add(code);
        expect(codes.at(-2), "endorsed by another department alone").to.equal(10);
        expect(codes.at(-1)).to.equal(0);
      }),
      { numRuns: 25, endOnFailure: true },
    );
    expect([...seen]).to.include.members([0, 5, 10, 21, 22]);
  });

  it("leaves two ledgers with one result", async () => {
    const other = await channel.ledger("CivilMSP");
    const last = ledger.height - 1n;
    expect(await other.commitHash(last)).to.deep.equal(await ledger.commitHash(last));
  });
});
