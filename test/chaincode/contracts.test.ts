import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { canonicalBytes } from "@wanlian/model/canonical.js";
import type { Day, TransactionId } from "@wanlian/model/identifiers.js";
import { basisEntry } from "@wanlian/model/kernel/heads.js";
import { encodeActKey } from "@wanlian/model/kernel/key.js";
import { SEAL } from "@wanlian/model/kernel/seal.js";
import { RELEASED } from "@wanlian/model/models.js";
import { dayOf, instantOf, weekdayOf, yearOf } from "@wanlian/model/time/instant.js";
import type { SigningIdentity } from "@wanlian/network/certificates/signing-identity.js";
import { expect } from "chai";
import {
  DIVISIONS,
  divisions,
  founding,
  note,
  objection,
  officers,
  POLICY_1,
  release,
  YEAR_2026,
} from "../model/bodies.js";
import { actorOf, Channel, Departments, refusalIn } from "./channel.js";
import { ContractsHere } from "./contracts-here.js";
import { PeerStub } from "./peer-stub.js";

const OPENING = "2026-09-28T01:00:00Z";

/** The version after the newest. */
const LACKED = RELEASED.latest.version + 1;

describe("contracts, through a real shim", () => {
  const departments = new Departments();
  let directory: string;
  let genesis: string;
  let voids: string;
  let chaincode: ContractsHere;
  let peer: PeerStub;
  let bureau: SigningIdentity;
  let civil: SigningIdentity;
  let health: SigningIdentity;

  before(async () => {
    directory = await mkdtemp(join(tmpdir(), "wanlian-contracts-"));
    genesis = join(directory, "policy.json");
    voids = join(directory, "void.jsonl");
    chaincode = await ContractsHere.start({ genesisPolicy: genesis, voidCases: voids });
    [bureau, civil, health] = await Promise.all([
      departments.issue("BureauMSP"),
      departments.issue("CivilMSP"),
      departments.issue("HealthMSP"),
    ]);
  });

  beforeEach(async () => {
    await rm(voids, { force: true });
    await writeFile(genesis, JSON.stringify({ ...POLICY_1, ...founding }));
    peer = await PeerStub.connect(chaincode.address);
  });

  afterEach(() => peer.close());

  after(async () => {
    chaincode.stop();
    await rm(directory, { recursive: true, force: true });
  });

  /** A demo channel with its founders' member acts. */
  async function opened(): Promise<Channel> {
    const channel = new Channel(peer);
    await channel.act(bureau, { noun: "policy", type: "open", body: { ...POLICY_1, ...founding } });
    await channel.act(bureau, { noun: "clock", type: "tick", body: { time: OPENING } });
    for (const founder of [bureau, civil, health]) {
      await channel.act(founder, { noun: "member", type: "join", body: officers });
    }
    return channel;
  }

  async function withDataset(): Promise<Channel> {
    const channel = await opened();
    await channel.act(civil, { noun: "dataset", type: "register", body: divisions });
    return channel;
  }

  const withdraw = { noun: "dataset", type: "withdraw", case: DIVISIONS } as const;

  it("read the act of each case in the basis, the absence of the next where it may move, and write one sealed key", async () => {
    const channel = await withDataset();
    const { case: first } = await channel.act(civil, { noun: "release", type: "register", body: release });
    const raise = { noun: "objection", type: "raise", body: objection(first) } as const;
    const simulation = await channel.endorse(health, raise);
    const id = simulation.transaction as TransactionId;
    const own = encodeActKey({ noun: "objection", case: id, number: 1 }, id);
    const relied = [
      { noun: "policy", case: "policy" },
      { noun: "clock", case: "clock" },
      { noun: "member", case: "HealthMSP" },
    ].map((ref) => ({ ref, head: channel.world.head(ref) }));
    const origin = encodeActKey({ noun: "release", case: first, number: 1 }, first as TransactionId);
    expect([...simulation.reads].sort()).to.deep.equal(
      [
        origin,
        ...relied.map(({ ref, head }) => encodeActKey({ ...ref, number: head.act }, head.transaction ?? id)),
      ].sort(),
    );
    const rangeOf = (noun: string, of: string, number: number) =>
      ["", noun, of, String(number).padStart(10, "0"), ""].join("\u0000");
    expect([...simulation.ranges].sort()).to.deep.equal(
      [rangeOf("objection", id, 1), ...relied.map(({ ref, head }) => rangeOf(ref.noun, ref.case, head.next))].sort(),
    );
    expect([...simulation.writes.keys()]).to.deep.equal([own]);
    expect([...simulation.metadata]).to.deep.equal([[own, { name: "VALIDATION_PARAMETER", value: Buffer.from(SEAL) }]]);
    expect(Buffer.from(simulation.writes.get(own) ?? []).toString()).to.equal(simulation.payload);
    expect(channel.commit(health, simulation).valid).to.equal(true);
  });

  it("carry an objection through, each act one that the fold counts", async () => {
    const channel = await withDataset();
    const { case: first } = await channel.act(civil, { noun: "release", type: "register", body: release });
    const { case: id } = await channel.act(health, { noun: "objection", type: "raise", body: objection(first) });
    const step = (identity: SigningIdentity, type: string, body: object = {}) =>
      channel.act(identity, { noun: "objection", type, case: id, body });
    await step(civil, "accept");
    await step(civil, "conclude", { outcome: "substantiated", reasons: note });
    const correction = { ...release, revises: first, objection: id };
    const { case: second } = await channel.act(civil, { noun: "release", type: "register", body: correction });
    await step(civil, "correct", { release: second });
    await step(health, "confirm");
    expect(channel.world.state("objection", id).status).to.equal("closed");
  });

  it("answer twice alike, to the byte", async () => {
    const channel = await withDataset();
    const nonce = civil.nonce();
    const args = [channel.input(civil, withdraw)];
    const call = { creator: civil, contract: "dataset:withdraw", args, nonce };
    const [once, again] = [await peer.simulate(call), await peer.simulate(call)];
    expect(again).to.deep.equal(once);
    expect(once.status).to.equal(200);
  });

  describe("refuse with a stable code, and nothing written", () => {
    it("what is malformed, unknown or too large", async () => {
      const channel = await withDataset();
      const refusal = (input: string) => channel.refusal(civil, withdraw, input);
      const { basis } = JSON.parse(channel.input(civil, withdraw));
      expect(await refusal("{")).to.equal("INVALID_INPUT");
      expect(await refusal("null")).to.equal("INVALID_INPUT");
      expect(await refusal(JSON.stringify({ case: DIVISIONS, body: {} }))).to.equal("INVALID_INPUT");
      expect(await refusal(JSON.stringify({ case: DIVISIONS, body: { sudo: true }, basis }))).to.equal("INVALID_INPUT");
      expect(await refusal(JSON.stringify({ case: "a\u0000b", body: {}, basis }))).to.equal("INVALID_INPUT");
      expect(await refusal(JSON.stringify({ case: DIVISIONS, body: {}, basis, actor: bureau.mspId }))).to.equal(
        "INVALID_INPUT",
      );
      expect(await refusal(JSON.stringify({ case: DIVISIONS, body: { x: "x".repeat(65_536) }, basis }))).to.equal(
        "TOO_LARGE",
      );
      const unknown = await peer.simulate({ creator: civil, contract: "dataset:seize", args: ["{}"] });
      expect(unknown.status).to.equal(500);
      expect(unknown.writes.size).to.equal(0);
    });

    it("who is no officer, no member, not the owner, or has not the role", async () => {
      const channel = await withDataset();
      const input = channel.input(civil, withdraw);
      const peerOfCivil = await departments.issue("CivilMSP", [], "peer");
      const nameless = await departments.issue("CivilMSP", ["steward"], "client", "王小明");
      const userOfCivil = await departments.issue("CivilMSP", ["user"]);
      const stranger = await departments.issue("TaxMSP");
      expect(await channel.refusal(peerOfCivil, withdraw, input)).to.equal("NOT_A_CLIENT");
      expect(await channel.refusal(nameless, withdraw, input)).to.equal("NOT_A_CLIENT");
      expect(await channel.refusal(userOfCivil, withdraw)).to.equal("NOT_PERMITTED");
      expect(await channel.refusal(health, withdraw)).to.equal("NOT_OWNER");
      expect(await channel.refusal(stranger, withdraw)).to.equal("NOT_A_MEMBER");
    });

    it("what has moved, what this peer does not have yet, and a basis of other cases", async () => {
      const channel = await withDataset();
      const stale = channel.input(civil, withdraw);
      const rebased = (change: (entry: { noun: string; act: number; next: number }) => object) => {
        const { basis, ...rest } = JSON.parse(stale);
        return JSON.stringify({ ...rest, basis: basis.map(change) });
      };
      await channel.act(bureau, { noun: "clock", type: "tick", body: { time: "2026-09-28T01:00:01Z" } });
      expect(await channel.refusal(civil, withdraw, stale)).to.equal("MOVED");
      expect((await channel.endorse(civil, withdraw, stale)).closed, "ranges left before their end").to.equal(1);
      expect((await channel.endorse(civil, withdraw)).closed, "ranges read to their end").to.equal(0);
      const ahead = rebased((entry) => (entry.noun === "clock" ? { ...entry, act: 3, next: 4 } : entry));
      expect(await channel.refusal(civil, withdraw, ahead)).to.equal("NOT_YET");
      const gap = rebased((entry) => (entry.noun === "dataset" ? { ...entry, next: 3 } : entry));
      expect(await channel.refusal(civil, withdraw, gap)).to.equal("NOT_YET");
      const { basis, ...rest } = JSON.parse(channel.input(civil, withdraw));
      const fewer = JSON.stringify({ ...rest, basis: basis.slice(0, -1) });
      expect(await channel.refusal(civil, withdraw, fewer)).to.equal("WRONG_BASIS");
      const more = JSON.stringify({ ...rest, basis: [...basis, { noun: "log", case: "CivilMSP", act: 0, next: 1 }] });
      expect(await channel.refusal(civil, withdraw, more)).to.equal("WRONG_BASIS");
    });

    it("a policy 1 other than this endorser's own, and one under a model it lacks", async () => {
      const channel = new Channel(peer);
      const open = (change: object) =>
        channel.refusal(bureau, { noun: "policy", type: "open", body: { ...POLICY_1, ...founding, ...change } });
      expect(await open({ demo: false })).to.equal("WRONG_GENESIS");
      expect(await open({ founders: ["BureauMSP"] })).to.equal("WRONG_GENESIS");
      expect(await open({ model: LACKED })).to.equal("UNKNOWN_MODEL");
      const usurped = { noun: "policy", type: "open", body: { ...POLICY_1, ...founding } } as const;
      expect(await channel.refusal(civil, usurped)).to.equal("NOT_OWNER");
      const ready = await opened();
      const amending = (model: number, from: string) =>
        ({ noun: "policy", type: "amend", body: { ...POLICY_1, model, from } }) as const;
      for (let model = 2; model < LACKED; model += 1) await ready.act(bureau, amending(model, `2026-10-0${model}`));
      expect(await ready.refusal(bureau, amending(LACKED, "2026-10-30"))).to.equal("UNKNOWN_MODEL");
    });
  });

  it("endorse acts of the policy that name no version: a year announced, the bureau's role offered and taken over", async () => {
    const channel = await opened();
    const policy = (who: SigningIdentity, type: string, body: object) =>
      channel.act(who, { noun: "policy", type, case: "policy", body });
    await policy(bureau, "announce", { ...YEAR_2026, makeUpDays: [] });
    await policy(bureau, "handOver", { department: "CivilMSP" });
    await policy(civil, "takeOver", {});
  });

  it("pass over a number only if their own node has found it void", async () => {
    const channel = await withDataset();
    const honest = await channel.endorse(civil, withdraw);
    const squatted = encodeActKey({ noun: "dataset", case: DIVISIONS, number: 2 }, honest.transaction as TransactionId);
    const forged = new Map([[squatted, Buffer.from("{}")]]);
    channel.commit(civil, { ...honest, writes: forged, metadata: new Map() });
    expect(channel.world.head({ noun: "dataset", case: DIVISIONS })).to.include({ act: 1, next: 3 });
    expect(await channel.refusal(civil, withdraw)).to.equal("NOT_YET");

    const ref = { noun: "dataset", case: DIVISIONS };
    await writeFile(voids, `${JSON.stringify(basisEntry(ref, channel.world.head(ref)))}\n`);
    const { basis, ...rest } = JSON.parse(channel.input(civil, withdraw));
    const onVoid = basis.map((entry: { noun: string }) =>
      entry.noun === "dataset" ? { ...entry, act: 2, transaction: honest.transaction } : entry,
    );
    const input = JSON.stringify({ ...rest, basis: onVoid });
    expect(await channel.refusal(civil, withdraw, input)).to.equal("VOID_BASIS");
    // What was written without a seal can be deleted again; the number stays used.
    peer.state.delete(squatted);
    const again = basis.map((entry: { noun: string }) => (entry.noun === "dataset" ? { ...entry, next: 2 } : entry));
    expect(await channel.refusal(civil, withdraw, JSON.stringify({ ...rest, basis: again }))).to.equal("MOVED");
    const act = await channel.act(civil, withdraw);
    expect(act.number).to.equal(3);
  });

  it("rely on no case's origin that their own node has found void", async () => {
    const channel = await withDataset();
    const { case: real } = await channel.act(civil, { noun: "release", type: "register", body: release });
    const honest = await channel.endorse(civil, withdraw);
    const ref = { noun: "release", case: honest.transaction };
    const key = encodeActKey({ ...ref, number: 1 }, honest.transaction as TransactionId);
    const value = canonicalBytes({ schema: 1, state: channel.world.state("release", real) });
    const forged = new Map([[key, value]]);
    channel.commit(civil, { ...honest, writes: forged, metadata: new Map() });
    await writeFile(voids, `${JSON.stringify(basisEntry(ref, channel.world.head(ref)))}\n`);

    const raise = { noun: "objection", type: "raise", body: objection(real) } as const;
    const onVoid = channel.input(health, raise).replaceAll(real, ref.case);
    expect(await channel.refusal(health, raise, onVoid)).to.equal("VOID_BASIS");
    await channel.act(health, raise);
  });

  it("outside a demo refuse a tick off their own clock, and every act while the clock is old", async () => {
    const now = Date.now();
    const at = (seconds: number) => instantOf(now + seconds * 1000);
    const opened = at(-3600);
    const year = yearOf(dayOf(opened));
    const week = Array.from({ length: 7 }, (_, day) => `${year}-05-0${day + 1}` as Day);
    const holidays = week.filter((day) => weekdayOf(day) === 2);
    const calendar = [{ year, notice: "made up: one Tuesday off", holidays, makeUpDays: [] }];
    const body = { ...POLICY_1, ...founding, calendar, demo: false, opened };
    await writeFile(genesis, JSON.stringify(body));
    const channel = new Channel(peer);
    const tick = (seconds: number) => ({ noun: "clock", type: "tick", body: { time: at(seconds) } }) as const;
    await channel.act(bureau, { noun: "policy", type: "open", body });
    expect(await channel.refusal(bureau, tick(-120))).to.equal("CLOCK_OFF");
    expect(await channel.refusal(bureau, tick(120))).to.equal("CLOCK_OFF");
    await channel.act(bureau, tick(-20));
    expect(await channel.refusal(bureau, tick(20))).to.equal("TOO_EARLY");
    await channel.act(civil, { noun: "member", type: "join", body: officers });

    const old = new Channel(peer);
    peer.state.clear();
    await old.act(bureau, { noun: "policy", type: "open", body });
    // A tick that was right when it was made, twenty minutes ago.
    const simulation = await old.endorse(bureau, tick(-20));
    const aged = JSON.parse(simulation.payload);
    aged.body.time = at(-1200);
    aged.state.time = at(-1200);
    const [key] = simulation.writes.keys();
    const verdict = old.commit(bureau, { ...simulation, writes: new Map([[key ?? "", canonicalBytes(aged)]]) });
    expect(verdict.valid).to.equal(true);
    const join = { noun: "member", type: "join", body: officers } as const;
    expect(await old.refusal(civil, join)).to.equal("STALE_CLOCK");
    await old.act(bureau, tick(-10));
    await old.act(civil, join);
  });

  it("answer queries: an act, a case's head, a page", async () => {
    const channel = await withDataset();
    const query = async (method: string, ...args: string[]) => {
      const simulation = await peer.simulate({ creator: health, contract: `acts:${method}`, args });
      expect(simulation.writes.size).to.equal(0);
      if (simulation.status !== 200) return refusalIn(simulation);
      return JSON.parse(simulation.payload);
    };
    for (let second = 1; second <= 6; second += 1) {
      await channel.act(bureau, { noun: "clock", type: "tick", body: { time: `2026-09-28T02:00:0${second}Z` } });
      expect(await query("head", "clock", "clock"), "however many acts").to.include({ next: second + 2 });
    }
    const { transaction } = channel.world.head({ noun: "dataset", case: DIVISIONS });
    const registered = channel.world.acts.find(({ noun }) => noun === "dataset");
    expect(await query("act", "dataset", DIVISIONS, "1")).to.deep.equal([{ transaction, act: registered }]);
    expect(await query("act", "dataset", DIVISIONS, "2")).to.equal("NOT_FOUND");
    expect(await query("act", "Treasure", DIVISIONS, "2")).to.equal("INVALID_INPUT");
    const head = await query("head", "clock", "clock");
    expect(head).to.include({ next: 8 });
    expect(head.acts[0].act.number).to.equal(7);
    expect(await query("head", "clock", "none")).to.deep.equal({ acts: [], next: 1 });
    const page = await query("page", "clock", "clock", "3", "3");
    expect(page.acts.map(({ act }: { act: { number: number } }) => act.number)).to.deep.equal([3, 4, 5]);
    expect(page.next).to.equal(6);
    expect((await query("page", "clock", "clock", "6", "100")).next).to.equal(null);
    expect(await query("page", "clock", "clock", "0", "3")).to.equal("INVALID_INPUT");
  });

  it("have a method for every command of the tables, described in their metadata", async () => {
    const call = { creator: health, contract: "org.hyperledger.fabric:GetMetadata", args: [] };
    const { contracts } = JSON.parse((await peer.simulate(call)).payload);
    const nouns = RELEASED.latest.nouns;
    const others = ["acts", "org.hyperledger.fabric"];
    expect(Object.keys(contracts)).to.have.members([...Object.keys(nouns), ...others]);
    for (const [name, noun] of Object.entries(nouns)) {
      const methods = contracts[name].transactions.map((transaction: { name: string }) => transaction.name);
      expect(methods.sort(), name).to.deep.equal(Object.keys(noun.commands).sort());
      for (const { parameters } of contracts[name].transactions) {
        expect(parameters).to.deep.equal([{ name: "input", description: "", schema: { type: "string" } }]);
      }
    }
  });

  it("read officers from their certificates as they are issued", async () => {
    const officer = await departments.issue("CivilMSP", ["steward", "node"], "client", "410007");
    const { certificateExpires, ...actor } = actorOf(officer);
    expect(actor).to.deep.equal({ department: "CivilMSP", officer: "410007", roles: ["steward", "node"] });
    expect(Date.parse(certificateExpires)).to.be.greaterThan(Date.now());
  });
});
