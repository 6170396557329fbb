import { NodeError } from "@wanlian/client/core/index.js";
import { type Asked, checkEndorsed } from "@wanlian/client/submission/endorsement.js";
import type { SigningIdentity } from "@wanlian/network/certificates/signing-identity.js";
import { ChannelHeader, Envelope, Payload } from "@wanlian/protocol/messages/common.js";
import { expect } from "chai";
import { type ForgedTransaction, type Forgery, forge } from "../../attacks/forge.js";
import { inForm } from "../../protocol/authority.js";
import { CHAINCODE, CHANNEL, TestLedger, type TestOfficer } from "../test-ledger.js";

const ACT = { writes: [{ key: "act", value: new Uint8Array(1) }] };
const POLICY_OF_A_KEY = { metadataWrites: [{ key: "k", entries: [{ name: "VALIDATION_PARAMETER" }] }] };

describe("an endorsed transaction, before it is sent", () => {
  let ledger: TestLedger;
  let officer: TestOfficer;
  let colleague: TestOfficer;
  let asked: Asked;

  before(async () => {
    ledger = await TestLedger.create();
    officer = await ledger.officer("CivilMSP", "1001", "user");
    colleague = await ledger.officer("CivilMSP", "1002", "user");
    asked = {
      channel: CHANNEL,
      chaincode: CHAINCODE,
      creator: officer.identity.creator,
      contractFunction: "demand:publish",
      args: ['{"name":"births"}'],
    };
  });

  after(() => ledger.remove());

  const made = (changes: Partial<Forgery> = {}): ForgedTransaction =>
    forge({
      channel: CHANNEL,
      chaincode: CHAINCODE,
      creator: officer.identity,
      endorsers: [ledger.peer("BureauMSP"), ledger.peer("CivilMSP")],
      args: ["demand:publish", '{"name":"births"}'],
      sets: { [CHAINCODE]: ACT },
      ...changes,
    });

  function verdict(endorsed: ForgedTransaction): string {
    try {
      checkEndorsed(endorsed, asked);
      return "passes";
    } catch (error) {
      if (error instanceof NodeError) return `${error.code}: ${error.message}`;
      throw error;
    }
  }

  const passing: [title: string, changes: () => Partial<Forgery>][] = [
    ["what was asked for", () => ({})],
    [
      "endorsed by one alone: how many it takes is the peers' question",
      () => ({ endorsers: [ledger.peer("CivilMSP")] }),
    ],
    ["that reads elsewhere", () => ({ sets: { [CHAINCODE]: ACT, _lifecycle: { reads: [{ key: "k" }] } } })],
  ];
  for (const [title, changes] of passing) {
    it(`passes: ${title}`, () => expect(verdict(made(changes()))).to.equal("passes"));
  }

  const refused: [title: string, endorsed: () => ForgedTransaction, why: string][] = [
    ["bytes that are none", () => ({ ...made(), envelope: Uint8Array.of(0xff) }), "cannot be read"],
    ["nothing", () => ({ ...made(), envelope: new Uint8Array() }), "cannot be read"],
    ["one for another channel", () => made({ channel: "other" }), 'for the channel "other"'],
    ["a colleague's", () => made({ creator: colleague.identity }), "another's"],
    ["the own, under another's id", () => ({ ...made(), transactionId: made().transactionId }), "another's"],
    ["one whose id was chosen", () => withId(made(), "0".repeat(64)), "its id is not that of its nonce and creator"],
    ["a call of another contract", () => made({ chaincode: "other", sets: { other: ACT } }), 'it calls "other"'],
    ["another function", () => made({ args: ["demand:withdraw", '{"name":"births"}'] }), "calls something else"],
    ["other arguments", () => made({ args: ["demand:publish", '{"name":"deaths"}'] }), "calls something else"],
    ["an argument more", () => made({ args: ["demand:publish", '{"name":"births"}', ""] }), "calls something else"],
    ["an argument less", () => made({ args: ["demand:publish"] }), "calls something else"],
    ["a key written elsewhere too", () => made({ sets: { [CHAINCODE]: ACT, other: ACT } }), 'writes to "other"'],
    [
      "the policy of a key elsewhere too",
      () => made({ sets: { [CHAINCODE]: ACT, other: POLICY_OF_A_KEY } }),
      'writes to "other"',
    ],
    [
      "a private collection elsewhere too",
      () =>
        made({ collections: { other: [{ name: "c", hashed: { hashedWrites: [{ keyHash: new Uint8Array(32) }] } }] } }),
      'writes to "other"',
    ],
    ["one that writes nothing", () => made({ sets: {} }), "writes no act"],
    ["what nobody has endorsed", () => made({ endorsers: [] }), "nobody has endorsed it"],
    [
      "an endorsement by another key than its certificate's, beside a right one",
      () =>
        made({
          endorsers: [ledger.peer("CivilMSP"), signingBy("BureauMSP", (data) => ledger.peer("CivilMSP").sign(data))],
        }),
      "of BureauMSP is not signed",
    ],
    [
      "an endorsement of something else",
      () => made({ endorsers: [signingBy("BureauMSP", () => ledger.peer("BureauMSP").sign(Buffer.from("else")))] }),
      "of BureauMSP is not signed",
    ],
    [
      "an endorsement in the form that Fabric does not take",
      () =>
        made({ endorsers: [signingBy("BureauMSP", (data) => inForm(ledger.peer("BureauMSP").sign(data), "high S"))] }),
      "of BureauMSP is not signed",
    ],
    [
      "an endorsement with noise for a signature",
      () => made({ endorsers: [signingBy("BureauMSP", () => Buffer.from("noise"))] }),
      "of BureauMSP is not signed",
    ],
  ];
  for (const [title, endorsed, why] of refused) {
    it(`is refused: ${title}`, () => {
      const said = verdict(endorsed());
      expect(said).to.match(/^ENDORSEMENT_FORGED: /);
      expect(said).to.include(why);
    });
  }

  /** A department's peer that signs as it likes. */
  function signingBy(mspId: string, sign: (data: Uint8Array) => Uint8Array): SigningIdentity {
    const liar: SigningIdentity = Object.create(ledger.peer(mspId), { sign: { value: sign } });
    return liar;
  }
});

/** The same transaction under an id that its creator likes better. */
function withId({ envelope }: ForgedTransaction, id: string): ForgedTransaction {
  const { payload, signature } = Envelope.decode(envelope);
  const { header, data } = Payload.decode(payload);
  const channelHeader = ChannelHeader.encode({
    ...ChannelHeader.decode(header?.channelHeader ?? new Uint8Array()),
    txId: id,
  });
  const altered = Payload.encode({ header: { ...header, channelHeader }, data });
  return { transactionId: id, envelope: Envelope.encode({ payload: altered, signature }) };
}
