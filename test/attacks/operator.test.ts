import type { Act } from "@wanlian/model/kernel/act.js";
import { CertificateAuthority } from "@wanlian/network/certificates/authority.js";
import { SigningIdentity } from "@wanlian/network/certificates/signing-identity.js";
import { NetworkError } from "@wanlian/network/error.js";
import { SerializedIdentity } from "@wanlian/protocol/messages/msp.js";
import type { Desk, Filed } from "@wanlian/scripts/host/desk.js";
import { basisOf } from "@wanlian/scripts/story/basis.js";
import type { Fate } from "@wanlian/scripts/story/operator.js";
import { expect } from "chai";
import { onEveryNetwork, PILOT_START_MS } from "../pilot/shared.js";
import type { RunningPilot } from "../pilot/shared-pilot.js";
import { Attacker, deletion, overwriting, type StandingAct, sealedAct, unsealing } from "./attacker.js";
import { conditionalEntry } from "./catalogue-entry.js";

/** Trust, row "a department's operator": altered programs, every key of the department, collusion with k − 2 others. */
onEveryNetwork("attacks › one department's operator", function (shared) {
  this.timeout(60_000);
  const operatorOf = "StatisticsMSP";
  /** k is four: the operator's own department and k − 2 others are one too few. */
  const tooFew = [operatorOf, "HrssMSP", "PoliceMSP"];
  let pilot: RunningPilot;
  let attacker: Attacker;
  let steward: Desk;
  let serial = 0;

  before(async function () {
    this.timeout(PILOT_START_MS);
    pilot = await shared.opened();
    attacker = new Attacker(pilot);
    steward = await pilot.desk(operatorOf, "steward");
  });

  function ownDataset(): Promise<Filed> {
    serial += 1;
    return steward.file("datasets", conditionalEntry(`own-${serial}`));
  }

  it("cannot change, delete or unseal its own act, not with every department's endorsement", async () => {
    const { case: id } = await ownDataset();
    const [ref] = await steward.all<StandingAct>(`datasets/${id}/acts`);
    if (ref === undefined) throw new Error("the act is not on the ledger");
    const { identity } = await attacker.officer(operatorOf, "steward");
    for (const set of [overwriting(ref, { status: "forged" }), deletion(ref), unsealing(ref)]) {
      expect((await attacker.write(identity, pilot.mspIds, set)).code).to.equal("ENDORSEMENT_POLICY_FAILURE");
    }
  });

  it("cannot make an act with the endorsement of fewer than k departments, not even a legal one", async () => {
    const dataset = await ownDataset();
    const { identity } = await attacker.officer(operatorOf, "steward");
    const legal = (await steward.preview(`datasets/${dataset.case}/withdraw`)) as Act;
    for (const endorsers of [[operatorOf], tooFew]) {
      expect((await attacker.write(identity, endorsers, sealedAct(legal))).code).to.equal("ENDORSEMENT_POLICY_FAILURE");
    }
  });

  it("cannot act on another's dataset: honest contracts refuse, and nothing is written", async () => {
    const civil = await pilot.desk("CivilMSP", "steward");
    serial += 1;
    const target = await civil.file("datasets", conditionalEntry(`other-${serial}`));
    const operator = await attacker.operator(operatorOf, "steward");
    const basis = await basisOf(steward, [
      { noun: "dataset", case: target.case },
      { noun: "member", case: operatorOf },
    ]);
    for (const mspId of pilot.mspIds) {
      const input = { case: target.case, body: {}, basis };
      expect(await operator.askHonestly(pilot.peer(mspId), "dataset:withdraw", input)).to.contain("NOT_OWNER:");
    }
  });

  it("cannot mint an auditor: the role is a certificate's, the reach is the bureau's act", async () => {
    const { authority } = await attacker.authority(operatorOf);
    const roles = ["auditor", "administrator", "steward"] as const;
    const minted = await authority.issue({ kind: "identity", unit: "client", name: "9999", roles });
    const operator = attacker.operatorWith(new SigningIdentity(operatorOf, minted), "9999");
    const basis = await basisOf(steward, [{ noun: "member", case: operatorOf }]);
    const body = {
      department: operatorOf,
      officer: "9999",
      scope: { datasets: [], departments: ["CivilMSP"] },
      from: "2026-09-28T00:00:00Z",
      to: "2026-12-31T00:00:00Z",
      reason: "自封审计",
    };
    const said = await operator.askHonestly(pilot.peer("BureauMSP"), "mandate:appoint", { case: null, body, basis });
    expect(said).to.match(/NOT_PERMITTED:|NOT_OWNER:/);
  });

  it("cannot hold a legal, fully endorsed act back past a tick of the clock", async () => {
    const dataset = await ownDataset();
    const operator = await attacker.operator(operatorOf, "steward");
    const basis = await basisOf(steward, [
      { noun: "dataset", case: dataset.case },
      { noun: "member", case: operatorOf },
    ]);
    const input = JSON.stringify({ case: dataset.case, body: {}, basis });
    const peers = pilot.mspIds.map((mspId) => pilot.peer(mspId));
    const held = await operator.prepare(peers, "dataset:withdraw", [input]);
    const administrator = await pilot.desk("BureauMSP", "administrator");
    await administrator.file("clock/tick", { time: await aSecondLater(administrator) });
    expect((await operator.submit(held, pilot.peer(operatorOf))).code).to.equal("PHANTOM_READ_CONFLICT");
  });
});

/** Trust, row "an officer": a valid certificate, used against every interface. */
onEveryNetwork("attacks › an officer", function (shared) {
  this.timeout(60_000);
  let pilot: RunningPilot;
  let attacker: Attacker;

  before(async function () {
    this.timeout(PILOT_START_MS);
    pilot = await shared.opened();
    attacker = new Attacker(pilot);
  });

  it("without the role is refused by the contracts themselves, past the node", async () => {
    const operator = await attacker.operator("CivilMSP", "user");
    const basis = await basisOf(await pilot.desk("CivilMSP", "user"), [{ noun: "member", case: "CivilMSP" }]);
    const own = { noun: "dataset", case: "CivilMSP/by-a-user", act: 0, next: 1 };
    const input = { case: own.case, body: conditionalEntry("by-a-user"), basis: [own, ...basis] };
    expect(await operator.askHonestly(pilot.peer("CivilMSP"), "dataset:register", input)).to.contain("NOT_PERMITTED:");
  });

  it("cannot act as another officer by what stands before or behind its certificate", async () => {
    const { identity } = await attacker.officer("CivilMSP", "user");
    const { authority } = await CertificateAuthority.create("ca.CivilMSP", "民政局");
    const made = await authority.issue({ kind: "identity", unit: "client", name: "0201", roles: ["steward"] });
    const desk = await pilot.desk("CivilMSP", "user");
    const own = { noun: "dataset", case: "CivilMSP/by-a-thief", act: 0, next: 1 };
    const basis = [own, ...(await basisOf(desk, [{ noun: "member", case: "CivilMSP" }]))];
    const input = { case: own.case, body: conditionalEntry("by-a-thief"), basis };
    const pem = Buffer.from(SerializedIdentity.decode(identity.creator).idBytes).toString("latin1");
    for (const spelling of [`#${made.certificate}${pem}`, `${pem}${made.certificate}`, pem.replaceAll("\n", "\r\n")]) {
      const disguised = attacker.operatorWith(await attacker.disguised("CivilMSP", "user", spelling), "0201");
      const said = await disguised.askHonestly(pilot.peer("CivilMSP"), "dataset:register", input);
      // Fabric's MSP takes the identity for the user's; or the peer itself will have none of it.
      expect(said).to.match(/NOT_A_CLIENT:|access denied|creator/);
    }
  });

  it("cannot write into the lifecycle's namespace by signing it alone", async () => {
    const { identity } = await attacker.officer("CivilMSP", "steward");
    const set = { writes: [{ key: "namespaces/fields/wanlian/Sequence", value: Buffer.from([8, 9]) }] };
    const fate = await attacker.write(identity, ["CivilMSP"], set, "_lifecycle");
    expect(fate.code).to.equal("ENDORSEMENT_POLICY_FAILURE");
  });

  it("who sends the same envelope twice is counted once", async () => {
    const operator = await attacker.operator("CivilMSP", "steward");
    const desk = await pilot.desk("CivilMSP", "steward");
    const own = { noun: "dataset", case: "CivilMSP/sent-twice", act: 0, next: 1 };
    const basis = [own, ...(await basisOf(desk, [{ noun: "member", case: "CivilMSP" }]))];
    const input = JSON.stringify({ case: own.case, body: conditionalEntry("sent-twice"), basis });
    const peers = pilot.mspIds.map((mspId) => pilot.peer(mspId));
    const held = await operator.prepare(peers, "dataset:register", [input]);
    const first = await operator.submit(held, pilot.peer("CivilMSP"));
    expect(first.code).to.equal("VALID");
    expect(await secondFate(operator.submit(held, pilot.peer("CivilMSP")))).to.be.oneOf([
      "DUPLICATE_TXID",
      "not ordered",
    ]);
    await pilot.folded("CivilMSP", first.block);
    expect(await desk.all(`datasets/${own.case}/acts`)).to.have.length(1);
  });
});

/** Orderers that agree by votes know what they have ordered, and refuse it; the others put it in a block again. */
async function secondFate(submission: Promise<Fate>): Promise<string> {
  try {
    return (await submission).code;
  } catch (error) {
    if (error instanceof NetworkError && error.message.includes("request already processed")) return "not ordered";
    throw error;
  }
}

async function aSecondLater(desk: Desk): Promise<string> {
  const { case: clock } = await desk.get<{ case: { state: { time: string } } }>("clock");
  return new Date(Date.parse(clock.state.time) + 1000).toISOString().replace(".000", "");
}
