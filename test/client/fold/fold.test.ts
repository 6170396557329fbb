import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Endorsers } from "@wanlian/client/fold/endorsers.js";
import { foldBlock, type JudgedTransaction } from "@wanlian/client/fold/fold.js";
import { HeadCache } from "@wanlian/client/fold/heads.js";
import { readBlock } from "@wanlian/client/ledger/block.js";
import { canonicalBytes } from "@wanlian/model/canonical.js";
import type { TransactionId } from "@wanlian/model/identifiers.js";
import type { Act, CaseRef } from "@wanlian/model/kernel/act.js";
import { type Head, NO_ACTS } from "@wanlian/model/kernel/heads.js";
import { caseName, encodeActKey } from "@wanlian/model/kernel/key.js";
import { SEAL, VALIDATION_PARAMETER } from "@wanlian/model/kernel/seal.js";
import { RELEASED } from "@wanlian/model/models.js";
import { Organisation } from "@wanlian/network/certificates/organisation.js";
import { SigningIdentity } from "@wanlian/network/certificates/signing-identity.js";
import { TxValidationCode } from "@wanlian/protocol/messages/transaction.js";
import { expect } from "chai";
import { NOTHING_STORED } from "../../model/memory-heads.js";
import {
  CHAINCODE,
  CHANNEL,
  publishDemand,
  TestLedger,
  type TestOfficer,
  tick,
  type WriteSet,
  withdrawDemand,
  writesOf,
} from "../test-ledger.js";

/** A fold over a ledger, from block 0, that keeps everything in memory. */
class MemoryFold {
  readonly heads = new HeadCache(NOTHING_STORED);
  readonly endorsers = new Endorsers(CHANNEL);
  readonly #ledger: TestLedger;
  #height = 0;

  constructor(ledger: TestLedger) {
    this.#ledger = ledger;
    this.endorsers.configure(ledger.configuration);
  }

  /** Folds what the ledger has and gives what the last block's transactions came to. */
  async catchUp(): Promise<JudgedTransaction[]> {
    let judged: JudgedTransaction[] = [];
    for (const bytes of this.#ledger.blocks.slice(this.#height)) {
      const folded = await foldBlock(readBlock(bytes), CHAINCODE, this.heads, this.endorsers, RELEASED);
      this.heads.committed();
      judged = folded.transactions.flatMap((transaction) => transaction.judged ?? []);
      this.#height += 1;
    }
    return judged;
  }
}

const key = (act: Act, id: TransactionId, number = act.number) => encodeActKey({ ...act, number }, id);
const unsealed = (act: Act) => (id: TransactionId) => ({
  [CHAINCODE]: { writes: [{ key: key(act, id), value: canonicalBytes(act) }] },
});
const seal = (name: string) => ({ key: name, entries: [{ name: VALIDATION_PARAMETER, value: SEAL }] });

describe("fold", () => {
  let ledger: TestLedger;
  let fold: MemoryFold;
  let user: TestOfficer;
  let demand: CaseRef;

  before(async () => {
    ledger = await TestLedger.opened();
    fold = new MemoryFold(ledger);
    user = await ledger.officer("CivilMSP", "1001", "user");
  });

  beforeEach(async () => {
    const made = await ledger.make(user, publishDemand("births"));
    demand = { noun: "demand", case: made.transactionId };
    ledger.appendValid(made);
    await fold.catchUp();
  });

  after(() => ledger.remove());

  it("counts what the model gives, with the ledger's time", async () => {
    const made = await ledger.make(user, withdrawDemand(demand.case));
    ledger.appendValid(made);
    const [judged] = await fold.catchUp();
    expect(judged).to.include({ counted: true, time: "2026-03-02T01:00:00Z", officer: "1001" });
    expect(judged?.endorsers).to.deep.equal(["BureauMSP", "CivilMSP"]);
    expect(await fold.heads.head(demand)).to.deep.equal(ledger.head(demand));
  });

  it("judges a block's acts one after the other", async () => {
    const first = await ledger.make(user, publishDemand("deaths"));
    const tickMade = await ledger.make(await ledger.officer("BureauMSP", "9000", "node"), tick("2026-03-02T01:10:00Z"));
    ledger.count(first.act, first.transactionId);
    ledger.count(tickMade.act, tickMade.transactionId);
    ledger.append([first, tickMade].map(({ envelope }) => ({ envelope, code: 0 })));
    expect((await fold.catchUp()).map(({ counted }) => counted)).to.deep.equal([true, true]);
    const late = ledger.forge(user, (id) => ({
      [CHAINCODE]: writesOf({ ...first.act, case: "f".repeat(64) }, id),
    }));
    ledger.append([{ envelope: late.envelope, code: 0 }]);
    expect((await fold.catchUp())[0]).to.include({ counted: false });
  });

  it("takes nothing from what validation refused", async () => {
    const made = await ledger.make(user, withdrawDemand(demand.case));
    ledger.append([{ envelope: made.envelope, code: TxValidationCode.MVCC_READ_CONFLICT }]);
    expect(await fold.catchUp()).to.deep.equal([]);
    expect(await fold.heads.head(demand)).to.deep.equal(ledger.head(demand));
  });

  it("takes nothing from other namespaces", async () => {
    const { act } = await ledger.make(user, withdrawDemand(demand.case));
    ledger.append([{ envelope: ledger.forge(user, (id) => ({ other: writesOf(act, id) })).envelope, code: 0 }]);
    expect(await fold.catchUp()).to.deep.equal([]);
  });

  interface Attack {
    readonly name: string;
    readonly code: string;
    readonly by?: { readonly mspId: string; readonly roles: readonly "user"[] };
    /** The write set, given the act that the model would allow its author. */
    readonly writes: (act: Act, id: TransactionId) => WriteSet;
    /** Numbers of the case that it uses up. */
    readonly used: (act: Act) => readonly number[];
  }

  const own = (act: Act) => [act.number];
  const attacks: readonly Attack[] = [
    {
      name: "an act without its seal",
      code: "UNSEALED",
      writes: (act, id) => ({ writes: [{ key: key(act, id), value: canonicalBytes(act) }] }),
      used: own,
    },
    {
      name: "an act with a seal that can be opened",
      code: "UNSEALED",
      writes: (act, id) => ({
        ...writesOf(act, id),
        metadataWrites: [{ key: key(act, id), entries: [{ name: VALIDATION_PARAMETER, value: new Uint8Array([1]) }] }],
      }),
      used: own,
    },
    {
      name: "two acts in one transaction",
      code: "WRONG_WRITES",
      writes: (act, id) => ({
        writes: [0, 1].map((more) => ({ key: key(act, id, act.number + more), value: canonicalBytes(act) })),
        metadataWrites: [seal(key(act, id))],
      }),
      used: (act) => [act.number, act.number + 1],
    },
    {
      name: "a delete",
      code: "WRONG_WRITES",
      writes: (act, id) => ({ writes: [{ key: key(act, id), isDelete: true }] }),
      used: own,
    },
    {
      name: "an act in another's name",
      code: "WRONG_AUTHOR",
      writes: (act, id) =>
        writesOf({ ...act, author: { ...act.author, officer: "7777" as Act["author"]["officer"] } }, id),
      used: own,
    },
    {
      name: "a squatted number",
      code: "WRONG_NUMBER",
      writes: (act, id) => writesOf({ ...act, number: act.number + 1 }, id),
      used: (act) => [act.number + 1],
    },
    {
      name: "an act on another basis",
      code: "MOVED",
      writes: (act, id) =>
        writesOf({ ...act, basis: act.basis.map((entry) => ({ ...entry, next: (entry.next ?? 0) + 1 })) }, id),
      used: own,
    },
    {
      name: "an act that leaves a case out of its basis",
      code: "WRONG_BASIS",
      writes: (act, id) => writesOf({ ...act, basis: act.basis.slice(1) }, id),
      used: own,
    },
    {
      name: "a state that the model does not give",
      code: "WRONG_VALUE",
      writes: (act, id) => writesOf({ ...act, state: { ...act.state, status: "matched" } }, id),
      used: own,
    },
    {
      name: "a step that the table does not allow",
      code: "NOT_OWNER",
      writes: (act, id) => writesOf({ ...act, type: "decline", body: { reasons: { digest: "a".repeat(64) } } }, id),
      used: own,
    },
    {
      name: "a key outside the acts",
      code: "UNKNOWN_KEY",
      writes: () => ({ writes: [{ key: "backdoor", value: Buffer.from("1") }], metadataWrites: [seal("backdoor")] }),
      used: () => [],
    },
    {
      name: "a value that is no act",
      code: "UNREADABLE",
      writes: (act, id) => ({ ...writesOf(act, id), writes: [{ key: key(act, id), value: Buffer.from("{}") }] }),
      used: own,
    },
  ];

  for (const attack of attacks) {
    it(`voids ${attack.name} and names its endorsers`, async () => {
      const act = ledger.decide(user, withdrawDemand(demand.case), "0".repeat(64));
      const endorsers = ["CivilMSP", "PoliceMSP"];
      const forged = ledger.forge(user, (id) => ({ [CHAINCODE]: attack.writes(act, id) }), { endorsers });
      ledger.append([{ envelope: forged.envelope, code: 0 }]);
      ledger.use(demand, ...attack.used(act));
      const [judged] = await fold.catchUp();
      expect(judged).to.include({ counted: false, transactionId: forged.transactionId });
      expect(judged?.counted === false && judged.code).to.equal(attack.code);
      expect(judged?.endorsers).to.deep.equal(endorsers);
      const head = await fold.heads.head(demand);
      expect(head).to.deep.equal(ledger.head(demand));
      expect(head.act).to.equal(1);
      expect(head.state?.status).to.equal("published");
    });
  }

  it("goes on behind a void number", async () => {
    const squatted = ledger.decide(user, withdrawDemand(demand.case), "0".repeat(64));
    ledger.append([{ envelope: ledger.forge(user, unsealed(squatted)).envelope, code: 0 }]);
    ledger.use(demand, squatted.number);
    ledger.appendValid(await ledger.make(user, withdrawDemand(demand.case)));
    const [judged] = await fold.catchUp();
    expect(judged).to.include({ counted: true });
    expect(await fold.heads.head(demand)).to.include({ act: 3, next: 4 });
  });

  it("names nobody whose endorsement is not signed by the department's own peer", async () => {
    const { act } = await ledger.make(user, withdrawDemand(demand.case));
    const stranger = await Organisation.create(
      join(tmpdir(), `wanlian-stranger-${process.pid}`),
      "PoliceMSP",
      "police",
    );
    const impostor = await stranger.identities.issue({ kind: "identity", unit: "peer", name: "peer0" });
    const endorsers = ["BureauMSP", new SigningIdentity("PoliceMSP", impostor)];
    ledger.append([{ envelope: ledger.forge(user, unsealed(act), { endorsers }).envelope, code: 0 }]);
    ledger.use(demand, act.number);
    expect((await fold.catchUp())[0]?.endorsers).to.deep.equal(["BureauMSP"]);
    await rm(stranger.directory, { recursive: true });
  });

  it("voids an act whose creator is a peer, not an officer", async () => {
    const { act } = await ledger.make(user, withdrawDemand(demand.case));
    const peer: TestOfficer = { ...user, identity: ledger.peer("CivilMSP") };
    ledger.append([{ envelope: ledger.forge(peer, (id) => ({ [CHAINCODE]: writesOf(act, id) })).envelope, code: 0 }]);
    ledger.use(demand, act.number);
    expect((await fold.catchUp())[0]).to.include({ counted: false, code: "NOT_A_CLIENT" });
  });

  it("finds the same whether heads are remembered or loaded", async () => {
    const { heads: remembering, endorsers } = new MemoryFold(ledger);
    const stored = new Map<string, Head>();
    for (const bytes of ledger.blocks) {
      const block = readBlock(bytes);
      const loading = new HeadCache({ ...NOTHING_STORED, load: async (ref) => stored.get(caseName(ref)) ?? NO_ACTS });
      const folded = await foldBlock(block, CHAINCODE, remembering, endorsers, RELEASED);
      const foldedAgain = await foldBlock(block, CHAINCODE, loading, endorsers, RELEASED);
      expect(foldedAgain.verdicts).to.equal(folded.verdicts);
      expect(foldedAgain.heads).to.deep.equal(folded.heads);
      remembering.committed();
      for (const { ref, head } of folded.heads) stored.set(caseName(ref), head);
    }
  });
});
