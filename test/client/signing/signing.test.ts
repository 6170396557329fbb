import { Client, credentials } from "@grpc/grpc-js";
import { connect, hash } from "@hyperledger/fabric-gateway";
import { canonicalJson } from "@wanlian/model/canonical.js";
import type { TransactionId } from "@wanlian/model/identifiers.js";
import type { Act, BasisEntry } from "@wanlian/model/kernel/act.js";
import { RELEASED } from "@wanlian/model/models.js";
import { concatBytes } from "@wanlian/protocol/bytes.js";
import { Envelope, Header, Payload } from "@wanlian/protocol/messages/common.js";
import { ProposedTransaction } from "@wanlian/protocol/messages/gateway.js";
import { ChaincodeProposalPayload, Proposal } from "@wanlian/protocol/messages/proposal.js";
import { ChaincodeActionPayload, Transaction } from "@wanlian/protocol/messages/transaction.js";
import { transactionId } from "@wanlian/protocol/transaction/ids.js";
import {
  type Approved,
  checkAccessRequest,
  checkProposal,
  checkTransaction,
  type Decided,
  type Holder,
  logInStatement,
  SigningRefusal,
} from "@wanlian/signing/index.js";
import { type AccessRequest, statementBytes } from "@wanlian/verify";
import { expect } from "chai";
import { type Forgery, forge } from "../../attacks/forge.js";
import {
  CHAINCODE,
  CHANNEL,
  openPolicy,
  publishDemand,
  TestLedger,
  type TestOfficer,
  tick,
  writesOf,
} from "../test-ledger.js";

/** What a node would have signed: a proposal, and the transaction that endorsers made of it. */
interface Asked {
  readonly proposal: Uint8Array;
  readonly transaction: Uint8Array;
}

describe("what an officer's key signs", () => {
  let ledger: TestLedger;
  let officer: TestOfficer;
  let other: TestOfficer;
  let holder: Holder;
  let decided: Decided;
  let honest: Forgery;
  let nonce: Uint8Array;
  let id: TransactionId;

  before(async () => {
    ledger = await TestLedger.opened();
    officer = await ledger.officer("CivilMSP", "1001", "user");
    other = await ledger.officer("CivilMSP", "1002", "user");
    const certificate = Buffer.from(officer.signer.certificate).toString();
    holder = { channel: CHANNEL, chaincode: CHAINCODE, mspId: "CivilMSP", certificate };
    const command = publishDemand("register of births");
    decided = { noun: "demand", type: "publish", case: null, body: command.body, seen: undefined };
    nonce = officer.identity.nonce();
    id = transactionId(nonce, officer.identity.creator) as TransactionId;
    const act = ledger.decide(officer, command, id);
    const basis: readonly BasisEntry[] = act.basis.filter(({ noun }) => noun !== "demand");
    honest = {
      channel: CHANNEL,
      chaincode: CHAINCODE,
      creator: officer.identity,
      endorsers: [ledger.peer("BureauMSP"), ledger.peer("CivilMSP")],
      timestamp: Date.UTC(2026, 2, 2),
      args: ["demand:publish", canonicalJson({ case: null, body: command.body, basis })],
      sets: { [CHAINCODE]: writesOf(act, id) },
    };
  });

  after(() => ledger.remove());

  function ask(changes: Partial<Forgery> = {}, own = nonce): Asked {
    const { envelope } = forge({ ...honest, ...changes }, own);
    const { payload } = Envelope.decode(envelope);
    const { header } = Payload.decode(payload);
    if (header === undefined) throw new Error("no header");
    const input = ChaincodeProposalPayload.encode(ChaincodeProposalPayload.decode(proposalPayloadOf(envelope)));
    return { proposal: Proposal.encode({ header: Header.encode(header), payload: input }), transaction: payload };
  }

  const approve = (asked: Asked, by: Decided = decided, own: Holder = holder): Approved =>
    checkProposal(asked.proposal, by, own);
  const sign = (asked: Asked, approved = approve(ask())) =>
    checkTransaction(asked.transaction, approved, holder, ledger.heads, RELEASED);
  const refusal = (work: () => unknown): string => {
    try {
      work();
    } catch (error) {
      if (error instanceof SigningRefusal) return error.code;
      throw error;
    }
    return "signed";
  };

  it("is a proposal that says what was decided, and the transaction that endorsers made of it", () => {
    const approved = approve(ask());
    expect(approved.transactionId).to.equal(transactionId(nonce, officer.identity.creator));
    expect(refusal(() => sign(ask(), approved))).to.equal("signed");
  });

  it("is no proposal that differs in anything from what was decided", () => {
    const args = (changes: object) => [
      "demand:publish",
      canonicalJson({ ...(JSON.parse(honest.args[1] ?? "") as object), ...changes }),
    ];
    const lies: [string, Partial<Forgery>][] = [
      ["OTHER_CHANNEL", { channel: "another" }],
      ["OTHER_CONTRACT", { chaincode: "another" }],
      ["OTHER_CREATOR", { creator: other.identity }],
      ["OTHER_COMMAND", { args: ["demand:withdraw", honest.args[1] ?? ""] }],
      ["OTHER_CASE", { args: args({ case: "a".repeat(64) }) }],
      ["OTHER_CONTENT", { args: args({ body: publishDemand("register of deaths").body }) }],
      ["OTHER_CONTENT", { args: args({ body: { ...(decided.body as object), addressee: "BureauMSP" } }) }],
      ["HIDDEN_CONTENT", { args: [...honest.args, "more"] }],
      ["UNREADABLE", { args: ["demand:publish", `${honest.args[1]} `] }],
      ["UNREADABLE", { args: ["demand:publish", (honest.args[1] ?? "").replace("{", '{"case":"x",')] }],
      ["UNREADABLE", { args: ["demand:publish", "null"] }],
      ["UNREADABLE", { args: ["demand:publish"] }],
    ];
    for (const [code, changes] of lies)
      expect(
        refusal(() => approve(ask(changes))),
        code,
      ).to.equal(code);
    expect(refusal(() => approve(ask()))).to.equal("signed");
  });

  it("is no proposal with data beside it that stands nowhere, nor bytes that are none", () => {
    const { proposal } = ask();
    const { header, payload } = Proposal.decode(proposal);
    const transientMap = new Map([["hidden", Buffer.from("something")]]);
    const hidden = ChaincodeProposalPayload.encode({ ...ChaincodeProposalPayload.decode(payload), transientMap });
    const asked = { proposal: Proposal.encode({ header, payload: hidden }), transaction: new Uint8Array() };
    expect(refusal(() => approve(asked))).to.equal("HIDDEN_CONTENT");
    for (const bytes of [new Uint8Array(), Buffer.from("{}"), proposal.subarray(1), concatBytes(proposal, proposal)])
      expect(refusal(() => approve({ ...asked, proposal: bytes }))).not.to.equal("signed");
  });

  it("is what Fabric's own client library makes of the decision", async () => {
    const client = new Client("127.0.0.1:1", credentials.createInsecure());
    const identity = { mspId: "CivilMSP", credentials: officer.signer.certificate };
    const gateway = connect({ client, identity, hash: hash.none });
    try {
      const [name = "", ...args] = honest.args;
      const contract = gateway.getNetwork(CHANNEL).getContract(CHAINCODE);
      const { proposal } = ProposedTransaction.decode(contract.newProposal(name, { arguments: args }).getBytes());
      const asked = { proposal: proposal?.proposalBytes ?? new Uint8Array(), transaction: new Uint8Array() };
      expect(refusal(() => approve(asked))).to.equal("signed");
    } finally {
      gateway.close();
      client.close();
    }
  });

  it("is nothing on a case that has moved since the officer decided", () => {
    const withdrawn = "b".repeat(64);
    const basis = [{ noun: "demand", case: withdrawn, act: 2, next: 3 }];
    const args = ["demand:withdraw", canonicalJson({ case: withdrawn, body: {}, basis })];
    const withdrawal = (seen: number): Decided => ({
      noun: "demand",
      type: "withdraw",
      case: withdrawn,
      body: {},
      seen,
    });
    expect(refusal(() => approve(ask({ args }), withdrawal(1)))).to.equal("OTHER_TIME");
    expect(refusal(() => approve(ask({ args }), withdrawal(2)))).to.equal("signed");
  });

  it("is no transaction of another proposal", () => {
    const again = officer.identity.nonce();
    expect(refusal(() => sign(ask({}, again)))).to.equal("OTHER_PROPOSAL");
    expect(refusal(() => sign(ask({ creator: other.identity })))).to.equal("OTHER_PROPOSAL");
    expect(refusal(() => sign(ask({ args: ["demand:withdraw", honest.args[1] ?? ""] })))).to.equal("OTHER_PROPOSAL");
  });

  it("is no transaction that writes anything but the act that the rules make of the decision", () => {
    const act = ledger.decide(officer, publishDemand("another"), id);
    const honestly = honest.sets[CHAINCODE] ?? {};
    const lies: Forgery["sets"][] = [
      { [CHAINCODE]: writesOf(act, id) },
      { [CHAINCODE]: { writes: honestly.writes ?? [] } },
      { [CHAINCODE]: {} },
      { ...honest.sets, elsewhere: { writes: [{ key: "k", value: Buffer.from("v") }] } },
      { elsewhere: honestly },
    ];
    for (const sets of lies) expect(refusal(() => sign(ask({ sets })))).to.equal("OTHER_ACT");
  });

  it("is the act of the rules in force on the channel now, and of no other version of them", async () => {
    const {
      bureau: _bureau,
      founders: _founders,
      demo: _demo,
      ...opening
    } = openPolicy().body as Record<string, unknown>;
    const { calendar: _calendar, opened: _opened, ...rules } = opening;
    const later = ledger.fork();
    const bureau = await later.officer("BureauMSP", "9001", "administrator");
    const body = { ...rules, model: 2, from: "2026-03-03" };
    later.appendValid(await later.make(bureau, { noun: "policy", case: "policy", type: "amend", body }));
    const node = await later.officer("BureauMSP", "9000", "node");
    later.appendValid(await later.make(node, { ...tick("2026-03-03T01:00:00Z"), case: "clock" }));

    for (const [channel, version, other] of [
      [ledger, 1, 2],
      [later, 2, 1],
    ] as const) {
      const command = publishDemand("register of births");
      const act = channel.decide(officer, command, id);
      expect(act.schema).to.equal(version);
      const basis = act.basis.filter(({ noun }) => noun !== "demand");
      const args = ["demand:publish", canonicalJson({ case: null, body: command.body, basis })];
      const signed = (made: Act) => {
        const asked = ask({ args, sets: { [CHAINCODE]: writesOf(made, id) } });
        return refusal(() => checkTransaction(asked.transaction, approve(asked), holder, channel.heads, RELEASED));
      };
      expect(signed(act), `version ${version}`).to.equal("signed");
      expect(signed({ ...act, schema: other }), `version ${other} on ${version}`).to.equal("OTHER_ACT");
    }
  });

  it("is no transaction that nobody endorsed, or with an endorsement that its certificate did not sign", () => {
    expect(refusal(() => sign(ask({ endorsers: [] })))).to.equal("NOT_ENDORSED");
    const bureau = ledger.peer("BureauMSP");
    const forged = Object.assign(Object.create(ledger.peer("PoliceMSP")), { sign: bureau.sign.bind(bureau) });
    expect(refusal(() => sign(ask({ endorsers: [ledger.peer("BureauMSP"), forged] })))).to.equal("NOT_ENDORSED");
  });

  it("is a request for data as it was shown, whatever the node alone puts in", () => {
    const wanted = {
      channel: CHANNEL,
      provider: "PoliceMSP",
      consumer: "CivilMSP",
      officer: "1001",
      certificate: "c".repeat(64),
      dataset: "PoliceMSP/residents",
      release: "d".repeat(64),
      grant: "e".repeat(64),
      fields: ["name"],
      purpose: "verification",
      scenario: "marriage",
      way: "lookup",
      road: "gateway",
    } as Partial<AccessRequest>;
    const ledgerSeen = { height: 9, block: "f".repeat(64), time: "2026-03-02T01:00:00Z" };
    const asked = { schema: 1, ...wanted, ledger: ledgerSeen, nonce: "a".repeat(64) };
    const check = (changes: object) =>
      refusal(() => checkAccessRequest(statementBytes("access-request", { ...asked, ...changes }), wanted));
    expect(check({})).to.equal("signed");
    expect(check({ nonce: "b".repeat(64), subject: "b".repeat(64) })).to.equal("signed");
    for (const [member, lie] of Object.entries({
      channel: "another",
      provider: "BureauMSP",
      consumer: "BureauMSP",
      officer: "1002",
      certificate: "0".repeat(64),
      dataset: "PoliceMSP/cars",
      release: "0".repeat(64),
      grant: "0".repeat(64),
      fields: ["name", "address"],
      purpose: "analysis",
      scenario: "divorce",
      way: "download",
      road: "file",
      operator: "a company",
      principal: "BureauMSP",
    }))
      expect(check({ [member]: lie }), member).to.equal("OTHER_REQUEST");
    const record = statementBytes("access-record", asked);
    expect(refusal(() => checkAccessRequest(record, wanted))).to.equal("UNREADABLE");
    expect(refusal(() => checkAccessRequest(ask().proposal, wanted))).to.equal("UNREADABLE");
  });

  it("is a log-in that can pass for nothing else", () => {
    const statement = logInStatement(holder, "1001", "a".repeat(64));
    expect(Buffer.from(statement).toString()).to.match(
      /^wanlian log-in 1\n\{"channel":"pilot","department":"CivilMSP"/,
    );
    expect(refusal(() => approve({ proposal: statement, transaction: statement }))).not.to.equal("signed");
  });
});

function proposalPayloadOf(envelope: Uint8Array): Uint8Array {
  const { data } = Payload.decode(Envelope.decode(envelope).payload);
  const [action] = Transaction.decode(data).actions;
  return ChaincodeActionPayload.decode(action?.payload ?? new Uint8Array()).chaincodeProposalPayload;
}
