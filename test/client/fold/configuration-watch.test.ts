import type { Command } from "@wanlian/client/core/services.js";
import { NOTHING_SEEN, type WatchState, watchBlock } from "@wanlian/client/fold/configuration-watch.js";
import { Endorsers } from "@wanlian/client/fold/endorsers.js";
import { foldBlock } from "@wanlian/client/fold/fold.js";
import { HeadCache } from "@wanlian/client/fold/heads.js";
import { readBlock } from "@wanlian/client/ledger/block.js";
import { RELEASED } from "@wanlian/model/models.js";
import { ChaincodeValidationInfo, StateData } from "@wanlian/protocol/messages/lifecycle.js";
import { ApplicationPolicy } from "@wanlian/protocol/messages/policies.js";
import { expect } from "chai";
import { NOTHING_STORED } from "../../model/memory-heads.js";
import { CHAINCODE, CHANNEL, openPolicy, TestLedger, type TestOfficer } from "../test-ledger.js";

describe("comparison of configuration and acts", () => {
  let ledger: TestLedger;
  let administrator: TestOfficer;
  let heads: HeadCache;
  let state: WatchState;
  let height: number;

  beforeEach(async () => {
    ledger = await TestLedger.create();
    administrator = await ledger.officer("BureauMSP", "9001", "administrator");
    heads = new HeadCache(NOTHING_STORED);
    state = NOTHING_SEEN;
    height = 0;
  });

  afterEach(() => ledger.remove());

  async function differences(): Promise<string[][]> {
    for (const bytes of ledger.blocks.slice(height)) {
      const folded = await foldBlock(readBlock(bytes), CHAINCODE, heads, new Endorsers(CHANNEL), RELEASED);
      heads.committed();
      state = watchBlock(state, folded, CHAINCODE, RELEASED).state;
      height += 1;
    }
    return [...state.standing.values()].map(({ kind, said }) => [kind, said.en]);
  }

  /** A definition's commit, as _lifecycle writes it. */
  function define(policyReference: string): Uint8Array {
    const parameter = ApplicationPolicy.encode({ channelConfigPolicyReference: policyReference });
    const info = ChaincodeValidationInfo.encode({ validationPlugin: "vscc", validationParameter: parameter });
    const write = (field: string, value: Uint8Array) => ({ key: `namespaces/fields/${CHAINCODE}/${field}`, value });
    const writes = [
      write("Sequence", StateData.encode({ int64: 1n })),
      write("ValidationInfo", StateData.encode({ bytes: info })),
    ];
    return ledger.forge(administrator, { _lifecycle: { writes } }).envelope;
  }

  const propose = (kind: string, subject: string): Command => ({
    noun: "consortium",
    case: null,
    type: "propose",
    body: { kind, subject, name: subject },
  });
  const vote = (motion: number): Command => ({
    noun: "consortium",
    case: "consortium",
    type: "vote",
    body: { motion, vote: "inFavour" },
  });

  it("finds nothing on a channel set up as its policy says", async () => {
    ledger.append([{ envelope: define("/Channel/Application/Records"), code: 0 }]);
    await ledger.open();
    expect(await differences()).to.deep.equal([]);
    expect(state.channel?.records).to.deep.equal({ k: 2, departments: ["BureauMSP", "CivilMSP", "PoliceMSP"] });
  });

  it("raises an alarm where policy 1 does not find the configuration that it states", async () => {
    const policy = openPolicy();
    ledger.appendValid(await ledger.make(administrator, { ...policy, body: { ...policy.body, endorsers: 3 } }));
    expect(await differences()).to.deep.equal([
      ["CONFIGURATION_BEYOND_ACTS", "the policy Records asks for 2 departments; by the policy act it has to be 3"],
    ]);
  });

  it("shows as behind what a decision of the members has changed, until the configuration follows", async () => {
    await ledger.open();
    ledger.appendValid(await ledger.make(administrator, propose("admit", "HealthMSP")));
    const { state: motions } = ledger.head({ noun: "consortium", case: "consortium" });
    expect(motions).to.have.property("roster").that.has.length(3);
    const civil = await ledger.officer("CivilMSP", "9001", "administrator");
    ledger.appendValid(await ledger.make(civil, vote(1)));
    expect((await differences()).map(([kind]) => kind)).to.deep.equal(Array(3).fill("CONFIGURATION_BEHIND_ACTS"));
    expect((await differences()).map(([, message]) => message)).to.include(
      "the channel's configuration lacks HealthMSP, which is a member",
    );
  });

  it("raises an alarm when the contracts' definition leaves the policy Records", async () => {
    ledger.append([{ envelope: define("/Channel/Application/Records"), code: 0 }]);
    await ledger.open();
    ledger.append([{ envelope: define("/Channel/Application/Endorsement"), code: 0 }]);
    const [difference] = await differences();
    expect(difference?.[0]).to.equal("CONFIGURATION_BEYOND_ACTS");
    expect(difference?.[1]).to.contain("/Channel/Application/Endorsement");
    ledger.append([{ envelope: define("/Channel/Application/Records"), code: 0 }]);
    expect(await differences()).to.deep.equal([]);
  });

  it("takes no definition from a transaction that validation refused", async () => {
    await ledger.open();
    ledger.append([{ envelope: define("/Channel/Application/Endorsement"), code: 10 }]);
    expect(await differences()).to.deep.equal([]);
  });
});
